package service

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Guard judges changes that end something: deletion_policy may forbid them, and the provider must not cut off its own way
// in, unless allow_self_lockout says that it may. A wing knows what its way in depends on; what follows from that is decided
// and told here, for all systems alike.
type Guard struct {
	// Allow is the provider's allow_self_lockout.
	Allow types.Bool
	// Deletion is the provider's deletion_policy. Like Allow it may be unknown at plan.
	Deletion types.String
	// Advice is the wing's next step after a failed request, "" where the usual one for the status will do.
	Advice func(error) string
}

// Moment is when a change is judged.
type Moment int

const (
	// AtPlan is the judgement that an operator sees before anything happens.
	AtPlan Moment = iota
	// AtApply is the judgement right before the request: a plan does not see everything.
	AtApply
)

// Threat is a change to an object, which may be one that the provider's own way in depends on.
type Threat struct {
	// Moment is when the change is judged.
	Moment Moment
	// Operation is what the change does, for example "delete", or "switch off Basic auth of".
	Operation string
	// Noun is what kind of object it concerns, for example "ZenML API key".
	Noun string
	// Object tells which one.
	Object string
	// Attribute is the one that asks for the change; empty if none does, as with a deletion.
	Attribute path.Path
	// Policy is the object's deletion_policy in the state.
	Policy types.String
	// Effect is what the change would do to the provider, for example "end every login with it".
	Effect string
}

// Judge refuses a change that deletion_policy forbids, or one to what the provider's own way in depends on. Own finds that out: it returns a sentence on how
// the way in depends on the object, or "" if it does not. It is asked only if the answer matters, because it may need a
// request; if it fails, the change is refused, for it may be the very one.
func (g Guard) Judge(threat Threat, own func() (how string, err error)) diag.Diagnostics {
	if diags, final := g.judgeEnd(threat); final {
		return diags
	}
	if !g.refuses(threat.Moment) {
		return nil
	}
	how, err := own()
	switch {
	case err != nil:
		return diag.Diagnostics{threat.at(g.unclear(threat, err))}
	case how != "":
		return diag.Diagnostics{threat.at(threat.refusal(how))}
	}
	return nil
}

// refuses tells whether a lockout is refused at a moment. A setting that is unknown at plan is known at apply, and
// judged there.
func (g Guard) refuses(moment Moment) bool {
	if g.Allow.IsUnknown() {
		return moment == AtApply
	}
	return !g.Allow.ValueBool()
}

func (t Threat) refusal(how string) diag.Diagnostic {
	return diag.NewErrorDiagnostic(fmt.Sprintf("Refused to %s the provider's own %s", t.Operation, t.Noun),
		fmt.Sprintf("%s. %s\n\nThis change would %s. Nothing was changed.\n\nEither give the provider another way in, one that does not depend on this object, "+
			"and run again. Or, if the provider is meant to lock itself out, set allow_self_lockout = true in the provider configuration for this apply.",
			capitalize(t.Object), how, t.Effect))
}

// unclear is the refusal of a change of which nobody could tell whether it concerns the provider itself.
func (g Guard) unclear(threat Threat, err error) diag.Diagnostic {
	failure := Failure{Operation: "tell whether this is the provider's own", Noun: threat.Noun, Object: threat.Object, Err: err}
	if g.Advice != nil {
		failure.Next = g.Advice(err)
	}
	asked := failure.Diagnostic()
	return diag.NewErrorDiagnostic(asked.Summary(), asked.Detail()+
		"\n\nNothing was changed, because the object may be the provider's own. To change it without asking, set allow_self_lockout = true in the provider "+
		"configuration for this apply.")
}

// at places a diagnostic at the attribute that asks for the change.
func (t Threat) at(told diag.Diagnostic) diag.Diagnostic {
	if len(t.Attribute.Steps()) == 0 {
		return told
	}
	return diag.WithPath(t.Attribute, told)
}

// Replacement tells a replacement in the words of a [Threat]: what it does, and the first of the attributes that require
// it.
func Replacement(required path.Paths) (operation string, attribute path.Path) {
	if required[0].Equal(path.Root("rotate_when_changed")) || required[0].Equal(path.Root("rotation_due_at")) {
		return "rotate", required[0]
	}
	return "replace", required[0]
}
