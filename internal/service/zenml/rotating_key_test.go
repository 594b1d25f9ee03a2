package zenml_test

import (
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// A rotation by age keeps the key and its old value, until the overlap is over.
func TestAccRotatingKeyTurnsByAge(t *testing.T) {
	t.Parallel()
	r := clocked(t, "rotating_key.tf", nil)
	box := r.server.box
	first := r.held("current")
	if r.Value(rotatingAddress, "previous") != nil || r.Value(rotatingAddress, "active") != true {
		t.Error("a new key has a previous value, or is not active")
	}
	due := moment(t, first["created"]).Add(90 * day).Truncate(time.Minute)
	if got := moment(t, r.Value(rotatingAddress, "rotation_due_at")); !got.Equal(due) {
		t.Errorf("due at %s, want %s", got, due)
	}
	box.MoveClock(t, 89*day)
	r.MustBeQuiet()

	box.MoveClock(t, 90*day+time.Hour)
	r.mustTurn(t, rotatingAddress, "update", "is due for rotation", "keeps this one for the overlap of 7d")
	current, previous := r.held("current"), r.held("previous")
	if text(current, "id") != text(first, "id") || text(current, "secret") == text(first, "secret") || text(previous, "secret") != text(first, "secret") {
		t.Errorf("after the rotation the ids are %v and %v", current["id"], previous["id"])
	}
	if got := moment(t, previous["retires_at"]); !got.Equal(moment(t, current["created"]).Add(7 * day)) {
		t.Errorf("retires at %s, the rotation was at %v", got, current["created"])
	}
	account, id := r.place()
	if rotated := acctest.At(r.server.hand.readKey(t, account, id), "metadata", "last_rotated"); !moment(t, rotated.(string)+"Z").Equal(moment(t, current["created"])) {
		t.Errorf("created is %v, the server rotated at %v", current["created"], rotated)
	}
	r.mustAccept(t, true, text(current, "secret"), text(first, "secret"))

	// The server ends the old value by itself, and the state follows without a request of its own.
	box.MoveClock(t, 97*day)
	r.MustBeQuiet()
	r.mustAccept(t, true, text(first, "secret"))
	box.MoveClock(t, 97*day+3*time.Hour)
	r.mustAccept(t, false, text(first, "secret"))
	box.ForgetRequests(t)
	r.mustTurn(t, rotatingAddress, "update")
	if r.Value(rotatingAddress, "previous") != nil || box.Count(t, changes) != 0 {
		t.Errorf("previous is %v, requests %v", r.held("previous"), box.Requests(t))
	}
	r.mustAccept(t, true, text(current, "secret"))
	if keys := box.Objects(t, "zenml", "api_keys"); len(keys) != 1 {
		t.Errorf("there are %d keys", len(keys))
	}
	r.MustDestroy()
	box.MustBeEmpty(t, "zenml")
}

// The whole state of a new key, so that no attribute goes unchecked.
func TestAccRotatingKeyAttributes(t *testing.T) {
	t.Parallel()
	r := kept(t, "rotating_key.tf", map[string]any{"rotate_after": nil, "description": "d"})
	all := r.State().Values.RootModule.Resources
	for _, resource := range all {
		if resource.Address != rotatingAddress {
			continue
		}
		if err := knownvalue.MapExact(map[string]knownvalue.Check{
			"service_account_id": isUUID, "name": knownvalue.StringExact("ci"), "description": knownvalue.StringExact("d"), "active": knownvalue.Bool(true),
			"deletion_policy": knownvalue.Null(), "rotate_when_changed": knownvalue.Null(), "rotate_after": knownvalue.StringExact("90d"),
			"rotation_jitter": knownvalue.Null(), "rotation_due_at": isMoment, "on_drift": knownvalue.Null(), "verify_on_refresh": knownvalue.Null(),
			"overlap": knownvalue.StringExact("7d"), "verify": knownvalue.Null(), "previous": knownvalue.Null(), "encrypt_to": knownvalue.Null(),
			"current": knownvalue.MapExact(map[string]knownvalue.Check{
				"id": isUUID, "secret": isKey, "created": isMoment, "encrypted_secret": knownvalue.Null(), "recipient_fingerprints": knownvalue.Null(),
			}),
		}).CheckValue(resource.AttributeValues); err != nil {
			t.Error(err)
		}
	}
	// Name and description change in place, and the value stays.
	before := r.held("current")
	r.set(t, map[string]any{"key_name": "renamed", "description": nil})
	r.mustTurn(t, rotatingAddress, "update")
	if after := r.held("current"); text(after, "secret") != text(before, "secret") {
		t.Error("a new name changed the value")
	}
	r.mustAccept(t, true, text(before, "secret"))
	r.MustDestroy()
}

// A rotation that is asked for ends an earlier value early, and says so.
func TestAccRotatingKeyTurnsWhenChanged(t *testing.T) {
	t.Parallel()
	r := kept(t, "rotating_key.tf", map[string]any{"rotate": map[string]string{"n": "1"}})
	first := text(r.held("current"), "secret")
	r.set(t, map[string]any{"rotate": map[string]string{"n": "2"}})
	if _, printed, _ := r.Plan(); acctest.Said(printed, "no longer be marked as sensitive") {
		t.Errorf("the plan says that the secret is none any more:\n%s", printed)
	}
	r.mustTurn(t, rotatingAddress, "update")
	second := text(r.held("current"), "secret")
	r.mustAccept(t, true, first, second)
	r.set(t, map[string]any{"rotate": map[string]string{"n": "3"}})
	r.mustTurn(t, rotatingAddress, "update", "previous ZenML API key is revoked early")
	third := text(r.held("current"), "secret")
	r.mustAccept(t, true, second, third)
	r.mustAccept(t, false, first)
	if text(r.held("previous"), "secret") != second {
		t.Error("the previous value is not the one that was current")
	}
	// A map that goes is no rotation.
	r.set(t, map[string]any{"rotate": nil})
	r.mustTurn(t, rotatingAddress, "update")
	if text(r.held("current"), "secret") != third {
		t.Error("a map that went has rotated")
	}
	r.MustDestroy()
	r.mustAccept(t, false, second, third)
}

// What is due while the previous value lives waits for it.
func TestAccRotatingKeyWaitsForThePreviousValue(t *testing.T) {
	t.Parallel()
	r := clocked(t, "rotating_key.tf", nil)
	r.server.box.MoveClock(t, 91*day)
	r.mustTurn(t, rotatingAddress, "update", "is due for rotation")
	current := text(r.held("current"), "secret")
	// By the shorter period it is due at 96 days, and the previous value lives until 98.
	r.set(t, map[string]any{"rotate_after": "5d", "overlap": "4d"})
	r.mustTurn(t, rotatingAddress, "update")
	r.server.box.MoveClock(t, 97*day)
	r.MustBeQuiet()
	r.server.box.MoveClock(t, 98*day+2*time.Hour)
	r.mustTurn(t, rotatingAddress, "update", "is due for rotation")
	if previous := r.held("previous"); text(previous, "secret") != current ||
		!moment(t, previous["retires_at"]).Equal(moment(t, r.held("current")["created"]).Add(4*day)) {
		t.Errorf("previous retires at %v", previous["retires_at"])
	}
	r.mustAccept(t, true, current, text(r.held("current"), "secret"))
	r.MustDestroy()
}

// An imported key has no value in the state until it is rotated, and nothing but what only the configuration has differs.
func TestAccRotatingKeyImport(t *testing.T) {
	t.Parallel()
	r := kept(t, "rotating_key.tf", nil)
	account, id := r.place()
	secret := text(r.held("current"), "secret")
	w := acctest.NewWorkspace(t, r.server.env)
	configuration := func(more string) string {
		return "resource \"machineid_zenml_rotating_api_key\" \"test\" {\n service_account_id = \"" + account + "\"\n name = \"ci\"\n overlap = \"1d\"\n" + more + "\n}"
	}
	w.Write("main.tf", configuration(""))
	w.MustImport(rotatingAddress, account+"/"+id)
	imported := rotated{Workspace: w, server: r.server}
	if current := imported.held("current"); text(current, "id") != id || current["secret"] != nil || current["created"] != r.held("current")["created"] {
		t.Errorf("imported is %v, created at %v", current["id"], current["created"])
	}
	imported.mustTurn(t, rotatingAddress, "update") // overlap is known to the configuration alone
	rotatedByHand := r.server.hand.rotateKey(t, account, id, 60)
	w.MustApply()
	w.MustBeQuiet()
	w.Write("main.tf", configuration("rotate_when_changed = { n = \"1\" }"))
	imported.mustTurn(t, rotatingAddress, "update")
	w.Write("main.tf", configuration("rotate_when_changed = { n = \"2\" }"))
	imported.mustTurn(t, rotatingAddress, "update")
	current := text(imported.held("current"), "secret")
	r.mustAccept(t, true, rotatedByHand, current)
	r.mustAccept(t, false, secret)
	if previous := imported.held("previous"); previous["secret"] != nil || text(previous, "id") != id {
		t.Errorf("the previous value of an imported key is %v", previous["id"])
	}
	w.MustDestroy()
	r.mustTurn(t, rotatingAddress, "create", "was deleted outside Terraform")
	r.MustDestroy()
}

// What vanished leaves the state and says so.
func TestAccRotatingKeyVanished(t *testing.T) {
	t.Parallel()
	r := kept(t, "rotating_key.tf", nil)
	account, id := r.place()
	r.server.hand.deleteKey(t, account, id)
	r.mustTurn(t, rotatingAddress, "create", "ZenML API key was deleted outside Terraform")
	account, _ = r.place()
	r.server.hand.deleteAccount(t, account)
	r.mustTurn(t, rotatingAddress, "create", "was deleted outside Terraform", "No service account")
	r.MustDestroy()
}

// With adopt_existing a key of that name is taken over as a plain one is: active in the end, and rotated once.
func TestAccRotatingKeyAdopted(t *testing.T) {
	t.Parallel()
	server := target(t)
	account := server.hand.createAccount(t, unique("adopted"))
	t.Cleanup(func() { server.hand.deleteAccount(t, account) })
	id, old := server.hand.createKey(t, account, "ci")
	server.hand.updateKey(t, account, id, map[string]any{"active": false})
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", adopting+`
		resource "machineid_zenml_rotating_api_key" "test" {
			service_account_id = "`+account+`"
			name               = "ci"
			overlap            = "1d"
		}`)
	if printed := w.MustApply(); !acctest.Said(printed, "ZenML API key was adopted", "any earlier secret of it has ended") {
		t.Errorf("nothing is told:\n%s", printed)
	}
	w.MustBeQuiet()
	r := rotated{Workspace: w, server: server}
	if text(r.held("current"), "id") != id || w.Value(rotatingAddress, "active") != true || w.Value(rotatingAddress, "previous") != nil {
		t.Errorf("the state has %v", r.held("current")["id"])
	}
	r.mustAccept(t, false, old)
	r.mustAccept(t, true, text(r.held("current"), "secret"))
	// What another configuration may have adopted meanwhile is not deleted.
	server.hand.rotateKey(t, account, id, 60)
	w.Write("main.tf", adopting)
	w.ApplyMustFail("Refused to delete ZenML API key", "was rotated at", "after it came into this state")
	w.Write("main.tf", "")
	w.MustApply()
}
