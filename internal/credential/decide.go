package credential

import (
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Subject is the credential that a plan is about, as a decision needs it.
type Subject struct {
	// Noun is what kind of credential it is, for example "ZenML API key".
	Noun string
	// Object tells which one.
	Object string
	// Owner tells whose it is.
	Owner string
	// ID spreads the moments of rotation.
	ID string
	// Issued is when its secret was made; zero if that is not known.
	Issued time.Time
	// Secret is the attribute with the secret.
	Secret path.Path
	// NoSecret tells that the state holds none, so that it does not matter to whom one would be encrypted.
	NoSecret bool
}

// Decision is what a plan does with an existing credential.
type Decision struct {
	// DueAt is the planned rotation_due_at of a credential that stays.
	DueAt types.String
	// Replace names the attributes that ask for a new credential.
	Replace path.Paths
	// Keep tells that what was found is to stay as it was found.
	Keep bool
	// Diagnostics tell why.
	Diagnostics diag.Diagnostics
}

// DueAt is when a credential with that upkeep is due for rotation; unknown as long as a period is.
func (u Upkeep) DueAt(of Subject) types.String {
	return plannedDue(of.Issued, u.RotateAfter, u.RotationJitter, of.ID)
}

// Decide tells what a plan does with a credential, from what the state holds, what is planned, what the latest refresh found,
// and whether something else in the plan replaces it already.
func Decide(state, plan Upkeep, refresh Refresh, of Subject, replaced bool) Decision {
	decision := Decision{DueAt: plan.DueAt(of)}
	requested := RotationRequested(state.RotateWhenChanged, plan.RotateWhenChanged)
	if requested {
		decision.Replace.Append(path.Root("rotate_when_changed"))
	}
	if state.recipientsChange(plan) && !of.NoSecret {
		requested = true
		decision.Replace.Append(path.Root("encrypt_to"))
	}
	due := refresh.due(decision.DueAt)
	if due {
		decision.Replace.Append(path.Root("rotation_due_at"))
		decision.Diagnostics.AddWarning(of.Noun+" is due for rotation", fmt.Sprintf(
			"The %s was issued at %s, and rotate_after is %q: it was due at %s. The plan replaces it.",
			of.Object, of.Issued.UTC().Format(time.RFC3339), plan.RotateAfter.ValueString(), decision.DueAt.ValueString()))
	}
	// What is only due is no decision of anybody's: an on_drift of "error" holds all the same, but one of "warn" keeps nothing.
	decision.react(plan.OnDrift, refresh.Found, of, replaced || requested || due && plan.OnDrift.ValueString() != Fail)
	if !replaced && len(decision.Replace) == 0 {
		decision.Diagnostics.Append(plan.refuseUnknownPeriods(of)...)
	}
	return decision
}

// refuseUnknownPeriods refuses periods that are not known at plan: the CLI does not let an apply replace what the plan has kept.
func (u Upkeep) refuseUnknownPeriods(of Subject) (diags diag.Diagnostics) {
	for _, period := range []struct {
		name  string
		value types.String
	}{{"rotate_after", u.RotateAfter}, {"rotation_jitter", u.RotationJitter}} {
		if period.value.IsUnknown() {
			diags.AddAttributeError(path.Root(period.name), "Value is not known at plan", fmt.Sprintf(
				"Whether the %s is to be replaced now depends on %s.%s", of.Object, period.name, knownBefore))
		}
	}
	return diags
}

// knownBefore tells what to do about a value that a plan needs.
const knownBefore = " It is not known until apply. Give it a value that is known at plan, or apply first what it comes from (-target)."

// react adds to a decision what follows from a finding.
func (d *Decision) react(onDrift types.String, found Finding, of Subject, replaced bool) {
	what, told := findings[found]
	if !told {
		return
	}
	attribute, repairs := of.Secret, found != OwnerDeactivated
	if found == Deactivated {
		attribute = path.Root("active")
	}
	summary := of.Noun + " " + what.summary
	detail := fmt.Sprintf(what.detail, of.Object, of.Owner)
	switch {
	case onDrift.IsUnknown():
		d.Diagnostics.AddAttributeError(path.Root("on_drift"), summary, detail+"\n\nWhat follows depends on on_drift."+knownBefore)
	case replaced && repairs:
		d.Diagnostics.AddWarning(summary, detail+" The plan replaces it.")
	case onDrift.ValueString() == Fail:
		d.Diagnostics.AddAttributeError(attribute, summary, detail+"\n\non_drift is \"error\". "+what.advice+
			" Or set on_drift to \"repair\" or \"warn\".")
	case replaced && onDrift.ValueString() != Fail: // a new one is refused just as well
		d.Diagnostics.AddAttributeWarning(attribute, summary, detail+" The plan replaces it all the same. "+what.advice)
	case onDrift.ValueString() == Warn || !repairs:
		d.Keep = true
		d.Diagnostics.AddAttributeWarning(attribute, summary, strings.TrimSpace(detail+" The plan keeps it as it is. "+what.advice))
	case found == Deactivated:
		d.Diagnostics.AddAttributeWarning(attribute, summary, detail+" The plan activates it.")
	default:
		d.Replace.Append(of.Secret)
		d.Diagnostics.AddAttributeWarning(of.Secret, summary, detail+" The plan replaces it.")
	}
}

// findings tells each finding in words: the first %s is the credential, the second its owner.
var findings = map[Finding]struct{ summary, detail, advice string }{
	Deactivated: {
		"was deactivated outside Terraform",
		"The %[1]s was active, and was found deactivated.",
		"Find out who deactivated it, and why.",
	},
	RotatedElsewhere: {
		"was rotated outside Terraform",
		"The %[1]s was rotated after its value was put into the state. The value in the state is no longer the key " +
			"(it may still be accepted until the retain period of that rotation ends). Whoever rotated it holds a value that a replacement makes invalid.",
		"Find out who rotated it; rotate_when_changed replaces it.",
	},
	Refused: {
		"is no longer accepted",
		"The system refused a login with the secret of the %[1]s that is in the state.",
		"Whatever uses the secret is refused, too; rotate_when_changed replaces it.",
	},
	OwnerDeactivated: {
		"belongs to a deactivated service account",
		"The %[2]s, to which the %[1]s belongs, is deactivated, so that none of its credentials is accepted. A new one would not be, either.",
		"Activate the service account.",
	},
}
