package zenml_test

import (
	"maps"
	"net/http"
	"testing"
	"time"

	"github.com/hashicorp/terraform-exec/tfexec"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// lose has the answer to the next rotation lost, which is asked for by a number, and sees that the run fails and says until
// when the value in the state is accepted.
func (r rotated) lose(t *testing.T, kind, number string) {
	t.Helper()
	box := r.server.box
	box.Fault(t, map[string]any{"system": "zenml", "method": http.MethodPut, "path": rotatePath, "kind": kind, "times": 1})
	box.ForgetRequests(t)
	r.set(t, map[string]any{"rotate": map[string]string{"n": number}})
	value := text(r.held("current"), "secret")
	r.ApplyMustFail("Cannot rotate ZenML API key", "nobody has the new value", "is accepted until "+box.Now().Add(7*day).UTC().Format("2006-01-02T"))
	if sent := r.rotations(t); sent != 1 {
		t.Errorf("the rotation was sent %d times", sent)
	}
	if text(r.held("current"), "secret") != value || r.Value(rotatingAddress, "previous") != nil {
		t.Error("the state has another value than the one that is accepted, or one beside it")
	}
	r.mustAccept(t, true, value)
}

// names are the names of the keys that the server has, by id.
func (r rotated) names(t *testing.T) map[string]string {
	t.Helper()
	return r.server.box.Names(t, "zenml", "api_keys")
}

// A rotation whose answer is lost is never repeated: that would refuse whoever uses the value in the state. A second key takes
// over, whatever on_drift says, and nobody is refused.
func TestAccRotatingKeyLostAnswer(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"cut_after", "malformed", "empty", "html"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := clocked(t, "rotating_key.tf", map[string]any{"on_drift": "error", "rotate": map[string]string{"n": "1"}})
			account, id := r.place()
			first := text(r.held("current"), "secret")
			r.lose(t, kind, "2")
			until := r.retained(t, account, id)
			r.mustTurn(t, rotatingAddress, "update", "was lost", "makes a second key")
			current, previous := r.held("current"), r.held("previous")
			if text(previous, "id") != id || text(previous, "secret") != first || !moment(t, previous["retires_at"]).Equal(until) {
				t.Errorf("the previous value is of %v, and retires at %v and not %s", previous["id"], previous["retires_at"], until)
			}
			if want := map[string]string{id: "ci (retiring " + id[:8] + ")", text(current, "id"): "ci"}; !maps.Equal(r.names(t), want) {
				t.Errorf("the keys are %v, want %v", r.names(t), want)
			}
			r.mustAccept(t, true, first, text(current, "secret"))

			r.server.box.MoveClock(t, 7*day+2*time.Hour)
			r.mustTurn(t, rotatingAddress, "update")
			if got := r.names(t); len(got) != 1 || r.Value(rotatingAddress, "previous") != nil {
				t.Errorf("the keys are %v", got)
			}
			r.mustAccept(t, true, text(current, "secret"))
			r.MustDestroy()
		})
	}
}

// retained is until when the server keeps the value before the newest.
func (r rotated) retained(t *testing.T, account, id string) time.Time {
	t.Helper()
	key := r.server.hand.readKey(t, account, id)
	rotated, _ := acctest.At(key, "metadata", "last_rotated").(string)
	minutes, _ := acctest.At(key, "metadata", "retain_period_minutes").(float64)
	return moment(t, rotated+"Z").Add(time.Duration(minutes) * time.Minute)
}

// A previous value ends with the rotation whose answer was lost, and what is asked for while the second key has taken over
// deletes the first one early. A destroy takes both.
func TestAccRotatingKeyLostAnswerWithPrevious(t *testing.T) {
	t.Parallel()
	r := clocked(t, "rotating_key.tf", map[string]any{"rotate": map[string]string{"n": "1"}})
	first := text(r.held("current"), "secret")
	r.set(t, map[string]any{"rotate": map[string]string{"n": "2"}})
	r.mustTurn(t, rotatingAddress, "update")
	second := text(r.held("current"), "secret")
	r.lose(t, "cut_after", "3")
	r.mustAccept(t, false, first)
	r.mustTurn(t, rotatingAddress, "update", "makes a second key")
	third := text(r.held("current"), "secret")
	r.mustAccept(t, true, second, third)
	r.set(t, map[string]any{"rotate": map[string]string{"n": "4"}})
	r.mustTurn(t, rotatingAddress, "update", "previous ZenML API key is revoked early")
	r.mustAccept(t, false, second)
	r.mustAccept(t, true, third, text(r.held("current"), "secret"))
	if got := r.names(t); len(got) != 1 {
		t.Errorf("the keys are %v", got)
	}
	r.lose(t, "cut_after", "5")
	r.mustTurn(t, rotatingAddress, "update", "makes a second key")
	r.MustDestroy(tfexec.Target(rotatingAddress))
	if got := r.names(t); len(got) != 0 {
		t.Errorf("the keys %v are left", got)
	}
	r.MustDestroy()
}

// If nobody applies that in time, the value in the state has ended, and the key is rotated in place.
func TestAccRotatingKeyLostAnswerForTooLong(t *testing.T) {
	t.Parallel()
	r := clocked(t, "rotating_key.tf", map[string]any{"rotate": map[string]string{"n": "1"}})
	_, id := r.place()
	r.lose(t, "cut_after", "2")
	r.server.box.MoveClock(t, 8*day)
	r.mustTurn(t, rotatingAddress, "update", "was lost", "rotates it again")
	if got := r.names(t); len(got) != 1 || got[id] != "ci" {
		t.Errorf("the keys are %v", got)
	}
	r.mustAccept(t, true, text(r.held("current"), "secret"))
	r.MustDestroy()
}

// Each failure while the second key takes over refuses nobody, and the next apply begins anew.
func TestAccRotatingKeyTakeoverFails(t *testing.T) {
	t.Parallel()
	r := clocked(t, "rotating_key.tf", map[string]any{"rotate": map[string]string{"n": "1"}})
	first := text(r.held("current"), "secret")
	r.lose(t, "cut_after", "2")
	const keyPath, keysPath = "/api/v1/service_accounts/*/api_keys/{id}", "/api/v1/service_accounts/*/api_keys"
	for _, broken := range []struct{ method, path, says string }{
		{http.MethodPut, keyPath, "Cannot set aside ZenML API key"}, {http.MethodPost, keysPath, "Cannot create the second ZenML API key"},
	} {
		r.server.box.Fault(t, map[string]any{"system": "zenml", "method": broken.method, "path": broken.path, "kind": "status", "status": http.StatusForbidden, "times": 1})
		r.ApplyMustFail(broken.says, "status 403")
		r.mustAccept(t, true, first)
	}
	r.mustTurn(t, rotatingAddress, "update", "makes a second key")
	r.mustAccept(t, true, first, text(r.held("current"), "secret"))
	r.server.box.MoveClock(t, 8*day)
	r.server.box.Fault(t, map[string]any{"system": "zenml", "method": http.MethodDelete, "path": keyPath, "kind": "status", "status": http.StatusForbidden, "times": 1})
	r.ApplyMustFail("Cannot delete the previous ZenML API key", "status 403")
	r.mustTurn(t, rotatingAddress, "update")
	if got := r.names(t); len(got) != 1 {
		t.Errorf("the keys are %v", got)
	}
	r.MustDestroy()
}

// What vanishes of the two is told. The first key is the current one again if it is all that is left.
func TestAccRotatingKeyVanishedAfterTakeover(t *testing.T) {
	t.Parallel()
	r := clocked(t, "rotating_key.tf", map[string]any{"rotate": map[string]string{"n": "1"}})
	account, id := r.place()
	r.lose(t, "cut_after", "2")
	r.mustTurn(t, rotatingAddress, "update", "makes a second key")
	_, second := r.place()
	r.server.hand.deleteKey(t, account, second)
	r.mustTurn(t, rotatingAddress, "update", "is the current one again", "makes a second key")
	if got := r.names(t); len(got) != 2 || got[id] != "ci (retiring "+id[:8]+")" {
		t.Errorf("the keys are %v", got)
	}
	r.mustAccept(t, true, text(r.held("current"), "secret"), text(r.held("previous"), "secret"))
	r.server.hand.deleteKey(t, account, id)
	r.mustSay(t, "no-op", "Previous ZenML API key was deleted outside Terraform")
	r.MustApply()
	r.MustBeQuiet()
	r.MustDestroy()
}

// A lost rotation of an imported key is known too, although the state has no value that it could have ended.
func TestAccRotatingKeyLostAnswerAfterImport(t *testing.T) {
	t.Parallel()
	server := target(t)
	if server.real {
		t.Skip("a real server loses no answers")
	}
	account := server.hand.createAccount(t, "imported")
	id, value := server.hand.createKey(t, account, "ci")
	w := acctest.NewWorkspaceAt(t, server.env, server.box.Now)
	w.Write("main.tf", `
		resource "machineid_zenml_rotating_api_key" "test" {
			service_account_id = "`+account+`"
			name               = "ci"
			rotate_after       = "90d"
			overlap            = "7d"
		}`)
	w.MustImport(rotatingAddress, account+"/"+id)
	w.MustApply()
	server.box.MoveClock(t, 91*day)
	server.box.Fault(t, map[string]any{"system": "zenml", "method": http.MethodPut, "path": rotatePath, "kind": "cut_after", "times": 1})
	w.ApplyMustFail("nobody has the new value")
	r := rotated{Workspace: w, server: server}
	r.mustTurn(t, rotatingAddress, "update", "was lost", "makes a second key")
	r.mustAccept(t, true, value, text(r.held("current"), "secret"))
	w.MustDestroy()
}
