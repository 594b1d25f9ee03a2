package neowit_test

import (
	"net/http"
	"regexp"
	"testing"
	"time"

	"github.com/hashicorp/terraform-exec/tfexec"
	tfjson "github.com/hashicorp/terraform-json"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

const day = 24 * time.Hour

// beginning is where the clock stands when a test begins that moves it: so long ago that nothing is young to whoever asks
// in the present.
const beginning = -400 * day

// timed is a sandbox, and a workspace whose provider has its clock.
type timed struct {
	server
	*acctest.Workspace
}

// timedIn is a workspace for a sandbox at its beginning. The environment leads to the sandbox.
func (s server) timedIn(t *testing.T, env map[string]string, configuration string, variables map[string]string) timed {
	t.Helper()
	s.box.MoveClock(t, beginning)
	w := timed{s, acctest.NewWorkspaceAt(t, env, s.box.Now)}
	w.Copy("internal/service/neowit/testdata/rotation/" + configuration)
	w.Variables(variables)
	return w
}

// timedKey is a workspace with a key that is rotated by replacement.
func (s server) timedKey(t *testing.T, variables map[string]string) timed {
	t.Helper()
	return s.timedIn(t, s.env, "key.tf", variables)
}

// pass moves the clock to so long after the beginning.
func (w timed) pass(t *testing.T, since time.Duration) {
	t.Helper()
	w.box.MoveClock(t, beginning+since)
}

// mustPlan plans, and fails the test unless the plan does that to a resource and says these phrases.
func (w timed) mustPlan(t *testing.T, address, actions string, phrases ...string) *tfjson.Plan {
	t.Helper()
	plan, printed, _ := w.Plan()
	if acctest.Actions(plan, address) != actions || !acctest.Said(printed, phrases...) {
		t.Errorf("want the plan to do %q to %s and to say %q:\n%s", actions, address, phrases, printed)
	}
	return plan
}

// change is what a plan does to a resource.
func change(plan *tfjson.Plan, address string) *tfjson.Change {
	for _, planned := range plan.ResourceChanges {
		if planned.Address == address {
			return planned.Change
		}
	}
	return &tfjson.Change{}
}

// moment reads an attribute that is a moment.
func (w timed) moment(t *testing.T, address, attribute string) time.Time {
	t.Helper()
	text, _ := w.Value(address, attribute).(string)
	moment, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return moment
}

func TestAccKeyIsRotatedByAge(t *testing.T) {
	t.Parallel()
	w := target(t).timedKey(t, map[string]string{"rotate_after": "90d"})
	w.MustApply()
	w.MustBeQuiet()
	id, due := w.Value(keyAddress, "key_id"), w.moment(t, keyAddress, "rotation_due_at")
	if want := w.moment(t, keyAddress, "created").Add(90 * day).Truncate(time.Minute); !due.Equal(want) {
		t.Errorf("it is due at %s, want %s", due, want)
	}

	w.pass(t, 90*day-time.Hour)
	w.MustBeQuiet()
	w.pass(t, 90*day+time.Hour)
	if _, printed, changes := w.Plan(tfexec.Refresh(false)); changes {
		t.Errorf("something is due although nothing was refreshed:\n%s", printed)
	}
	plan := w.mustPlan(t, keyAddress, "delete+create", "Neowit service account key is due for rotation", id.(string), `rotate_after is "90d"`, due.Format(time.RFC3339), "The plan replaces it")
	if unknown := change(plan, keyAddress).AfterUnknown.(map[string]any); unknown["rotation_due_at"] != true || unknown["secret"] != true {
		t.Errorf("what the new key brings is not unknown: %v", unknown)
	}
	w.MustApply(w.SavedPlan())
	w.MustBeQuiet()
	if w.Value(keyAddress, "key_id") == id || len(w.box.Objects(t, "neowit", "service_account_keys")) != 1 {
		t.Error("the key was not replaced by another")
	}
	w.MustDestroy()
}

// A plan that was saved does what it showed, however late it is applied.
func TestASavedPlanDoesWhatItShowed(t *testing.T) {
	t.Parallel()
	variables := map[string]string{"rotate_after": "90d"}
	w := target(t).timedKey(t, variables)
	w.MustApply()
	id := w.Value(keyAddress, "key_id")
	w.pass(t, 89*day)
	variables["on_drift"] = "warn"
	w.Variables(variables)
	w.mustPlan(t, keyAddress, "update")
	w.pass(t, 91*day)
	w.MustApply(w.SavedPlan())
	if w.Value(keyAddress, "key_id") != id || w.Value(keyAddress, "on_drift") != "warn" {
		t.Error("the plan showed a change of on_drift, and no rotation")
	}
	w.mustPlan(t, keyAddress, "delete+create")
	w.pass(t, 120*day)
	w.MustApply(w.SavedPlan())
	w.MustBeQuiet()
	if w.Value(keyAddress, "key_id") == id {
		t.Error("the plan showed a rotation")
	}
}

// The configured period counts, and not the one in the state.
func TestAChangedPeriodCountsAtOnce(t *testing.T) {
	t.Parallel()
	variables := map[string]string{"rotate_after": "90d"}
	w := target(t).timedKey(t, variables)
	w.MustApply()
	id, created := w.Value(keyAddress, "key_id"), w.moment(t, keyAddress, "created")
	w.pass(t, 91*day)
	variables["rotate_after"] = "180d12h"
	w.Variables(variables)
	plan := w.mustPlan(t, keyAddress, "update")
	want := created.Add(180*day + 12*time.Hour).Truncate(time.Minute).Format(time.RFC3339)
	if got := change(plan, keyAddress).After.(map[string]any)["rotation_due_at"]; got != want {
		t.Errorf("the plan shows that it is due at %v, want %s", got, want)
	}
	w.MustApply()
	w.MustBeQuiet()
	if w.Value(keyAddress, "key_id") != id || w.Value(keyAddress, "rotation_due_at") != want {
		t.Error("the longer period rotated the key, or was not taken")
	}
	variables["rotate_after"] = "30m"
	w.Variables(variables)
	w.mustPlan(t, keyAddress, "delete+create", `rotate_after is "30m"`)
	w.MustApply()
	w.MustBeQuiet()
	delete(variables, "rotate_after")
	w.Variables(variables)
	w.mustPlan(t, keyAddress, "update")
	w.MustApply()
	w.pass(t, 300*day)
	w.MustBeQuiet()
	if due := w.Value(keyAddress, "rotation_due_at"); due != nil {
		t.Errorf("without a period it is due at %v", due)
	}
}

func TestJitterBringsRotationForward(t *testing.T) {
	t.Parallel()
	w := target(t).timedKey(t, map[string]string{"rotate_after": "90d", "rotation_jitter": "89d"})
	w.MustApply()
	w.MustBeQuiet()
	latest, due := w.moment(t, keyAddress, "created").Add(90*day), w.moment(t, keyAddress, "rotation_due_at")
	// That it is not brought forward at all happens once in 89 days of minutes.
	if !due.Before(latest.Truncate(time.Minute)) || !due.After(latest.Add(-89*day-time.Minute)) {
		t.Errorf("it is due at %s, want up to 89 days before %s", due, latest)
	}
	age := due.Sub(w.moment(t, keyAddress, "created"))
	w.pass(t, age-time.Hour)
	w.MustBeQuiet()
	w.pass(t, age+time.Hour+time.Minute)
	w.mustPlan(t, keyAddress, "delete+create", due.Format(time.RFC3339))
}

func TestBadPeriods(t *testing.T) {
	t.Parallel()
	server := target(t)
	w := acctest.NewWorkspace(t, server.env)
	for _, test := range []struct{ kind, lines, at, want string }{
		{"key", `rotate_after = "90"`, `rotate_after = "90"`, `"90" is no period: want whole days, hours and minutes`},
		{"key", `rotate_after = "12h1d"`, `rotate_after = "12h1d"`, "is no period"},
		{"key", `rotate_after = "0d"`, `rotate_after = "0d"`, "want more than nothing"},
		{"key", `rotation_jitter = "1d"`, `rotation_jitter = "1d"`, "says nothing without rotate_after"},
		{"key", "rotate_after = \"1d\"\n rotation_jitter = \"24h\"", `rotation_jitter = "24h"`, "rotation_jitter (24h) must be shorter than rotate_after (1d)"},
		{"key", `on_drift = "ignore"`, `on_drift = "ignore"`, "on_drift"},
		{"rotating_key", "", `"machineid_neowit_service_account_rotating_key" "test"`, `"overlap" is required`},
		{"rotating_key", "rotate_after = \"7d\"\n overlap = \"7d\"", `overlap = "7d"`, "overlap (7d) must be shorter than rotate_after (7d)"},
		{"rotating_key", `overlap = "week"`, `overlap = "week"`, "is no period"},
	} {
		w.Write("main.tf", "resource \"machineid_neowit_service_account_"+test.kind+"\" \"test\" {\n service_account_id = \"a\"\n "+test.lines+"\n}\n")
		w.PlanMustFail(acctest.Says(test.at))
		w.PlanMustFail(acctest.Says(test.want))
	}
	server.box.MustBeUnasked(t)
}

// ofKey finds in an answer when a key was made.
var ofKey = regexp.MustCompile(`("keyId":"[^"]*"),"created":\d+`)

// withoutMoments is an answer that does not tell when keys were made.
func withoutMoments(answer string) string { return ofKey.ReplaceAllString(answer, "$1") }

// A server that leaves out when a key was made does not make it ageless.
func TestAMomentThatIsLeftOutIsRemembered(t *testing.T) {
	t.Parallel()
	server := target(t)
	env := server.box.Between(t, acctest.Between{Rewrite: func(request *http.Request, answer string) string {
		if request.Method != http.MethodGet {
			return answer
		}
		return withoutMoments(answer)
	}})
	w := server.timedIn(t, acctest.OneByOne(env), "key.tf", map[string]string{"rotate_after": "90d"})
	w.MustApply()
	w.MustBeQuiet()
	w.pass(t, 91*day)
	w.mustPlan(t, keyAddress, "delete+create", "is due for rotation")
}

// Where nothing can be read, a key still grows old.
func TestAKeyThatCannotBeReadIsRotatedByAge(t *testing.T) {
	t.Parallel()
	server := target(t)
	server.box.Set(t, "neowit", map[string]string{"list": "off", "get": "off"})
	for configuration, want := range map[string]struct{ address, actions string }{
		"key.tf": {keyAddress, "delete+create"}, "rotating_key.tf": {rotatingAddress, "update"},
	} {
		w := server.timedIn(t, server.env, configuration, map[string]string{"rotate_after": "90d"})
		w.MustApply()
		w.MustBeQuiet()
		w.pass(t, 91*day)
		w.mustPlan(t, want.address, want.actions, "is due for rotation")
		w.MustApply()
		w.MustBeQuiet()
		w.MustDestroy()
	}
	server.box.MustBeEmpty(t, "neowit")
}
