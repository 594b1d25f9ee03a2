package credential

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/listplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Upkeep is the part of a credential's model that says how it is kept. It is known to the state alone. Embed it.
type Upkeep struct {
	RotateWhenChanged types.Map    `tfsdk:"rotate_when_changed"`
	RotateAfter       types.String `tfsdk:"rotate_after"`
	RotationJitter    types.String `tfsdk:"rotation_jitter"`
	RotationDueAt     types.String `tfsdk:"rotation_due_at"`
	OnDrift           types.String `tfsdk:"on_drift"`
	VerifyOnRefresh   types.Bool   `tfsdk:"verify_on_refresh"`
	EncryptTo         types.Set    `tfsdk:"encrypt_to"`
}

// The values of on_drift.
const (
	Repair = "repair"
	Warn   = "warn"
	Fail   = "error"
)

// WithUpkeep adds the attributes of [Upkeep] and [Sealed] to those of a credential.
func WithUpkeep(attributes map[string]schema.Attribute) map[string]schema.Attribute {
	attributes["encrypted_secret"] = schema.StringAttribute{
		Computed:            true,
		MarkdownDescription: encryptedSecret,
		PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
	}
	attributes["recipient_fingerprints"] = schema.ListAttribute{
		Computed:            true,
		ElementType:         types.StringType,
		MarkdownDescription: recipientFingerprints,
		PlanModifiers:       []planmodifier.List{listplanmodifier.UseStateForUnknown()},
	}
	return withUpkeep(attributes)
}

const (
	encryptedSecret       = "The secret, encrypted to `encrypt_to`: armored text, which `age -d` or `gpg -d` decrypts. Null without `encrypt_to`."
	recipientFingerprints = "Whom `encrypted_secret` is encrypted to: age recipients as they are, and the fingerprints of PGP keys."
)

// withUpkeep adds the attributes of [Upkeep].
func withUpkeep(attributes map[string]schema.Attribute) map[string]schema.Attribute {
	attributes["rotate_when_changed"] = RotateWhenChanged()
	attributes["rotate_after"] = schema.StringAttribute{
		Optional: true,
		MarkdownDescription: "Replaces the credential once it is this old, by the clock of the latest refresh: " + periodForm + ". " +
			"A changed value counts at once, so for a credential that exists it must be known at plan.",
		Validators: []validator.String{PeriodValidator()},
	}
	attributes["rotation_jitter"] = schema.StringAttribute{
		Optional: true,
		MarkdownDescription: "Brings the rotation forward by up to this much, so that credentials that were made together are not replaced together. How much follows " +
			"from the id. Written as `rotate_after` is, and shorter than it.",
		Validators: []validator.String{PeriodValidator(), ShorterThan("rotate_after")},
	}
	attributes["rotation_due_at"] = schema.StringAttribute{
		Computed:            true,
		MarkdownDescription: "When the credential is to be rotated (RFC 3339, UTC); null without `rotate_after`, or if it is not known when the credential was made.",
	}
	attributes["on_drift"] = OnDrift()
	attributes["verify_on_refresh"] = VerifyOnRefresh()
	attributes["encrypt_to"] = EncryptTo()
	return attributes
}

// OnDrift is the attribute that says what a plan does about what changed outside Terraform.
func OnDrift() schema.StringAttribute {
	return schema.StringAttribute{
		Optional: true,
		MarkdownDescription: "What a plan does about a credential that was deactivated or rotated outside Terraform, or whose secret is no longer accepted: " +
			"`\"repair\"` changes or replaces it, `\"warn\"` keeps it as it was found and warns, `\"error\"` fails the plan, but not one that removes it. " +
			"(`terraform destroy` plans what is there before it refreshes: use `-refresh=false` with `\"error\"`.) Default: `\"repair\"`.",
		Validators: []validator.String{stringvalidator.OneOf(Repair, Warn, Fail)},
	}
}

// VerifyOnRefresh is the attribute that has each refresh log in with the secret.
func VerifyOnRefresh() schema.BoolAttribute {
	return schema.BoolAttribute{
		Optional: true,
		MarkdownDescription: "Whether each refresh logs in with the secret, to find out that it is no longer accepted. It costs one login each time, and where the system " +
			"keeps the moment of the last use, it counts as one. Default: false.",
	}
}
