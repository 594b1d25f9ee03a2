package credential

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
)

// Rotating is the part of the model of a rotating credential that is the same on all systems: how it is kept, and the two
// credentials that it holds. Embed it.
type Rotating struct {
	Upkeep
	Overlap  types.String `tfsdk:"overlap"`
	Verify   types.Bool   `tfsdk:"verify"`
	Current  types.Object `tfsdk:"current"`
	Previous types.Object `tfsdk:"previous"`
}

// Held is one of the credentials that a rotating credential holds.
type Held struct {
	// ID is the credential's id.
	ID types.String
	// ClientID is what a login names, on systems where that is not the id.
	ClientID types.String
	// Secret is null for an imported credential, and where the secret is sealed.
	Secret types.String
	Sealed
	// Created is when its secret was made.
	Created types.String
	// RetiresAt is when it is revoked. The current credential has none.
	RetiresAt types.String
}

// Form is the shape of the two objects on one system.
type Form struct {
	// HasClientID tells that logins name something else than the id.
	HasClientID bool
}

func (f Form) types() (current, previous map[string]attr.Type) {
	current = map[string]attr.Type{
		"id": types.StringType, "secret": types.StringType, "created": types.StringType,
		"encrypted_secret": types.StringType, "recipient_fingerprints": types.ListType{ElemType: types.StringType},
	}
	if f.HasClientID {
		current["client_id"] = types.StringType
	}
	previous = maps.Clone(current)
	previous["retires_at"] = types.StringType
	return current, previous
}

// Current makes the object of the current credential.
func (f Form) Current(held Held) types.Object {
	kinds, _ := f.types()
	return f.object(kinds, held)
}

// Previous makes the object of the previous credential.
func (f Form) Previous(held Held) types.Object {
	_, kinds := f.types()
	return f.object(kinds, held)
}

// None is the previous credential where there is none.
func (f Form) None() types.Object {
	_, kinds := f.types()
	return types.ObjectNull(kinds)
}

// Unknown is a current credential that is yet to be made, with that upkeep. Only its parts are unknown: of an object that is
// unknown as a whole the CLI forgets which part is sensitive.
func (f Form) Unknown(upkeep Upkeep) types.Object {
	unknown := types.StringUnknown()
	secret, sealed := upkeep.PlanSecret()
	return f.Current(Held{ID: unknown, ClientID: unknown, Secret: secret, Sealed: sealed, Created: unknown})
}

// undecided is a previous credential of which it is not known whether there will be one: only an object that is unknown as a
// whole may become null.
func (f Form) undecided() types.Object {
	_, kinds := f.types()
	return types.ObjectUnknown(kinds)
}

// IsUnknown tells that a planned credential is yet to be made.
func IsUnknown(object types.Object) bool {
	return object.IsUnknown() || HeldIn(object).ID.IsUnknown()
}

func (f Form) object(kinds map[string]attr.Type, held Held) types.Object {
	if held.RecipientFingerprints.IsNull() {
		held.RecipientFingerprints = Unsealed().RecipientFingerprints // the zero value has no type
	}
	values := map[string]attr.Value{}
	for name, value := range map[string]attr.Value{
		"id": held.ID, "client_id": held.ClientID, "secret": held.Secret, "created": held.Created, "retires_at": held.RetiresAt,
		"encrypted_secret": held.EncryptedSecret, "recipient_fingerprints": held.RecipientFingerprints,
	} {
		if _, has := kinds[name]; has {
			values[name] = value
		}
	}
	return types.ObjectValueMust(kinds, values)
}

// HeldIn reads an object that a [Form] made. What is null or unknown holds nothing.
func HeldIn(object types.Object) Held {
	text := func(name string) types.String {
		value, ok := object.Attributes()[name].(basetypes.StringValue)
		if !ok {
			return types.StringNull()
		}
		return value
	}
	sealed := Sealed{EncryptedSecret: text("encrypted_secret"), RecipientFingerprints: Unsealed().RecipientFingerprints}
	if list, ok := object.Attributes()["recipient_fingerprints"].(basetypes.ListValue); ok {
		sealed.RecipientFingerprints = list
	}
	return Held{
		ID: text("id"), ClientID: text("client_id"), Secret: text("secret"), Sealed: sealed, Created: text("created"), RetiresAt: text("retires_at"),
	}
}

// Exists tells that there is a credential.
func (h Held) Exists() bool { return h.ID.ValueString() != "" }

// HasSecret tells that its secret is there, in one way or the other.
func (h Held) HasSecret() bool { return h.Holds(h.Secret) }

// SealHeld is a credential that was just made, as a state holds it.
func (u Upkeep) SealHeld(ctx context.Context, made Held) (held Held, diags diag.Diagnostics) {
	held = made
	held.Secret, held.Sealed, diags = u.Seal(ctx, made.Secret.ValueString())
	return held, diags
}

// SealRetiring is a credential that becomes the previous one: if the state holds its secret as it is, encrypted to the
// recipients that there are by now. One that cannot be encrypted is kept as it is, for somebody may need it.
func (u Upkeep) SealRetiring(ctx context.Context, retiring Held) (held Held, diags diag.Diagnostics) {
	if !u.seals(retiring) {
		return retiring, nil
	}
	if held, diags = u.SealHeld(ctx, retiring); diags.HasError() {
		return retiring, diags
	}
	return held, diags
}

// planRetiring is how [Upkeep.SealRetiring] is planned.
func (u Upkeep) planRetiring(retiring Held) Held {
	if u.seals(retiring) {
		retiring.Secret, retiring.Sealed = u.PlanSecret()
	}
	return retiring
}

// seals tells that a secret is to be encrypted that the state holds as it is.
func (u Upkeep) seals(held Held) bool {
	return !u.EncryptTo.IsNull() && held.Secret.ValueString() != ""
}

// WithRotating adds the attributes of [Rotating] to those of a rotating credential.
func WithRotating(attributes map[string]schema.Attribute, form Form) map[string]schema.Attribute {
	held := func(also map[string]schema.Attribute) map[string]schema.Attribute {
		maps.Copy(also, map[string]schema.Attribute{
			"id":                     schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the credential."},
			"secret":                 schema.StringAttribute{Computed: true, Sensitive: true, MarkdownDescription: "The secret. Null for an imported credential, because the system does not show it again."},
			"created":                schema.StringAttribute{Computed: true, MarkdownDescription: "When the secret was made (RFC 3339, UTC)."},
			"encrypted_secret":       schema.StringAttribute{Computed: true, MarkdownDescription: encryptedSecret},
			"recipient_fingerprints": schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: recipientFingerprints},
		})
		if form.HasClientID {
			also["client_id"] = schema.StringAttribute{Computed: true, MarkdownDescription: "Client id: what a login names."}
		}
		return also
	}
	attributes = withUpkeep(attributes)
	attributes["rotate_after"] = schema.StringAttribute{
		Optional: true,
		MarkdownDescription: "Rotates once the current credential is this old, by the clock of the latest refresh: " + periodForm + ". A changed value counts at once. " +
			"Without it, nothing rotates because of its age.",
		Validators: []validator.String{PeriodValidator()},
	}
	attributes["rotate_when_changed"] = schema.MapAttribute{
		Optional:    true,
		ElementType: types.StringType,
		MarkdownDescription: "Values of your choice; a change to any of them rotates with the next apply, and ends a previous credential that still lives. " +
			"Adding the map where there is none, or removing it, rotates nothing. Of a value that is unknown at plan, apply decides whether it is a change; " +
			"the plan shows both credentials as unknown.",
	}
	attributes["overlap"] = schema.StringAttribute{
		Required: true,
		MarkdownDescription: "How long the previous credential stays valid after a rotation, written as `rotate_after` is, and shorter than it. The first apply after that revokes it, unless the system has ended it by itself. " +
			"Choose it longer than consumers take to pick up the new one. A changed value counts from the next rotation on.",
		Validators: []validator.String{PeriodValidator(), ShorterThanIfSet("rotate_after")},
	}
	attributes["verify"] = schema.BoolAttribute{
		Optional:            true,
		MarkdownDescription: "Whether a new credential must prove, by a login, that it is accepted before it becomes the current one; it has 10 seconds. Default: true.",
	}
	attributes["current"] = schema.SingleNestedAttribute{
		Computed:            true,
		MarkdownDescription: "The credential to use.",
		Attributes:          held(map[string]schema.Attribute{}),
	}
	attributes["previous"] = schema.SingleNestedAttribute{
		Computed:            true,
		MarkdownDescription: "The credential before it, which is still accepted; null if there is none.",
		Attributes: held(map[string]schema.Attribute{
			"retires_at": schema.StringAttribute{Computed: true, MarkdownDescription: "Until when it is accepted (RFC 3339, UTC). The first apply from then on revokes it, or takes it out of the state if the system has ended it."},
		}),
	}
	return attributes
}

// verifies tells whether new credentials are to be proven.
func (r Rotating) verifies() bool { return r.Verify.IsNull() || r.Verify.ValueBool() }

// Prove logs in with a new credential until it is accepted, if the configuration wants that; see [Prove].
func (r Rotating) Prove(ctx context.Context, verify func(context.Context) (bool, error)) error {
	if !r.verifies() {
		return nil
	}
	return Prove(ctx, verify)
}
