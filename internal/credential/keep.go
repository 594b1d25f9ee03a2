package credential

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// KeepIfUsedWithin is the attribute that keeps a credential from being deleted while somebody uses it.
func KeepIfUsedWithin() schema.StringAttribute {
	return schema.StringAttribute{
		Optional: true,
		MarkdownDescription: "Stops the deletion of a credential that was used within this period before it, and says when that was: " + periodForm + ". The value in the state counts. " +
			"Together with a rotation it needs `create_before_destroy`: the old credential stays deposed, and each apply tries again until it is idle. " +
			"Not together with `verify_on_refresh`, which is a use.",
		Validators: []validator.String{PeriodValidator(), withoutVerification{}},
	}
}

type withoutVerification struct{}

// Description implements validator.Describer.
func (withoutVerification) Description(context.Context) string {
	return "must not stand beside verify_on_refresh = true"
}

// MarkdownDescription implements validator.Describer.
func (v withoutVerification) MarkdownDescription(ctx context.Context) string {
	return v.Description(ctx)
}

// ValidateString implements validator.String.
func (withoutVerification) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	var verifies types.Bool
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, req.Path.ParentPath().AtName("verify_on_refresh"), &verifies)...)
	if req.ConfigValue.IsNull() || !verifies.ValueBool() {
		return
	}
	resp.Diagnostics.AddAttributeError(req.Path, "Two settings that exclude each other",
		"Each refresh with verify_on_refresh is a use of the credential, so that it would never be idle for keep_if_used_within. Keep one of the two.")
}

// RefuseUsed refuses to delete a credential that was used within the period of its state. A last use that the system does not
// tell is nil; that of a credential that was never used is zero.
func RefuseUsed(keep types.String, noun, object string, lastUse *time.Time, now time.Time) diag.Diagnostics {
	period, err := ParsePeriod(keep.ValueString())
	if keep.IsNull() || err != nil {
		return nil
	}
	next := "Move whatever uses it to another credential, and run again once it is idle. In a rotation this needs create_before_destroy: the new credential " +
		"is there already, and each apply tries again. To delete it all the same, take keep_if_used_within away and apply that first; one that is deposed or tainted keeps " +
		"its period: delete it in the system, and run again."
	switch {
	case lastUse == nil:
		return refusedUsed(noun, fmt.Sprintf("The system does not tell when the %s was last used, and keep_if_used_within is %q.\n\n%s", object, keep.ValueString(), next))
	case lastUse.IsZero() || now.Sub(*lastUse) >= period:
		return nil
	}
	return refusedUsed(noun, fmt.Sprintf("The %s was last used at %s, %s ago, and keep_if_used_within is %q. It was not deleted.\n\n%s",
		object, lastUse.UTC().Format(time.RFC3339), max(0, now.Sub(*lastUse)).Round(time.Second), keep.ValueString(), next))
}

func refusedUsed(noun, detail string) diag.Diagnostics {
	return diag.Diagnostics{diag.NewErrorDiagnostic(noun+" is still in use", detail)}
}
