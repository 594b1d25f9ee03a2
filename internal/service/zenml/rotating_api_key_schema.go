package zenml

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/machineid/terraform-provider-machineid/internal/credential"
	"github.com/machineid/terraform-provider-machineid/internal/service"
)

func (r *rotatingAPIKeyResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "An API key of a ZenML service account that is rotated with an overlap. The server rotates in place: the key keeps its id and its name and gets a new value, " +
			"and the value before it is accepted until the overlap is over, so that consumers can move from one to the other.",
		Attributes: credential.WithRotating(map[string]schema.Attribute{
			"service_account_id": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "UUID of the service account that the key belongs to. A change replaces the key, with both values.",
				Validators:          uuidValidators(),
			},
			"name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Name, unique within the service account; 1 to 255 characters, and not of the form of a UUID. Changed in place.",
				Validators:          nameValidators(),
			},
			"description": schema.StringAttribute{
				Optional:            true,
				Computed:            true,
				Default:             stringdefault.StaticString(""),
				MarkdownDescription: "Description, at most 65535 characters; changed in place. Default: empty.",
				Validators:          []validator.String{stringvalidator.UTF8LengthAtMost(maxDescription)},
			},
			"active": schema.BoolAttribute{
				Computed:            true,
				MarkdownDescription: "Whether the key is accepted. A key that was deactivated outside Terraform is activated, unless `on_drift` says otherwise.",
			},
			"deletion_policy": service.DeletionPolicy(),
		}, valueForm),
	}
}

func (r *rotatingAPIKeyResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = keyIdentitySchema()
}
