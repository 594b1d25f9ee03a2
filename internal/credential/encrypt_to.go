package credential

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/seal"
)

// EncryptTo is the attribute that keeps secrets out of the state: only its recipients can read them.
func EncryptTo() schema.SetAttribute {
	return schema.SetAttribute{
		Optional:    true,
		ElementType: types.StringType,
		MarkdownDescription: "Who can read the secret: age recipients (`age1…`), or armored PGP public keys, not both. The secret is encrypted to all of them before it is stored, " +
			"and its plain attribute is null. Whom it is encrypted to cannot be changed later: other recipients, or adding or removing the attribute, make a new credential, " +
			"unless there is no secret in the state. Not together with `verify_on_refresh`, which needs the secret.",
		Validators: []validator.Set{setvalidator.SizeAtLeast(1), recipientsValidator{}},
	}
}

type recipientsValidator struct{}

// Description implements validator.Describer.
func (recipientsValidator) Description(context.Context) string {
	return "must be age recipients or armored PGP public keys"
}

// MarkdownDescription implements validator.Describer.
func (v recipientsValidator) MarkdownDescription(ctx context.Context) string {
	return v.Description(ctx)
}

// ValidateSet implements validator.Set.
func (recipientsValidator) ValidateSet(ctx context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	if req.ConfigValue.IsNull() {
		return
	}
	var verifies types.Bool
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, req.Path.ParentPath().AtName("verify_on_refresh"), &verifies)...)
	if verifies.ValueBool() {
		resp.Diagnostics.AddAttributeError(req.Path, "Two settings that exclude each other",
			"verify_on_refresh logs in with the secret that is in the state, and with encrypt_to there is none that the provider could read. Keep one of the two.")
	}
	if slices.ContainsFunc(req.ConfigValue.Elements(), func(element attr.Value) bool { return element.IsNull() }) {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid recipient", "One of the recipients is null. Leave it out.")
	}
	if _, err := parseRecipients(req.ConfigValue); err != nil {
		// Without the attribute's path, for which the CLI would show the lines of the configuration: it may be a private key.
		resp.Diagnostics.AddError("Invalid recipient in encrypt_to", "A secret cannot be encrypted to what is given in encrypt_to: "+err.Error()+".")
	}
}

// parseRecipients reads the recipients that are known.
func parseRecipients(set types.Set) (*seal.Recipients, error) {
	var known []string
	for _, element := range set.Elements() {
		if text, ok := element.(types.String); ok && !text.IsUnknown() && !text.IsNull() {
			known = append(known, text.ValueString())
		}
	}
	return seal.Parse(known)
}

// isWhollyKnown tells that a set is, with all that is in it.
func isWhollyKnown(set types.Set) bool {
	return !set.IsUnknown() && !slices.ContainsFunc(set.Elements(), func(element attr.Value) bool { return element.IsUnknown() })
}

// recipientsChange tells whether a plan has other recipients than the state; what is not known may be. The same recipients in
// other words, as a PGP key that was exported again, are no change.
func (u Upkeep) recipientsChange(plan Upkeep) bool {
	if u.EncryptTo.IsNull() || plan.EncryptTo.IsNull() {
		return u.EncryptTo.IsNull() != plan.EncryptTo.IsNull()
	}
	if !isWhollyKnown(plan.EncryptTo) {
		return true
	}
	before, beforeErr := parseRecipients(u.EncryptTo)
	after, afterErr := parseRecipients(plan.EncryptTo)
	return beforeErr != nil || afterErr != nil || !slices.Equal(before.Fingerprints(), after.Fingerprints())
}

// CheckRecipients tells whether a secret that is yet to be made could be encrypted: a PGP key may have expired.
func (u Upkeep) CheckRecipients() (diags diag.Diagnostics) {
	if u.EncryptTo.IsNull() || !isWhollyKnown(u.EncryptTo) {
		return nil
	}
	recipients, err := parseRecipients(u.EncryptTo)
	if err == nil {
		err = recipients.Check()
	}
	if err != nil {
		diags.AddAttributeError(path.Root("encrypt_to"), "Unusable recipient",
			"A new secret could not be encrypted, so none is made: "+err.Error()+". Give recipients that are valid now.")
	}
	return diags
}
