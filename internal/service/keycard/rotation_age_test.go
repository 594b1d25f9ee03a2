package keycard_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/hashicorp/terraform-exec/tfexec"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// A credential is replaced by the first plan with a refresh after its time, and by no other.
func TestRotationByAge(t *testing.T) {
	t.Parallel()
	server := target(t)
	k := server.keep(t, "credential.tf", "rotate_after", "90d")
	k.MustApply()
	k.MustBeQuiet()
	id, due := k.text(credentialAddress, "id"), k.moment(t, credentialAddress, "rotation_due_at")
	if want := k.moment(t, credentialAddress, "created_at").Add(90 * day).Truncate(time.Minute); !due.Equal(want) {
		t.Errorf("due at %s, want %s", due, want)
	}
	server.box.MoveClock(t, 90*day-2*time.Hour)
	k.MustBeQuiet()

	// What was planned before is done after, and no more.
	k.vary("description", "changed")
	k.mustPlan(t, credentialAddress, "update")
	server.box.MoveClock(t, 90*day+time.Hour)
	k.MustApply(k.SavedPlan())
	if k.text(credentialAddress, "id") != id || server.held(t, credentials, id).Description != "changed" {
		t.Error("a plan that showed an update did something else")
	}
	if _, printed, changes := k.Plan(tfexec.Refresh(false)); changes {
		t.Errorf("a plan without a refresh finds something due:\n%s", printed)
	}
	k.mustPlan(t, credentialAddress, "delete+create", "Keycard service account credential is due for rotation",
		`credential "ci" (`+id+`)`, `rotate_after is "90d": it was due at `+due.Format(time.RFC3339), "The plan replaces it")
	server.box.MoveClock(t, 91*day)
	k.MustApply(k.SavedPlan())
	if k.text(credentialAddress, "id") == id {
		t.Error("a plan that showed a rotation did not rotate")
	}
	k.MustBeQuiet()
	k.MustDestroy()
	server.box.MustBeEmpty(t, "keycard")
}

// A changed period counts at once, and is no concern of the system.
func TestAChangedPeriod(t *testing.T) {
	t.Parallel()
	server := target(t)
	k := server.keep(t, "credential.tf", "rotate_after", "90d")
	k.MustApply()
	id, created := k.text(credentialAddress, "id"), k.moment(t, credentialAddress, "created_at")
	server.box.MoveClock(t, 10*day+time.Hour)
	for _, test := range []struct {
		period, action string
		after          time.Duration
	}{
		{"1000d12h30m", "update", 1000*day + 12*time.Hour + 30*time.Minute},
		{"", "update", 0},
		{"11d", "update", 11 * day},
		{"10d", "delete+create", 0},
	} {
		k.vary("rotate_after", test.period)
		plan, printed, _ := k.Plan()
		planned, unknown := change(t, plan, credentialAddress)
		if action := acctest.Actions(plan, credentialAddress); action != test.action || (unknown["rotation_due_at"] == true) != (action != "update") {
			t.Fatalf("%q: the action is %q, and what is unknown %v:\n%s", test.period, action, unknown, printed)
		}
		if test.action != "update" {
			continue
		}
		want := ""
		if test.after > 0 {
			want = created.Add(test.after).Truncate(time.Minute).Format(time.RFC3339)
		}
		if told, _ := planned["rotation_due_at"].(string); told != want {
			t.Errorf("%q: planned is %q, want %q", test.period, told, want)
		}
		server.box.ForgetRequests(t)
		k.MustApply(k.SavedPlan())
		if sent := server.written(t); sent > 0 || k.text(credentialAddress, "id") != id {
			t.Errorf("%q: brought %d requests", test.period, sent)
		}
		k.MustBeQuiet()
	}
	k.MustApply()
	k.MustBeQuiet()
	if k.text(credentialAddress, "id") == id {
		t.Error("the shorter period did not rotate")
	}
}

// The jitter brings the rotation forward, by less than itself and always by as much.
func TestRotationJitter(t *testing.T) {
	t.Parallel()
	server := target(t)
	k := server.keep(t, "credential.tf")
	const first, second = credentialAddress, "machineid_keycard_service_account_credential.second"
	k.Write("second.tf", `
resource "machineid_keycard_service_account_credential" "second" {
  service_account_id = machineid_keycard_service_account.test.id
  name               = "second"
  rotate_after       = var.rotate_after
  rotation_jitter    = var.rotation_jitter
}
`)
	k.vary("rotate_after", "90d", "rotation_jitter", "60d")
	k.MustApply()
	k.MustBeQuiet()
	early := map[string]time.Duration{}
	for _, address := range []string{first, second} {
		early[address] = k.moment(t, address, "created_at").Add(90 * day).Truncate(time.Minute).Sub(k.moment(t, address, "rotation_due_at"))
		if early[address] < 0 || early[address] >= 60*day {
			t.Errorf("%s is rotated %s early", address, early[address])
		}
	}
	if early[first] == early[second] {
		t.Errorf("both are rotated %s early", early[first])
	}
	ahead := time.Until(k.moment(t, first, "rotation_due_at"))
	server.box.MoveClock(t, ahead-time.Hour)
	k.vary("deletion_policy", "delete") // has everything planned anew
	k.mustPlan(t, first, "update")
	k.vary("deletion_policy", "")
	server.box.MoveClock(t, ahead+time.Hour)
	k.mustPlan(t, first, "delete+create", "is due for rotation")
}

// What is wrong with a period is told at plan, at its attribute.
func TestBadPeriods(t *testing.T) {
	t.Parallel()
	server := target(t)
	w := acctest.NewWorkspace(t, server.env)
	account := quoted("00000000000000000000000000")
	for _, test := range []struct{ lines, at, want string }{
		{`rotate_after = ""`, "rotate_after", `"" is no period`},
		{`rotate_after = "90"`, "rotate_after", `"90" is no period`},
		{`rotate_after = "1.5d"`, "rotate_after", "whole days, hours and minutes"},
		{`rotate_after = "1h1d"`, "rotate_after", "in this order"},
		{`rotate_after = "0d"`, "rotate_after", "want more than nothing"},
		{`rotate_after = "36501d"`, "rotate_after", "at most 36500 days"},
		{"rotate_after = \"1d\"\n rotation_jitter = \"soon\"", "rotation_jitter", `"soon" is no period`},
		{"rotate_after = \"1d\"\n rotation_jitter = \"24h\"", "rotation_jitter", "rotation_jitter (24h) must be shorter than rotate_after (1d)"},
		{`rotation_jitter = "1h"`, "rotation_jitter", "rotation_jitter says nothing without rotate_after"},
		{`on_drift = "fix"`, "on_drift", `"repair"`},
		{`deletion_policy = "keep"`, "deletion_policy", `"prevent"`},
		{`keep_if_used_within = "a day"`, "keep_if_used_within", `"a day" is no period`},
		{"keep_if_used_within = \"1d\"\n verify_on_refresh = true", "keep_if_used_within", "Each refresh with verify_on_refresh is a use of the credential"},
	} {
		t.Log(test.lines)
		w.Write("main.tf", credentialOf(account, test.lines))
		w.PlanMustFail(acctest.Says(test.at+" =", test.want))
	}
	for _, test := range []struct{ lines, at, want string }{
		{"", "Missing required argument", `"overlap" is required`},
		{`overlap = "never"`, "overlap", `"never" is no period`},
		{"rotate_after = \"7d\"\n overlap = \"168h\"", "overlap", "overlap (168h) must be shorter than rotate_after (7d)"},
		{"rotate_after = \"7d\"\n overlap = \"1d\"\n rotation_jitter = \"8d\"", "rotation_jitter", "must be shorter than rotate_after (7d)"},
	} {
		t.Log(test.lines)
		w.Write("main.tf", fmt.Sprintf("resource \"machineid_keycard_service_account_rotating_credential\" \"test\" {\n service_account_id = %s\n name = \"ci\"\n%s\n}\n", account, test.lines))
		w.PlanMustFail(acctest.Says(test.at, test.want))
	}
}
