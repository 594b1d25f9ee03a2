package credential_test

import (
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/credential"
)

var issued = time.Date(2026, 1, 1, 10, 0, 30, 0, time.UTC)

// after is that long after the credential was issued.
func after(days int, more time.Duration) time.Time {
	return issued.Add(time.Duration(days)*24*time.Hour + more)
}

func quarter(number string) types.Map {
	return types.MapValueMust(types.StringType, map[string]attr.Value{"quarter": types.StringValue(number)})
}

func subject() credential.Subject {
	return credential.Subject{
		Noun: "Key", Object: "key 7", Owner: "service account ci", ID: "7", Issued: issued, Secret: path.Root("secret"),
	}
}

// summaries are those of diagnostics, with their severity.
func summaries(diags diag.Diagnostics) string {
	texts := make([]string, len(diags))
	for i, told := range diags {
		texts[i] = told.Severity().String() + ": " + told.Summary()
	}
	return strings.Join(texts, "\n")
}

func TestDecide(t *testing.T) {
	t.Parallel()
	ninety := credential.Upkeep{RotateAfter: types.StringValue("90d")}
	with := func(change func(*credential.Upkeep)) credential.Upkeep {
		upkeep := ninety
		change(&upkeep)
		return upkeep
	}
	onDrift := func(value string) credential.Upkeep {
		return credential.Upkeep{OnDrift: types.StringValue(value)}
	}
	const dueAt = "2026-04-01T10:00:00Z"
	tests := map[string]struct {
		state, plan credential.Upkeep
		refreshed   time.Time
		found       credential.Finding
		replaced    bool
		due         string
		replace     string
		keep        bool
		told        string
	}{
		"no period":                      {refreshed: after(9999, 0)},
		"not due":                        {plan: ninety, refreshed: after(89, 0), due: dueAt},
		"due to the minute":              {plan: ninety, refreshed: after(90, -30*time.Second), due: dueAt, replace: "rotation_due_at", told: "Warning: Key is due for rotation"},
		"a second before":                {plan: ninety, refreshed: after(90, -31*time.Second), due: dueAt},
		"never refreshed":                {plan: ninety, due: dueAt},
		"the configured period counts":   {state: ninety, plan: with(func(u *credential.Upkeep) { u.RotateAfter = types.StringValue("10d") }), refreshed: after(11, 0), due: "2026-01-11T10:00:00Z", replace: "rotation_due_at", told: "Warning: Key is due for rotation"},
		"a longer one, too":              {state: ninety, plan: with(func(u *credential.Upkeep) { u.RotateAfter = types.StringValue("100d") }), refreshed: after(95, 0), due: "2026-04-11T10:00:00Z"},
		"a period that is not known":     {state: ninety, plan: with(func(u *credential.Upkeep) { u.RotateAfter = types.StringUnknown() }), refreshed: after(1, 0), due: "<unknown>", told: "Error: Value is not known at plan"},
		"a jitter that is not known":     {state: ninety, plan: with(func(u *credential.Upkeep) { u.RotationJitter = types.StringUnknown() }), refreshed: after(1, 0), due: "<unknown>", told: "Error: Value is not known at plan"},
		"unknown, and replaced anyway":   {state: ninety, plan: with(func(u *credential.Upkeep) { u.RotateAfter = types.StringUnknown() }), replaced: true, due: "<unknown>"},
		"an on_drift that is not known":  {plan: credential.Upkeep{OnDrift: types.StringUnknown()}},
		"found, and it is not known":     {plan: credential.Upkeep{OnDrift: types.StringUnknown()}, found: credential.Refused, told: "Error: Key is no longer accepted"},
		"asked for":                      {state: credential.Upkeep{RotateWhenChanged: quarter("1")}, plan: credential.Upkeep{RotateWhenChanged: quarter("2")}, replace: "rotate_when_changed"},
		"asked for and due":              {state: with(func(u *credential.Upkeep) { u.RotateWhenChanged = quarter("1") }), plan: with(func(u *credential.Upkeep) { u.RotateWhenChanged = quarter("2") }), refreshed: after(91, 0), due: dueAt, replace: "rotate_when_changed, rotation_due_at", told: "Warning: Key is due for rotation"},
		"refused":                        {found: credential.Refused, replace: "secret", told: "Warning: Key is no longer accepted"},
		"refused, repair":                {plan: onDrift("repair"), found: credential.Refused, replace: "secret", told: "Warning: Key is no longer accepted"},
		"refused, warn":                  {plan: onDrift("warn"), found: credential.Refused, keep: true, told: "Warning: Key is no longer accepted"},
		"refused, error":                 {plan: onDrift("error"), found: credential.Refused, told: "Error: Key is no longer accepted"},
		"refused, and replaced anyway":   {plan: onDrift("error"), found: credential.Refused, replaced: true, told: "Warning: Key is no longer accepted"},
		"refused, error, and due":        {plan: with(func(u *credential.Upkeep) { u.OnDrift = types.StringValue("error") }), refreshed: after(91, 0), found: credential.Refused, due: dueAt, replace: "rotation_due_at", told: "Warning: Key is due for rotation\nError: Key is no longer accepted"},
		"refused, warn, and due":         {plan: with(func(u *credential.Upkeep) { u.OnDrift = types.StringValue("warn") }), refreshed: after(91, 0), found: credential.Refused, due: dueAt, replace: "rotation_due_at", told: "Warning: Key is due for rotation\nWarning: Key is no longer accepted"},
		"rotated elsewhere":              {found: credential.RotatedElsewhere, replace: "secret", told: "Warning: Key was rotated outside Terraform"},
		"rotated elsewhere, warn":        {plan: onDrift("warn"), found: credential.RotatedElsewhere, keep: true, told: "Warning: Key was rotated outside Terraform"},
		"deactivated":                    {found: credential.Deactivated, told: "Warning: Key was deactivated outside Terraform"},
		"deactivated, warn":              {plan: onDrift("warn"), found: credential.Deactivated, keep: true, told: "Warning: Key was deactivated outside Terraform"},
		"deactivated, error":             {plan: onDrift("error"), found: credential.Deactivated, told: "Error: Key was deactivated outside Terraform"},
		"owner deactivated":              {found: credential.OwnerDeactivated, keep: true, told: "Warning: Key belongs to a deactivated service account"},
		"owner deactivated, and due":     {plan: ninety, refreshed: after(91, 0), found: credential.OwnerDeactivated, due: dueAt, keep: true, told: "Warning: Key belongs to a deactivated service account"},
		"owner deactivated, error":       {plan: onDrift("error"), found: credential.OwnerDeactivated, told: "Error: Key belongs to a deactivated service account"},
		"owner deactivated, replaced":    {found: credential.OwnerDeactivated, replaced: true, told: "Warning: Key belongs to a deactivated service account"},
		"something that nobody knows of": {found: "odd"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if test.state.RotateWhenChanged.IsNull() {
				test.state.RotateWhenChanged = types.MapNull(types.StringType)
			}
			got := credential.Decide(test.state, test.plan, credential.Refresh{At: test.refreshed, Found: test.found}, subject(), test.replaced)
			due := got.DueAt.ValueString()
			if got.DueAt.IsUnknown() {
				due = "<unknown>"
			}
			var replace []string
			for _, at := range got.Replace {
				replace = append(replace, at.String())
			}
			if due != test.due || strings.Join(replace, ", ") != test.replace || got.Keep != test.keep || summaries(got.Diagnostics) != test.told {
				t.Errorf("due at %q, replaces %q, keeps %t, tells\n%s", due, replace, got.Keep, summaries(got.Diagnostics))
			}
			for _, told := range got.Diagnostics {
				if strings.Contains(told.Detail(), "%!") || !strings.Contains(told.Detail(), "key 7") {
					t.Errorf("the detail is %q", told.Detail())
				}
			}
		})
	}
}

func TestOfWhatIsNotKnownNothingIsDue(t *testing.T) {
	t.Parallel()
	of := subject()
	of.Issued = time.Time{}
	got := credential.Decide(credential.Upkeep{RotateWhenChanged: types.MapNull(types.StringType)}, credential.Upkeep{RotateAfter: types.StringValue("1d")},
		credential.Refresh{At: after(9999, 0)}, of, false)
	if !got.DueAt.IsNull() || len(got.Replace) > 0 {
		t.Errorf("due at %s, replaces %s", got.DueAt, got.Replace)
	}
}

func TestRefuseUsed(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	ago := func(span time.Duration) *time.Time { moment := now.Add(-span); return &moment }
	tests := map[string]struct {
		keep    types.String
		lastUse *time.Time
		want    string
	}{
		"no period":                  {types.StringNull(), ago(0), ""},
		"used just now":              {types.StringValue("24h"), ago(0), "last used at 2026-07-01T12:00:00Z, 0s ago"},
		"used within the period":     {types.StringValue("24h"), ago(24*time.Hour - time.Second), "23h59m59s ago"},
		"used by a clock ahead":      {types.StringValue("24h"), ago(-time.Minute), "0s ago"},
		"idle for the whole period":  {types.StringValue("24h"), ago(24 * time.Hour), ""},
		"never used":                 {types.StringValue("24h"), &time.Time{}, ""},
		"the system does not tell":   {types.StringValue("24h"), nil, "does not tell when the key 7 was last used"},
		"it does not tell, and need": {types.StringNull(), nil, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := credential.RefuseUsed(test.keep, "Key", "key 7", test.lastUse, now)
			if (test.want != "") != got.HasError() || test.want != "" && !strings.Contains(got[0].Detail(), test.want) {
				t.Errorf("%s", got)
			}
		})
	}
}
