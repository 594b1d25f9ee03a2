package credential

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/machineid/terraform-provider-machineid/internal/service"
)

// Observed is what a refresh found of a rotating credential. A credential that the state does not hold was not looked for.
type Observed struct {
	Current, Previous Held
	// CurrentGone and PreviousGone are the system's words if one does not exist any more.
	CurrentGone, PreviousGone error
}

// Nothing tells that none of the credentials is left.
func (o Observed) Nothing() bool {
	return o.CurrentGone != nil && (o.PreviousGone != nil || !o.Previous.Exists())
}

// Apply puts what was found into a model. If the current credential is gone and the previous one lives, that is the current
// one again: it is the only one that works.
func (o Observed) Apply(model *Rotating, form Form) {
	current, previous := o.Current, o.Previous
	if o.CurrentGone != nil {
		current, previous = previous, Held{}
	}
	model.Current, model.Previous = form.Current(current), form.None()
	if previous.Exists() && o.PreviousGone == nil {
		model.Previous = form.Previous(previous)
	}
}

// Warnings tell what vanished. Object tells which credential an id is of.
func (o Observed) Warnings(noun string, object func(Held) string) diag.Diagnostics {
	var diags diag.Diagnostics
	if o.PreviousGone != nil {
		diags.Append(service.Vanished("Previous "+noun, object(o.Previous), o.PreviousGone))
	}
	switch {
	case o.CurrentGone == nil:
	case o.Nothing():
		diags.Append(service.Vanished(noun, object(o.Current), o.CurrentGone))
	default:
		diags.AddWarning(noun+" was deleted outside Terraform", fmt.Sprintf("%s no longer exists. The previous one, %s, does, and is the current one again.%s",
			object(o.Current), object(o.Previous), NotRetired(o.Previous)))
	}
	return diags
}

// NotRetired tells what to do where a previous credential is the current one again, and was meant to end.
func NotRetired(previous Held) string {
	if previous.RetiresAt.ValueString() == "" {
		return ""
	}
	return " It was to end at " + previous.RetiresAt.ValueString() + ", and does not any more: if it must, change rotate_when_changed."
}
