package credential

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/service"
)

// Sealed is how a state holds a secret that only its recipients can read. Embed it beside [Upkeep].
type Sealed struct {
	EncryptedSecret       types.String `tfsdk:"encrypted_secret"`
	RecipientFingerprints types.List   `tfsdk:"recipient_fingerprints"`
}

// Unsealed is [Sealed] where nothing is.
func Unsealed() Sealed {
	return Sealed{EncryptedSecret: types.StringNull(), RecipientFingerprints: types.ListNull(types.StringType)}
}

// PlanSecret is how a secret that is yet to be made is planned: of the plain and the encrypted one, only one will be.
func (u Upkeep) PlanSecret() (plain types.String, sealed Sealed) {
	unknown := Sealed{EncryptedSecret: types.StringUnknown(), RecipientFingerprints: types.ListUnknown(types.StringType)}
	switch {
	case u.EncryptTo.IsUnknown():
		return types.StringUnknown(), unknown
	case u.EncryptTo.IsNull():
		return types.StringUnknown(), Unsealed()
	}
	return types.StringNull(), unknown
}

// Seal is how a state holds a new secret: as it is, or encrypted to the recipients. One that cannot be encrypted is not held at
// all, and an error: see [Upkeep.CheckRecipients].
func (u Upkeep) Seal(ctx context.Context, secret string) (plain types.String, sealed Sealed, diags diag.Diagnostics) {
	if u.EncryptTo.IsNull() || secret == "" {
		return service.TextOrNull(secret), Unsealed(), nil
	}
	recipients, err := parseRecipients(u.EncryptTo)
	var text string
	if err == nil {
		text, err = recipients.Seal(secret)
	}
	if err != nil {
		diags.AddAttributeError(path.Root("encrypt_to"), "Secret could not be encrypted",
			"The credential was made, and its secret is not kept, because it cannot be encrypted: "+err.Error()+". Replace the credential with recipients that are valid.")
		return types.StringNull(), Unsealed(), diags
	}
	fingerprints, diags := types.ListValueFrom(ctx, types.StringType, recipients.Fingerprints())
	return types.StringNull(), Sealed{EncryptedSecret: types.StringValue(text), RecipientFingerprints: fingerprints}, diags
}

// Holds tells that a state holds a secret, in one way or the other.
func (s Sealed) Holds(plain types.String) bool {
	return !plain.IsNull() || !s.EncryptedSecret.IsNull()
}

// PlanNew plans the secret of a credential that is yet to be made, and refuses recipients to whom it could not be encrypted.
// Secret is the attribute with the plain one.
func PlanNew(ctx context.Context, plan *tfsdk.Plan, secret path.Path) diag.Diagnostics {
	upkeep, diags := plannedUpkeep(ctx, plan)
	plain, sealed := upkeep.PlanSecret()
	diags.Append(plan.SetAttribute(ctx, secret, plain)...)
	diags.Append(plan.SetAttribute(ctx, path.Root("encrypted_secret"), sealed.EncryptedSecret)...)
	return append(diags, plan.SetAttribute(ctx, path.Root("recipient_fingerprints"), sealed.RecipientFingerprints)...)
}

// PlanNewRotating is [PlanNew] of a rotating credential.
func PlanNewRotating(ctx context.Context, plan *tfsdk.Plan, form Form) diag.Diagnostics {
	upkeep, diags := plannedUpkeep(ctx, plan)
	diags.Append(plan.SetAttribute(ctx, path.Root("current"), form.Unknown(upkeep))...)
	return append(diags, plan.SetAttribute(ctx, path.Root("previous"), form.None())...)
}

// plannedUpkeep is what a plan says of the recipients, which must be usable.
func plannedUpkeep(ctx context.Context, plan *tfsdk.Plan) (Upkeep, diag.Diagnostics) {
	var upkeep Upkeep
	diags := plan.GetAttribute(ctx, path.Root("encrypt_to"), &upkeep.EncryptTo)
	return upkeep, append(diags, upkeep.CheckRecipients()...)
}
