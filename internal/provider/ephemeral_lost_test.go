//go:build unix

package provider_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// What somebody else has revoked meanwhile is nothing to tell of.
func TestEphemeralCredentialsRevokedByAnother(t *testing.T) {
	t.Parallel()
	for name := range ephemeralSystems {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box := acctest.Sandbox(t)
			env := box.Env()
			run := ephemeralRunOf(t, name, box, env)
			run.using(func(map[string]string) bool {
				// So much later that a 404 is not waited out.
				box.MoveClock(t, time.Minute)
				revokeByHand(t, env, run.made()[0], name)
				return len(run.made()) == 0
			})
			run.open("revoked")
			if printed := run.MustApply(); strings.Contains(printed, "Warning: Cannot") || strings.Contains(printed, "deleted outside") {
				t.Errorf("something was told:\n%s", printed)
			}
			run.end()
		})
	}
}

// revokeByHand deletes a credential as a resource would.
func revokeByHand(t *testing.T, env map[string]string, made acctest.Object, system string) {
	t.Helper()
	parent := made.Parent
	prior := map[string]map[string]any{
		"dt":      {"service_account": parent, "id": made.ID, "name": parent + "/keys/" + made.ID},
		"neowit":  {"service_account_id": parent, "key_id": made.ID},
		"keycard": {"organization_id": env["TF_VAR_keycard_organization_id"], "service_account_id": parent, "id": made.ID, "name": made.Name},
		"zenml":   {"service_account_id": parent, "id": made.ID, "name": made.Name},
	}[system]
	if told := acctest.ApplyUnplanned(t, env, nil, ephemeralSystems[system].kind, prior, nil); len(told) > 0 {
		t.Error(told)
	}
}

// candidate is a line of an error that lists what may have been made: its id, when, and how long ago.
var candidate = regexp.MustCompile(`-\s+(\S+),\s+made\s+at\s+\S+Z,\s+\d+s\s+ago`)

// If the answer is lost, an error lists what may have been made, and nothing of that is touched: it may be somebody else's.
func TestEphemeralCredentialsWhoseAnswerIsLost(t *testing.T) {
	t.Parallel()
	for name, system := range ephemeralSystems {
		for _, kind := range []string{"cut_after", "empty", "html"} {
			t.Run(name+", "+kind, func(t *testing.T) {
				t.Parallel()
				box := acctest.Sandbox(t)
				run := ephemeralRunOf(t, name, box, box.Env())
				// ZenML knows repeats of the same creation, so that all of them must be lost.
				box.Fault(t, map[string]any{"system": name, "method": http.MethodPost, "path": system.path, "kind": kind})
				run.open("lost")
				printed := run.ApplyMustFail("Cannot open ephemeral", "No usable answer came back. In "+system.place, "these were made between",
					"It is in no state, so none was touched", "Delete the one that nobody else has made")
				made := run.made()
				told := candidate.FindAllStringSubmatch(printed, -1)
				if len(made) != 1 || len(told) != 1 || !strings.HasSuffix(told[0][1], made[0].ID) {
					t.Fatalf("there are %v, and told was %v:\n%s", made, told, printed)
				}
				if run.handed.Load() != nil {
					t.Error("something was handed over")
				}
				if changed := box.Count(t, func(request acctest.RequestCount) bool { return request.Method == http.MethodDelete }); changed > 0 {
					t.Errorf("%d were revoked", changed)
				}
				box.Mend(t)
				run.end()
			})
		}
	}
}

// What a system does not show yet is no less revoked: a 404 right after the creation is not believed.
func TestEphemeralCredentialsThatAreNotVisibleYet(t *testing.T) {
	t.Parallel()
	for name, delay := range map[string]string{"dt": "visibility_delay_ms", "keycard": "replica_lag_ms"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box := acctest.Sandbox(t)
			run := ephemeralRunOf(t, name, box, box.Env())
			box.Set(t, name, map[string]string{delay: "2500"})
			run.open("not visible yet")
			run.MustApply()
			if left := run.made(); len(left) > 0 {
				t.Errorf("after the apply there are %v", left)
			}
			box.Set(t, name, map[string]string{delay: "0"})
			run.end()
		})
	}
}

// If only the request was lost, it is repeated.
func TestEphemeralCredentialsWhoseRequestIsLost(t *testing.T) {
	t.Parallel()
	for name, system := range ephemeralSystems {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box := acctest.Sandbox(t)
			run := ephemeralRunOf(t, name, box, box.Env())
			run.using(func(map[string]string) bool { return run.accepted() && len(run.made()) == 1 })
			box.Fault(t, map[string]any{"system": name, "method": http.MethodPost, "path": system.path, "kind": "cut_before", "times": 1})
			run.open("repeated")
			run.MustApply()
			if left := run.made(); len(left) > 0 {
				t.Errorf("after the apply there are %v", left)
			}
			run.end()
		})
	}
}

// An answer that lacks the secret is of no use, so what was made is revoked, and the error tells so.
func TestEphemeralCredentialsWithoutASecret(t *testing.T) {
	t.Parallel()
	for name, system := range ephemeralSystems {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box := acctest.Sandbox(t)
			run := ephemeralRunOf(t, name, box, box.Env())
			field := map[string]string{"keycard": "client_secret", "zenml": "key"}[name]
			if field == "" {
				field = "secret"
			}
			box.Fault(t, map[string]any{"system": name, "method": http.MethodPost, "path": system.path, "kind": "lacking", "field": field})
			run.open("lacking")
			run.ApplyMustFail("Cannot open ephemeral", "lacks its", "was revoked again. Run again")
			if left := run.made(); len(left) > 0 {
				t.Errorf("after the apply there are %v", left)
			}
			box.Mend(t)
			run.end()
		})
	}
}

// A killed run leaves what it has made. The list shows it, with its age.
func TestEphemeralCredentialsOfKilledRuns(t *testing.T) {
	t.Parallel()
	for name, system := range ephemeralSystems {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box := acctest.Sandbox(t)
			env := box.Env()
			run := ephemeralRunOf(t, name, box, env)
			kill := make(chan struct{})
			run.using(func(map[string]string) bool {
				close(kill)
				<-t.Context().Done() // the answer is not waited for any more
				return true
			})
			run.open("killed")
			if !run.ApplyKilled(env, kill) {
				t.Error("the apply was over before the kill")
			}
			left := run.made()
			if len(left) != 1 || !run.accepted() {
				t.Fatalf("after the kill there are %v", left)
			}
			run.Write("ephemeral.tf", "")
			ages := system.listed[:strings.LastIndexByte(system.listed, '.')] + ".age_days"
			run.Write("strays.tf", system.strays+"output \"strays\" {\n value = zipmap("+system.listed+", "+ages+")\n}\n")
			box.MoveClock(t, 50*time.Hour)
			run.MustApply()
			if listed, _ := run.Output("strays").(map[string]any); len(listed) != 1 || fmt.Sprint(listed[left[0].ID]) != "2" {
				t.Errorf("%v are listed, want %v, two days old", listed, left)
			}
			run.end()
		})
	}
}
