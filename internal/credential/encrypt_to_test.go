package credential_test

import (
	"strings"
	"testing"

	"filippo.io/age"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/credential"
)

func recipient(t *testing.T) attr.Value {
	t.Helper()
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return types.StringValue(identity.Recipient().String())
}

func to(recipients ...attr.Value) types.Set { return types.SetValueMust(types.StringType, recipients) }

// TestOtherRecipients tells which changes of encrypt_to ask for a new credential.
func TestOtherRecipients(t *testing.T) {
	t.Parallel()
	none, unknown := types.SetNull(types.StringType), types.SetUnknown(types.StringType)
	one, two := recipient(t), recipient(t)
	tests := map[string]struct {
		state, plan types.Set
		noSecret    bool
		replaced    bool
	}{
		"none":                        {none, none, false, false},
		"they come":                   {none, to(one), false, true},
		"they may come":               {none, unknown, false, true},
		"they go":                     {to(one), none, false, true},
		"they stay":                   {to(one, two), to(two, one), false, false},
		"in other words":              {to(one), to(types.StringValue(" " + one.(types.String).ValueString() + "\n")), false, false},
		"one more":                    {to(one), to(one, two), false, true},
		"one less":                    {to(one, two), to(two), false, true},
		"another":                     {to(one), to(two), false, true},
		"one is not known":            {to(one, two), to(one, types.StringUnknown()), false, true},
		"none is known":               {to(one), unknown, false, true},
		"they come, without a secret": {none, to(one), true, false},
		"another, without a secret":   {to(one), to(two), true, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			state, plan := noUpkeep(), noUpkeep()
			state.EncryptTo, plan.EncryptTo = test.state, test.plan
			of := subject()
			of.NoSecret = test.noSecret
			decision := credential.Decide(state, plan, credential.Refresh{}, of, false)
			if replaced := len(decision.Replace) == 1 && decision.Replace[0].String() == "encrypt_to"; replaced != test.replaced {
				t.Errorf("it replaces %v", decision.Replace)
			}
			was, planned := holding(""), holding("")
			was.EncryptTo, planned.EncryptTo = test.state, test.plan
			step := credential.DecideStep(was, planned, credential.Refresh{At: after(1, 0)}, of)
			if open := strings.Contains(name, "known") || strings.Contains(name, "may"); step.Undecided != open || step.Rotate != (test.replaced && !open) {
				t.Errorf("rotates: %t, undecided: %t", step.Rotate, step.Undecided)
			}
		})
	}
}

// TestPlanSecret tells which of the two secrets a plan shows as yet to be made.
func TestPlanSecret(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		to            types.Set
		plain, sealed bool
	}{
		"in plain text": {types.SetNull(types.StringType), true, false},
		"encrypted":     {to(recipient(t)), false, true},
		"not known":     {types.SetUnknown(types.StringType), true, true},
	} {
		plain, sealed := credential.Upkeep{EncryptTo: test.to}.PlanSecret()
		if plain.IsUnknown() != test.plain || plain.IsNull() == test.plain || sealed.EncryptedSecret.IsUnknown() != test.sealed || sealed.RecipientFingerprints.IsNull() == test.sealed {
			t.Errorf("%s: plain %s, encrypted %s", name, plain, sealed.EncryptedSecret)
		}
	}
}

// TestSeal tells what a state holds of a new secret. One that cannot be encrypted is not held in plain text.
func TestSeal(t *testing.T) {
	t.Parallel()
	upkeep := noUpkeep()
	if plain, sealed, diags := upkeep.Seal(t.Context(), "s3cret"); plain != text("s3cret") || !sealed.EncryptedSecret.IsNull() || len(diags) > 0 {
		t.Errorf("in plain text: %v, %v", sealed, diags)
	}
	upkeep.EncryptTo = to(recipient(t))
	if plain, sealed, diags := upkeep.Seal(t.Context(), "s3cret"); !plain.IsNull() || !strings.Contains(sealed.EncryptedSecret.ValueString(), "BEGIN AGE") || len(diags) > 0 {
		t.Errorf("encrypted: %v, %v", sealed, diags)
	}
	if plain, sealed, diags := upkeep.Seal(t.Context(), ""); !plain.IsNull() || !sealed.EncryptedSecret.IsNull() || len(diags) > 0 {
		t.Errorf("of no secret: %v, %v", sealed, diags)
	}
	upkeep.EncryptTo = to(types.StringValue("nobody"))
	if plain, sealed, diags := upkeep.Seal(t.Context(), "s3cret"); sealed.Holds(plain) || !diags.HasError() || strings.Contains(diags[0].Detail(), "s3cret") {
		t.Errorf("to nobody: %v, %v", sealed, diags)
	}
	if !upkeep.CheckRecipients().HasError() {
		t.Error("nobody passes the check")
	}
}

func noUpkeep() credential.Upkeep {
	return credential.Upkeep{RotateWhenChanged: types.MapNull(types.StringType), EncryptTo: types.SetNull(types.StringType)}
}
