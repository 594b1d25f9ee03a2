package credential_test

import (
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/credential"
)

var form = credential.Form{}

func text(value string) types.String { return types.StringValue(value) }

// holding is a rotating credential with a key "now" and, if it retires some day, one "then".
func holding(retiresAt string) credential.Rotating {
	model := credential.Rotating{
		Upkeep:   credential.Upkeep{RotateAfter: text("90d"), RotateWhenChanged: quarter("1")},
		Overlap:  text("7d"),
		Current:  form.Current(credential.Held{ID: text("now"), Secret: text("s1"), Created: text(issued.Format(time.RFC3339))}),
		Previous: form.None(),
	}
	if retiresAt != "" {
		model.Previous = form.Previous(credential.Held{ID: text("then"), Secret: text("s0"), Created: text("2025-10-01T00:00:00Z"), RetiresAt: text(retiresAt)})
	}
	return model
}

// TestStep decides, puts the decision into a plan, and reads it back from there, as apply does.
func TestStep(t *testing.T) {
	t.Parallel()
	const soon, later = "2026-01-08T10:00:30Z", "2030-01-01T00:00:00Z"
	asked := func(model credential.Rotating) credential.Rotating {
		model.RotateWhenChanged = quarter("2")
		return model
	}
	warns := func(model credential.Rotating) credential.Rotating {
		model.OnDrift = text("warn")
		return model
	}
	tests := map[string]struct {
		state, plan             credential.Rotating
		refreshed               time.Time
		found                   credential.Finding
		rotate, retire, discard bool
		// previous is what the plan shows of the previous credential: its id, "" for none.
		previous, told string
	}{
		"nothing":                                      {state: holding(""), plan: holding(""), refreshed: after(89, 0)},
		"due":                                          {state: holding(""), plan: holding(""), refreshed: after(90, 0), rotate: true, previous: "now", told: "Warning: Key is due for rotation"},
		"the previous lives":                           {state: holding(soon), plan: holding(soon), refreshed: after(6, 0), previous: "then"},
		"the previous is over":                         {state: holding(soon), plan: holding(soon), refreshed: after(7, 0), retire: true},
		"due while the previous lives":                 {state: holding(later), plan: holding(later), refreshed: after(90, 0), previous: "then"},
		"due, and the previous is over":                {state: holding(soon), plan: holding(soon), refreshed: after(90, 0), rotate: true, retire: true, previous: "now", told: "Warning: Key is due for rotation"},
		"asked for":                                    {state: holding(""), plan: asked(holding("")), refreshed: after(1, 0), rotate: true, previous: "now"},
		"asked for, the previous lives":                {state: holding(soon), plan: asked(holding(soon)), refreshed: after(1, 0), rotate: true, retire: true, previous: "now", told: "Warning: The previous Key is revoked early"},
		"asked for, the previous is over":              {state: holding(soon), plan: asked(holding(soon)), refreshed: after(8, 0), rotate: true, retire: true, previous: "now"},
		"asked for, and refused":                       {state: holding(soon), plan: asked(holding(soon)), refreshed: after(1, 0), found: credential.Refused, rotate: true, discard: true, previous: "then", told: "Warning: Key is no longer accepted"},
		"refused":                                      {state: holding(""), plan: holding(""), refreshed: after(1, 0), found: credential.Refused, rotate: true, discard: true, told: "Warning: Key is no longer accepted"},
		"refused, the previous lives":                  {state: holding(soon), plan: holding(soon), refreshed: after(1, 0), found: credential.Refused, rotate: true, discard: true, previous: "then", told: "Warning: Key is no longer accepted"},
		"refused, the previous is over":                {state: holding(soon), plan: holding(soon), refreshed: after(8, 0), found: credential.Refused, rotate: true, discard: true, previous: "then", told: "Warning: Key is no longer accepted"},
		"refused, warn, the previous is over":          {state: holding(soon), plan: warns(holding(soon)), refreshed: after(8, 0), found: credential.Refused, previous: "then", told: "Warning: Key is no longer accepted\nWarning: The previous Key is kept"},
		"refused, warn, and due, the previous is over": {state: holding(soon), plan: warns(holding(soon)), refreshed: after(90, 0), found: credential.Refused, rotate: true, discard: true, previous: "then", told: "Warning: Key is no longer accepted\nWarning: Key is due for rotation"},
		"deactivated, and asked for":                   {state: holding(""), plan: asked(holding("")), refreshed: after(1, 0), found: credential.Deactivated, rotate: true, discard: true, told: "Warning: Key was deactivated outside Terraform"},
		"refused, warn":                                {state: holding(""), plan: warns(holding("")), refreshed: after(1, 0), found: credential.Refused, told: "Warning: Key is no longer accepted"},
		"refused, warn, and due":                       {state: holding(""), plan: warns(holding("")), refreshed: after(90, 0), found: credential.Refused, rotate: true, previous: "now", told: "Warning: Key is no longer accepted\nWarning: Key is due for rotation"},
		"owner deactivated, and due":                   {state: holding(""), plan: holding(""), refreshed: after(90, 0), found: credential.OwnerDeactivated, told: "Warning: Key belongs to a deactivated service account"},
		"owner deactivated, asked for":                 {state: holding(soon), plan: asked(holding(soon)), refreshed: after(1, 0), found: credential.OwnerDeactivated, previous: "then", told: "Warning: Key belongs to a deactivated service account\nError: A Key cannot be rotated now"},
		"owner deactivated":                            {state: holding(""), plan: holding(""), refreshed: after(1, 0), found: credential.OwnerDeactivated, told: "Warning: Key belongs to a deactivated service account"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			step := credential.DecideStep(test.state, test.plan, credential.Refresh{At: test.refreshed, Found: test.found}, subject())
			if summaries(step.Diagnostics) != test.told {
				t.Errorf("it tells %q", summaries(step.Diagnostics))
			}
			plan := test.plan
			step.Apply(&plan, test.state, form)
			read := credential.StepOf(test.state, plan)
			for _, got := range []credential.Step{step, read} {
				if got.Rotate != test.rotate || got.Retire != test.retire || got.Discard != test.discard {
					t.Errorf("rotates: %t, retires: %t, discards: %t", got.Rotate, got.Retire, got.Discard)
				}
			}
			previous := credential.HeldIn(plan.Previous)
			if credential.IsUnknown(plan.Current) != test.rotate || plan.RotationDueAt.IsUnknown() != test.rotate || previous.ID.ValueString() != test.previous {
				t.Errorf("the plan shows current %s, previous %s, due at %s", plan.Current, plan.Previous, plan.RotationDueAt)
			}
			if test.previous == "now" && (!previous.RetiresAt.IsUnknown() || previous.Secret.ValueString() != "s1") {
				t.Errorf("the plan shows the previous %s", plan.Previous)
			}
		})
	}
}

// TestAStepThatIsNotDecided tells which unknown values leave it to apply what is done, and that apply may then do anything.
func TestAStepThatIsNotDecided(t *testing.T) {
	t.Parallel()
	const later = "2030-01-01T00:00:00Z"
	reason := func(value attr.Value) types.Map {
		return types.MapValueMust(types.StringType, map[string]attr.Value{"quarter": value})
	}
	tests := map[string]struct {
		change    func(*credential.Rotating)
		undecided bool
		rotate    bool
	}{
		"a value": {func(r *credential.Rotating) { r.RotateWhenChanged = reason(types.StringUnknown()) }, true, false},
		"the map": {func(r *credential.Rotating) { r.RotateWhenChanged = types.MapUnknown(types.StringType) }, true, false},
		"a value beside a new": {func(r *credential.Rotating) {
			r.RotateWhenChanged = types.MapValueMust(types.StringType, map[string]attr.Value{"quarter": text("2"), "leak": types.StringUnknown()})
		}, false, true},
		"the period":            {func(r *credential.Rotating) { r.RotateAfter = types.StringUnknown() }, true, false},
		"the period, asked for": {func(r *credential.Rotating) { r.RotateAfter, r.RotateWhenChanged = types.StringUnknown(), quarter("2") }, false, true},
		"the jitter":            {func(r *credential.Rotating) { r.RotationJitter = types.StringUnknown() }, true, false},
		"the overlap":           {func(r *credential.Rotating) { r.Overlap = types.StringUnknown() }, false, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, retires := range []string{"", later} {
				state, plan := holding(retires), holding(retires)
				test.change(&plan)
				step := credential.DecideStep(state, plan, credential.Refresh{At: after(1, 0)}, subject())
				if step.Undecided != test.undecided || step.Rotate != test.rotate {
					t.Fatalf("undecided: %t, rotates: %t", step.Undecided, step.Rotate)
				}
				told := "Warning: The previous Key may be revoked early"
				if !test.undecided || retires == "" || !credential.RotationRequested(state.RotateWhenChanged, plan.RotateWhenChanged) {
					told = ""
				}
				if test.undecided && summaries(step.Diagnostics) != told {
					t.Errorf("it tells %q", summaries(step.Diagnostics))
				}
				step.Apply(&plan, state, form)
				if current := credential.HeldIn(plan.Current); test.undecided && (!current.ID.IsUnknown() || !current.Secret.IsUnknown() || plan.Current.IsUnknown() ||
					!plan.Previous.IsUnknown() || !plan.RotationDueAt.IsUnknown()) {
					t.Errorf("the plan shows current %s, previous %s, due at %s", plan.Current, plan.Previous, plan.RotationDueAt)
				}
			}
		})
	}
}

// TestAFindingWithAnUnknownReason tells that what was found is judged as if no rotation was asked for, as long as that is not
// known.
func TestAFindingWithAnUnknownReason(t *testing.T) {
	t.Parallel()
	for onDrift, want := range map[string]struct {
		undecided, rotate bool
		told              string
	}{
		"repair": {false, true, "Warning: Key is no longer accepted"},
		"warn":   {true, false, "Warning: Key is no longer accepted"},
		"error":  {true, false, "Error: Key is no longer accepted"},
	} {
		state, plan := holding(""), holding("")
		plan.RotateWhenChanged, plan.OnDrift = types.MapUnknown(types.StringType), text(onDrift)
		step := credential.DecideStep(state, plan, credential.Refresh{At: after(1, 0), Found: credential.Refused}, subject())
		if step.Undecided != want.undecided || step.Rotate != want.rotate || summaries(step.Diagnostics) != want.told {
			t.Errorf("%s: undecided: %t, rotates: %t, tells %q", onDrift, step.Undecided, step.Rotate, summaries(step.Diagnostics))
		}
	}
}

func TestRotated(t *testing.T) {
	t.Parallel()
	now := after(91, 0)
	made := credential.Held{ID: text("next"), Secret: text("s2"), Created: text("2026-04-02T00:00:00Z")}
	state := holding("2026-01-08T10:00:30Z")
	turned, _ := holding("").Rotated(t.Context(), made, state, credential.Step{Rotate: true, Retire: true}, form, now)
	if current, previous := credential.HeldIn(turned.Current), credential.HeldIn(turned.Previous); current.ID != text("next") || previous.ID != text("now") ||
		previous.RetiresAt != text("2026-04-09T00:00:00Z") {
		t.Errorf("current %s, previous %s", turned.Current, turned.Previous)
	}
	made.Created = types.StringNull()
	turned, _ = holding("").Rotated(t.Context(), made, state, credential.Step{Rotate: true}, form, now)
	if previous := credential.HeldIn(turned.Previous); previous.RetiresAt != text("2026-04-09T10:00:30Z") {
		t.Errorf("of a moment that is not known: %s", turned.Previous)
	}
	for _, retire := range []bool{false, true} {
		turned, _ = holding("").Rotated(t.Context(), made, state, credential.Step{Rotate: true, Discard: true, Retire: retire}, form, now)
		if previous := credential.HeldIn(turned.Previous); previous.Exists() == retire || previous.ID.ValueString() == "now" {
			t.Errorf("discarded, and the previous is %s", turned.Previous)
		}
	}
}

func TestObserved(t *testing.T) {
	t.Parallel()
	gone := errGone
	current, previous := credential.HeldIn(holding("x").Current), credential.HeldIn(holding("2026-01-08T10:00:30Z").Previous)
	tests := map[string]struct {
		observed          credential.Observed
		nothing           bool
		current, previous string
		told              string
	}{
		"both":                 {credential.Observed{Current: current, Previous: previous}, false, "now", "then", ""},
		"one":                  {credential.Observed{Current: current}, false, "now", "", ""},
		"the previous is gone": {credential.Observed{Current: current, Previous: previous, PreviousGone: gone}, false, "now", "", "Warning: Previous Key was deleted outside Terraform"},
		"the current is gone":  {credential.Observed{Current: current, Previous: previous, CurrentGone: gone}, false, "then", "", "Warning: Key was deleted outside Terraform"},
		"the only one is gone": {credential.Observed{Current: current, CurrentGone: gone}, true, "", "", "Warning: Key was deleted outside Terraform"},
		"both are gone":        {credential.Observed{Current: current, Previous: previous, CurrentGone: gone, PreviousGone: gone}, true, "", "", "Warning: Previous Key was deleted outside Terraform\nWarning: Key was deleted outside Terraform"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			told := test.observed.Warnings("Key", func(held credential.Held) string { return "key " + held.ID.ValueString() })
			if test.observed.Nothing() != test.nothing || summaries(told) != test.told {
				t.Errorf("nothing: %t, tells %q", test.observed.Nothing(), summaries(told))
			}
			if test.nothing {
				return
			}
			model := holding("2026-01-08T10:00:30Z")
			test.observed.Apply(&model, form)
			if got, before := credential.HeldIn(model.Current), credential.HeldIn(model.Previous); got.ID.ValueString() != test.current || before.ID.ValueString() != test.previous {
				t.Errorf("current %s, previous %s", model.Current, model.Previous)
			}
		})
	}
}
