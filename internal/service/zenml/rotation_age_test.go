package zenml_test

import (
	"testing"
	"time"

	"github.com/hashicorp/terraform-exec/tfexec"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

func TestAccAPIKeyIsRotatedByAge(t *testing.T) {
	t.Parallel()
	r := clocked(t, "key.tf", map[string]any{"rotate_after": "90d"})
	box := r.server.box
	due := func() time.Time { return moment(t, r.Value(keyAddress, "rotation_due_at")) }
	created := moment(t, r.Value(keyAddress, "created"))
	if want := created.Add(90 * day).Truncate(time.Minute); !due().Equal(want) {
		t.Errorf("due at %s, want %s", due(), want)
	}
	first, _ := r.Value(keyAddress, "key").(string)
	box.MoveClock(t, 89*day)
	r.MustBeQuiet()

	// A plan that was saved before does what it showed, however late; nothing is newly due without a refresh.
	r.Plan()
	box.MoveClock(t, 90*day+time.Hour)
	r.MustApply(r.SavedPlan())
	if r.Value(keyAddress, "key") != first {
		t.Error("a plan that showed no rotation has rotated")
	}
	if _, printed, changed := r.Plan(tfexec.Refresh(false)); changed {
		t.Errorf("something is newly due without a refresh:\n%s", printed)
	}
	r.mustTurn(t, keyAddress, "delete+create", "ZenML API key is due for rotation", `rotate_after is "90d"`)
	second, _ := r.Value(keyAddress, "key").(string)
	r.mustAccept(t, false, first)
	r.mustAccept(t, true, second)
	created = moment(t, r.Value(keyAddress, "created"))

	// A changed period counts at once, in the plan that brings it.
	r.set(t, map[string]any{"rotate_after": "100d"})
	plan, printed, _ := r.Plan()
	if acctest.Actions(plan, keyAddress) != "update" || !acctest.Said(printed, "rotation_due_at", created.Add(100*day).Truncate(time.Minute).Format(time.RFC3339)) {
		t.Errorf("a longer period:\n%s", printed)
	}
	r.MustApply(r.SavedPlan())
	r.MustBeQuiet()
	box.MoveClock(t, 92*day)
	r.MustBeQuiet()
	r.set(t, map[string]any{"rotate_after": "1d"})
	r.mustTurn(t, keyAddress, "delete+create", "is due for rotation")
	r.mustAccept(t, false, second)

	r.set(t, map[string]any{"rotate_after": nil})
	r.mustTurn(t, keyAddress, "update")
	if r.Value(keyAddress, "rotation_due_at") != nil {
		t.Error("without rotate_after it is due")
	}
	r.MustDestroy()
}

// A rotation in place counts from its own moment, not from the creation of the key.
func TestAccRotatingKeyIsDueByTheLatestRotation(t *testing.T) {
	t.Parallel()
	r := clocked(t, "rotating_key.tf", nil)
	box := r.server.box
	box.MoveClock(t, 90*day+time.Hour)
	r.Plan()
	box.MoveClock(t, 92*day)
	r.MustApply(r.SavedPlan())
	r.MustBeQuiet()
	made := moment(t, r.held("current")["created"])
	if due := moment(t, r.Value(rotatingAddress, "rotation_due_at")); !due.Equal(made.Add(90*day).Truncate(time.Minute)) || time.Until(made) < 91*day {
		t.Errorf("due at %s after a rotation at %s", due, made)
	}
	box.MoveClock(t, 181*day)
	r.MustApply() // previous goes
	r.MustBeQuiet()
	box.MoveClock(t, 182*day+2*time.Hour)
	r.mustSay(t, "update", "is due for rotation")
	r.MustDestroy()
}

// Jitter only brings the moment forward, and by the same each time.
func TestAccAPIKeyRotationJitter(t *testing.T) {
	t.Parallel()
	r := clocked(t, "key.tf", map[string]any{"rotate_after": "90d", "rotation_jitter": "30d"})
	latest := moment(t, r.Value(keyAddress, "created")).Add(90 * day)
	due := moment(t, r.Value(keyAddress, "rotation_due_at"))
	if due.After(latest) || !due.After(latest.Add(-30*day-time.Minute)) {
		t.Errorf("due at %s, without jitter at %s", due, latest)
	}
	r.server.box.MoveClock(t, time.Until(due)-2*time.Hour)
	r.MustBeQuiet()
	r.server.box.MoveClock(t, time.Until(due)+time.Hour)
	r.mustTurn(t, keyAddress, "delete+create", "is due for rotation")
	r.MustDestroy()
}

func TestAccRotationBadPeriods(t *testing.T) {
	server := target(t)
	bad := func(kind, lines string, want ...string) resource.TestStep {
		return resource.TestStep{
			Config:   "resource \"machineid_zenml_" + kind + "\" \"test\" {\n service_account_id = \"0b9f2c1e-4d5a-4c3b-9a8f-7e6d5c4b3a29\"\n name = \"ci\"\n" + lines + "\n}",
			PlanOnly: true, ExpectError: acctest.Says(want...),
		}
	}
	steps := make([]resource.TestStep, 0, 20)
	for kind, more := range map[string]string{"api_key": "", "rotating_api_key": "overlap = \"1h\"\n"} {
		steps = append(steps,
			bad(kind, more+`rotate_after = "3 weeks"`, "rotate_after =", `"3 weeks" is no period`),
			bad(kind, more+`rotate_after = "0d"`, "rotate_after =", "more than nothing"),
			bad(kind, more+"rotate_after = \"90d\"\nrotation_jitter = \"90d\"", "rotation_jitter =", "must be shorter than rotate_after"),
			bad(kind, more+`rotation_jitter = "1d"`, "rotation_jitter =", "says nothing without rotate_after"),
			bad(kind, more+`on_drift = "ignore"`, "on_drift"),
			bad(kind, more+`deletion_policy = "retain"`, "deletion_policy"),
		)
	}
	steps = append(steps,
		bad("rotating_api_key", "rotate_after = \"7d\"\noverlap = \"7d\"", "overlap =", "must be shorter than rotate_after"),
		bad("rotating_api_key", `overlap = "1w"`, "overlap =", `"1w" is no period`),
		bad("rotating_api_key", "", "overlap"),
		bad("api_key", "keep_if_used_within = \"1d\"\nverify_on_refresh = true", "exclude each other"),
	)
	acctest.Test(t, server.env, steps...)
}
