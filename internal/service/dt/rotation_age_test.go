package dt_test

import (
	"testing"
	"time"

	"github.com/hashicorp/terraform-exec/tfexec"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// planned is what a plan says about an attribute, and whether that is unknown.
func planned(plan *tfjson.Plan, address, attribute string) (value any, unknown bool) {
	for _, change := range plan.ResourceChanges {
		if change.Address != address {
			continue
		}
		after, _ := change.Change.After.(map[string]any)
		open, _ := change.Change.AfterUnknown.(map[string]any)
		return after[attribute], open[attribute] == true
	}
	return nil, false
}

// dueAfter is the rotation_due_at of something made at a moment.
func dueAfter(t *testing.T, created any, period time.Duration) string {
	t.Helper()
	text, _ := created.(string)
	moment, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		t.Fatal(err)
	}
	return moment.Add(period).Truncate(time.Minute).Format(time.RFC3339Nano)
}

func TestAccKeyIsRotatedByAge(t *testing.T) {
	t.Parallel()
	a := target(t).aging(t, "key.tf", map[string]string{"rotate_after": "90d"})
	if plan, _, _ := a.Plan(); plan != nil {
		if _, unknown := planned(plan, keyAddress, "rotation_due_at"); !unknown {
			t.Error("rotation_due_at of a new key is known before it is made")
		}
	}
	a.settle()
	first := a.Value(keyAddress, "id")
	if due, want := a.Value(keyAddress, "rotation_due_at"), dueAfter(t, a.Value(keyAddress, "create_time"), 90*day); due != want {
		t.Errorf("due at %v, want %s", due, want)
	}
	a.at(90*day - time.Hour)
	a.MustBeQuiet()
	a.at(90*day + time.Hour)
	if _, printed, changes := a.Plan(tfexec.Refresh(false)); changes {
		t.Errorf("something is due without a refresh:\n%s", printed)
	}
	plan, printed, changes := a.Plan()
	if !changes || acctest.Actions(plan, keyAddress) != "delete+create" ||
		!acctest.Said(printed, "DT service account key is due for rotation", `rotate_after is "90d"`, "The plan replaces it") {
		t.Errorf("nothing is due after 90 days:\n%s", printed)
	}
	if _, unknown := planned(plan, keyAddress, "rotation_due_at"); !unknown {
		t.Error("rotation_due_at of the key to come is known before it is made")
	}
	a.settle()
	if id := a.Value(keyAddress, "id"); id == first || id == nil {
		t.Errorf("the key is %v, and was %v", id, first)
	}
	if due, want := a.Value(keyAddress, "rotation_due_at"), dueAfter(t, a.Value(keyAddress, "create_time"), 90*day); due != want {
		t.Errorf("due at %v, want %s", due, want)
	}
}

// What a saved plan shows is what its apply does, whatever the clock says then.
func TestAccSavedPlansKeepTheirWord(t *testing.T) {
	t.Parallel()
	a := target(t).aging(t, "key.tf", map[string]string{"rotate_after": "90d"})
	a.settle()
	first := a.Value(keyAddress, "id")
	a.set("on_drift", "warn")
	if plan, printed, _ := a.Plan(); acctest.Actions(plan, keyAddress) != "update" {
		t.Fatalf("the change is no update:\n%s", printed)
	}
	a.at(91 * day)
	a.MustApply(a.SavedPlan())
	if id := a.Value(keyAddress, "id"); id != first {
		t.Error("a plan that showed no rotation rotated")
	}
	if plan, printed, _ := a.Plan(); acctest.Actions(plan, keyAddress) != "delete+create" {
		t.Fatalf("nothing is due:\n%s", printed)
	}
	a.at(300 * day)
	a.MustApply(a.SavedPlan())
	second := a.Value(keyAddress, "id")
	if second == first {
		t.Error("a plan that showed a rotation did not rotate")
	}
	a.MustBeQuiet()
}

func TestAccAChangedPeriodCountsAtOnce(t *testing.T) {
	t.Parallel()
	a := target(t).aging(t, "key.tf", map[string]string{"rotate_after": "90d"})
	a.settle()
	first, created := a.Value(keyAddress, "id"), a.Value(keyAddress, "create_time")
	a.at(91 * day)
	for _, longer := range []struct {
		text   string
		period time.Duration
	}{{"120d", 120 * day}, {"100d12h30m", 100*day + 12*time.Hour + 30*time.Minute}} {
		a.set("rotate_after", longer.text)
		plan, printed, _ := a.Plan()
		if due, _ := planned(plan, keyAddress, "rotation_due_at"); due != dueAfter(t, created, longer.period) || acctest.Actions(plan, keyAddress) != "update" {
			t.Errorf("with %s the key is due at %v:\n%s", longer.text, due, printed)
		}
	}
	a.box.ForgetRequests(t)
	a.MustApply(tfexec.Refresh(false))
	a.box.MustBeUnasked(t)
	a.MustBeQuiet()
	if a.Value(keyAddress, "id") != first {
		t.Error("a longer period rotated")
	}
	a.set("rotate_after", "30d")
	if plan, printed, _ := a.Plan(); acctest.Actions(plan, keyAddress) != "delete+create" || !acctest.Said(printed, `rotate_after is "30d"`) {
		t.Errorf("a shorter period does not count:\n%s", printed)
	}
	a.settle()
	a.set("rotate_after", "")
	a.settle()
	if due := a.Value(keyAddress, "rotation_due_at"); due != nil {
		t.Errorf("without a period the key is due at %v", due)
	}
}

func TestAccJitterBringsTheRotationForward(t *testing.T) {
	t.Parallel()
	a := target(t).aging(t, "key.tf", map[string]string{"rotate_after": "90d", "rotation_jitter": "30d"})
	a.settle()
	due, _ := a.Value(keyAddress, "rotation_due_at").(string)
	created := a.Value(keyAddress, "create_time")
	if due > dueAfter(t, created, 90*day) || due <= dueAfter(t, created, 60*day) {
		t.Errorf("due at %s, want within 30 days before %s", due, dueAfter(t, created, 90*day))
	}
	// Without it, and with it again: what follows from the id is always the same.
	a.set("rotation_jitter", "")
	a.settle()
	if plain := a.Value(keyAddress, "rotation_due_at"); plain != dueAfter(t, created, 90*day) {
		t.Errorf("due at %v without jitter", plain)
	}
	a.set("rotation_jitter", "30d")
	for range 2 {
		if plan, _, _ := a.Plan(); plan != nil {
			if again, _ := planned(plan, keyAddress, "rotation_due_at"); again != due {
				t.Errorf("due at %v, and at %s before", again, due)
			}
		}
	}
	a.settle()
	moment, err := time.Parse(time.RFC3339Nano, due)
	if err != nil {
		t.Fatal(err)
	}
	until := time.Until(moment)
	a.at(until - time.Hour - time.Minute)
	a.MustBeQuiet()
	a.at(until + time.Hour)
	if plan, printed, _ := a.Plan(); acctest.Actions(plan, keyAddress) != "delete+create" {
		t.Errorf("not due at %s:\n%s", due, printed)
	}
}

func TestAccPeriodsThatAreNone(t *testing.T) {
	server := target(t)
	bad := func(lines string, want ...string) []resource.TestStep {
		var steps []resource.TestStep
		for noun, beside := range map[string]string{"key": "", "rotating_key": "overlap = \"1h\"\n"} {
			steps = append(steps, resource.TestStep{
				Config: "resource \"machineid_dt_service_account_" + noun + "\" \"test\" {\n service_account = \"projects/a/serviceaccounts/b\"\n" +
					beside + lines + "\n}",
				PlanOnly: true, ExpectError: acctest.Says(want...),
			})
		}
		return steps
	}
	overlap := func(lines string, want ...string) resource.TestStep {
		return resource.TestStep{
			Config:   "resource \"machineid_dt_service_account_rotating_key\" \"test\" {\n service_account = \"projects/a/serviceaccounts/b\"\n" + lines + "\n}",
			PlanOnly: true, ExpectError: acctest.Says(want...),
		}
	}
	var steps []resource.TestStep
	for _, period := range []string{"", "0d", "-1d", "1.5d", "90", "1h1d", "90D", "1w", "1d 2h", "40000d", "1s"} {
		steps = append(steps, bad("rotate_after = \""+period+"\"", "Invalid period", "rotate_after = ")...)
	}
	steps = append(steps, bad("rotate_after = \"9d\"\n rotation_jitter = \"9d\"", "rotation_jitter = ", "rotation_jitter (9d) must be shorter than rotate_after (9d)")...)
	steps = append(steps, bad("rotate_after = \"9d\"\n rotation_jitter = \"10d\"", "rotation_jitter = ", "must be shorter than rotate_after")...)
	steps = append(steps, bad("rotation_jitter = \"1d\"", "rotation_jitter = ", "rotation_jitter says nothing without rotate_after")...)
	steps = append(steps, bad("on_drift = \"ignore\"", "on_drift = ", "value must be one of")...)
	steps = append(steps,
		overlap("rotate_after = \"9d\"\n overlap = \"9d\"", "overlap = ", "overlap (9d) must be shorter than rotate_after (9d)"),
		overlap("rotate_after = \"9d\"\n overlap = \"never\"", "Invalid period", "overlap = "),
		overlap("rotate_after = \"9d\"", `The argument "overlap" is required`),
	)
	acctest.Test(t, server.env, steps...)
}
