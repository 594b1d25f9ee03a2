package service

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// The values of deletion_policy, for objects and for the provider.
const (
	DeleteObject  = "delete"
	PreventDelete = "prevent"
	AbandonObject = "abandon"
)

// DeletionPolicy is the attribute of an object that says what a destroy does. What counts is the value in the state.
func DeletionPolicy() schema.StringAttribute {
	return schema.StringAttribute{
		Optional: true,
		MarkdownDescription: "What a destroy or a replacement does: `\"delete\"` deletes the object, `\"prevent\"` fails, `\"abandon\"` drops it from the state and leaves it in " +
			"the system. The value in the state counts: apply a change before the destroy that it is for. Default: the provider's `deletion_policy`.",
		Validators: []validator.String{stringvalidator.OneOf(DeleteObject, PreventDelete, AbandonObject)},
	}
}

// Abandons tells whether an object with that deletion_policy in its state is left in the system when it leaves the state.
func (g Guard) Abandons(policy types.String) bool {
	policy, _ = g.policy(policy)
	return policy.ValueString() == AbandonObject
}

// policy is the one that holds for an object, and where it stands.
func (g Guard) policy(state types.String) (policy types.String, source string) {
	if state.IsNull() {
		return g.Deletion, "the provider's deletion_policy"
	}
	return state, "its deletion_policy in the state"
}

// judgeEnd tells what deletion_policy says to a change that ends an object, and whether that is all there is to say.
func (g Guard) judgeEnd(threat Threat) (diags diag.Diagnostics, final bool) {
	if !threat.ends() {
		return nil, false
	}
	policy, source := g.policy(threat.Policy)
	switch policy.ValueString() {
	case PreventDelete:
		diags.Append(threat.at(diag.NewErrorDiagnostic(fmt.Sprintf("Refused to %s %s", threat.Operation, threat.Noun), fmt.Sprintf(
			"%s is kept, because %s is %q. It was not touched.\n\nTo end it, set deletion_policy = %q, apply that, and run again. "+
				"To drop it from the state and leave it in the system, do the same with %q. An object that is tainted or deposed keeps the policy that it has: "+
				"run terraform untaint first, or delete a deposed one in the system.",
			capitalize(threat.Object), source, PreventDelete, DeleteObject, AbandonObject))))
		return diags, true
	case AbandonObject:
		diags.AddWarning(threat.Noun+" is abandoned", fmt.Sprintf(
			"%s leaves the state and stays in the system as it is, because %s is %q. Nothing watches over it from then on: delete it there once it is not needed.",
			capitalize(threat.Object), source, AbandonObject))
		return diags, true
	}
	return nil, false
}

// ends tells whether a threat is to the object itself.
func (t Threat) ends() bool {
	return t.Operation == "delete" || t.Operation == "replace" || t.Operation == "rotate"
}
