package zenml

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/machineid/terraform-provider-machineid/internal/credential"
	"github.com/machineid/terraform-provider-machineid/internal/service"
)

func (r *apiKeyResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	keep := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	resp.Schema = schema.Schema{
		MarkdownDescription: "An API key of a ZenML service account. The server shows the key once, at creation; this resource keeps it in state. " +
			"Name, description and `active` are changed in place without touching the key. A key that was rotated outside Terraform no longer " +
			"matches the state, so the plan replaces it and says why.",
		Attributes: credential.WithUpkeep(map[string]schema.Attribute{
			"service_account_id": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "UUID of the service account that the key belongs to. A change replaces the key.",
				Validators:          uuidValidators(),
			},
			"id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "UUID of the key.",
				PlanModifiers:       keep,
			},
			"name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Name, unique within the service account; 1 to 255 characters, and not of the form of a UUID.",
				Validators:          nameValidators(),
			},
			"description": schema.StringAttribute{
				Optional:            true,
				Computed:            true,
				Default:             stringdefault.StaticString(""),
				MarkdownDescription: "Description, at most 65535 characters. Default: empty.",
				Validators:          []validator.String{stringvalidator.UTF8LengthAtMost(maxDescription)},
			},
			"active": schema.BoolAttribute{
				Optional:            true,
				Computed:            true,
				Default:             booldefault.StaticBool(true),
				MarkdownDescription: "Whether the key is accepted. Setting it to false refuses the key, and tokens made with it, at once. Default: true.",
			},
			"created": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Moment of creation (RFC 3339, UTC).",
				PlanModifiers:       keep,
			},
			"last_rotated": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Moment of the latest rotation in place (RFC 3339, UTC); null if there was none. This resource rotates by replacement, so a value here tells of a rotation elsewhere, or that the key was adopted.",
				PlanModifiers:       keep,
			},
			"key": schema.StringAttribute{
				Computed:            true,
				Sensitive:           true,
				MarkdownDescription: "The key itself (`ZENKEY_...`), the secret. Null for an imported key, because the server does not show it again.",
				PlanModifiers:       keep,
			},
			"deletion_policy":     service.DeletionPolicy(),
			"keep_if_used_within": credential.KeepIfUsedWithin(),
		}),
	}
}

func (r *apiKeyResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = keyIdentitySchema()
}
