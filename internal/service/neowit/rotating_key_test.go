package neowit_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/hashicorp/terraform-exec/tfexec"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

const rotatingAddress = "machineid_neowit_service_account_rotating_key.test"

// timedRotation is a workspace with a key that is rotated with an overlap.
func (s server) timedRotation(t *testing.T, variables map[string]string) timed {
	t.Helper()
	return s.timedIn(t, s.env, "rotating_key.tf", variables)
}

// held is the current or the previous key in the state, or none.
func (w timed) held(which string) heldKey {
	account, _ := w.Value(rotatingAddress, "service_account_id").(string)
	object, _ := w.Value(rotatingAddress, which).(map[string]any)
	id, _ := object["id"].(string)
	secret, _ := object["secret"].(string)
	return heldKey{account, id, secret}
}

// heldMoment is a moment of the current or the previous key.
func (w timed) heldMoment(t *testing.T, which, attribute string) time.Time {
	t.Helper()
	object, _ := w.Value(rotatingAddress, which).(map[string]any)
	text, _ := object[attribute].(string)
	moment, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return moment
}

// mustHold fails the test unless the server has these keys and no others, and accepts them.
func (w timed) mustHold(t *testing.T, keys ...heldKey) {
	t.Helper()
	left := w.box.Names(t, "neowit", "service_account_keys")
	if len(left) != len(keys) {
		t.Errorf("the server has %d keys, want %d", len(left), len(keys))
	}
	for _, key := range keys {
		if err := w.expectLogin(t, key, true); err != nil {
			t.Error(err)
		}
	}
}

// mustRotate applies a rotation, and fails the test unless that makes a new key and keeps the one before it.
func (w timed) mustRotate(t *testing.T) (current, previous heldKey) {
	t.Helper()
	before := w.held("current")
	w.MustApply()
	w.MustBeQuiet()
	current, previous = w.held("current"), w.held("previous")
	if previous != before || current == before || current.secret == "" {
		t.Fatalf("after a rotation %s is followed by %s, and %s is previous", before.id, current.id, previous.id)
	}
	w.mustHold(t, current, previous)
	return current, previous
}

func TestAccRotatingKey(t *testing.T) {
	t.Parallel()
	w := target(t).timedRotation(t, map[string]string{})
	w.MustApply()
	w.MustBeQuiet()
	first := w.held("current")
	w.mustHold(t, first)
	if due := w.heldMoment(t, "current", "created").Add(90 * day).Truncate(time.Minute); !w.moment(t, rotatingAddress, "rotation_due_at").Equal(due) || w.held("previous").id != "" {
		t.Errorf("it is not due at %s, or there is a previous key", due)
	}
	w.pass(t, 90*day-time.Hour)
	w.MustBeQuiet()

	w.pass(t, 90*day+time.Hour)
	if _, printed, changes := w.Plan(tfexec.Refresh(false)); changes {
		t.Errorf("something is due although nothing was refreshed:\n%s", printed)
	}
	w.mustPlan(t, rotatingAddress, "update", "Neowit service account key is due for rotation", first.id, `rotate_after is "90d"`, "keeps this one for the overlap of 7d")
	second, _ := w.mustRotate(t)
	created, retires := w.heldMoment(t, "current", "created"), w.heldMoment(t, "previous", "retires_at")
	if !retires.Equal(created.Add(7*day)) || !w.moment(t, rotatingAddress, "rotation_due_at").Equal(created.Add(90*day).Truncate(time.Minute)) {
		t.Errorf("made at %s, the one before it retires at %s", created, retires)
	}

	w.pass(t, 97*day)
	w.MustBeQuiet()
	w.pass(t, 97*day+2*time.Hour)
	plan := w.mustPlan(t, rotatingAddress, "update")
	if after := change(plan, rotatingAddress).After.(map[string]any); after["previous"] != nil || after["current"].(map[string]any)["id"] != second.id {
		t.Errorf("the plan does not revoke the previous key alone: %v", after["previous"])
	}
	w.MustApply(w.SavedPlan())
	w.MustBeQuiet()
	w.mustHold(t, second)
	if err := w.expectLogin(t, first, false); err != nil {
		t.Error(err)
	}
	w.MustDestroy()
	w.box.MustBeEmpty(t, "neowit")
}

// What is asked for does not wait, and only one old key is kept.
func TestARotationThatIsAskedForRetiresThePreviousKeyEarly(t *testing.T) {
	t.Parallel()
	variables := map[string]string{"quarter": "1"}
	w := target(t).timedRotation(t, variables)
	w.MustApply()
	first := w.held("current")
	w.pass(t, 10*day)
	variables["quarter"] = "2"
	w.Variables(variables)
	w.mustRotate(t)
	w.pass(t, 11*day)
	variables["quarter"] = "3"
	w.Variables(variables)
	w.mustPlan(t, rotatingAddress, "update", "The previous Neowit service account key is revoked early", first.id, "the plan revokes that one now")
	w.mustRotate(t)
	if err := w.expectLogin(t, first, false); err != nil {
		t.Error(err)
	}
	w.MustDestroy() // both
	w.box.MustBeEmpty(t, "neowit")
}

func TestARotationThatIsDueWaitsForThePreviousKey(t *testing.T) {
	t.Parallel()
	variables := map[string]string{"overlap": "60d"}
	w := target(t).timedRotation(t, variables)
	w.MustApply()
	w.pass(t, 91*day)
	second, first := w.mustRotate(t)
	variables["rotate_after"], variables["overlap"] = "20d", "7d"
	w.Variables(variables)
	w.pass(t, 112*day)
	w.MustApply()
	w.MustBeQuiet()
	if w.held("current") != second || w.held("previous") != first {
		t.Error("a rotation did not wait for the previous key")
	}
	w.mustHold(t, first, second)
	w.pass(t, 152*day)
	w.mustPlan(t, rotatingAddress, "update", "is due for rotation")
	w.mustRotate(t)
	if err := w.expectLogin(t, first, false); err != nil {
		t.Error(err)
	}
}

// A saved plan does what it showed, also if more has become due meanwhile.
func TestASavedPlanOfARotatingKey(t *testing.T) {
	t.Parallel()
	variables := map[string]string{}
	w := target(t).timedRotation(t, variables)
	w.MustApply()
	first := w.held("current")
	w.pass(t, 89*day)
	variables["on_drift"] = "warn"
	w.Variables(variables)
	w.mustPlan(t, rotatingAddress, "update")
	w.pass(t, 91*day)
	w.MustApply(w.SavedPlan())
	if w.held("current") != first || w.Value(rotatingAddress, "on_drift") != "warn" {
		t.Error("the plan showed a change of on_drift, and no rotation")
	}
	w.mustPlan(t, rotatingAddress, "update", "is due for rotation")
	w.pass(t, 120*day)
	w.MustApply(w.SavedPlan())
	w.MustBeQuiet()
	if w.held("previous") != first {
		t.Error("the plan showed a rotation")
	}
}

// Both keys are read with their account, once.
func TestBothKeysAreReadAtOnce(t *testing.T) {
	t.Parallel()
	for name, env := range map[string]func(map[string]string) map[string]string{
		"from a list": func(env map[string]string) map[string]string {
			return acctest.With(env, "MACHINEID_BULK_REFRESH", "true")
		},
		"one by one": acctest.OneByOne,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := target(t)
			w := server.timedIn(t, env(server.env), "rotating_key.tf", map[string]string{})
			w.MustApply()
			w.pass(t, 91*day)
			w.mustRotate(t)
			w.box.ForgetRequests(t)
			w.Plan(tfexec.Target("machineid_neowit_service_account.test"))
			alone := w.answered(t, http.MethodGet, 0)
			w.box.ForgetRequests(t)
			w.Plan()
			// A list has answered for the account, too.
			want := map[string]int{"from a list": alone, "one by one": alone + 1}[name]
			if both := w.answered(t, http.MethodGet, 0); both != want {
				t.Errorf("%d requests with the keys, want %d; %d without", both, want, alone)
			}
		})
	}
}

// Where the answer to a creation leaves out its moment, the overlap begins when the answer came.
func TestAnOverlapWithoutAMoment(t *testing.T) {
	t.Parallel()
	server := target(t)
	env := server.box.Between(t, acctest.Between{Rewrite: func(_ *http.Request, answer string) string { return withoutMoments(answer) }})
	variables := map[string]string{}
	w := server.timedIn(t, acctest.OneByOne(env), "rotating_key.tf", variables)
	w.MustApply()
	w.MustBeQuiet()
	if due := w.Value(rotatingAddress, "rotation_due_at"); due != nil {
		t.Errorf("nobody tells when the key was made, and it is due at %v", due)
	}
	w.pass(t, 10*day)
	variables["quarter"] = "2"
	w.Variables(variables)
	w.mustRotate(t)
	if over := w.heldMoment(t, "previous", "retires_at").Sub(w.box.Now()); over < 7*day-time.Minute || over > 7*day {
		t.Errorf("the previous key retires after %s, want 7 days", over)
	}
}
