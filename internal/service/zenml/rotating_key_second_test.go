package zenml_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-exec/tfexec"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

const (
	oneKeyPath     = "/api/v1/service_accounts/*/api_keys/{id}"
	newKeyPath     = "/api/v1/service_accounts/*/api_keys"
	leftToDelete   = "A ZenML API key is left to be deleted"
	foundWhere     = "A ZenML API key was found where a creation was lost"
	cannotMakeNext = "Cannot create the second ZenML API key"
	whatToDo       = "If it is somebody else's, give one of the two another name. Then apply again."
)

// lost is a rotating key whose value was lost in a rotation, so that a second key is to take over.
func lost(t *testing.T) (r rotated, account, id, value string) {
	t.Helper()
	r = clocked(t, "rotating_key.tf", map[string]any{"rotate": map[string]string{"n": "1"}})
	account, id = r.place()
	value = text(r.held("current"), "secret")
	r.lose(t, "cut_after", "2")
	return r, account, id, value
}

// once arms a fault that strikes one request.
func (r rotated) once(t *testing.T, method, path string, fault map[string]any) {
	t.Helper()
	maps.Copy(fault, map[string]any{"system": "zenml", "method": method, "path": path, "times": 1})
	r.server.box.Fault(t, fault)
}

// other is the key that is not the one with this id.
func (r rotated) other(t *testing.T, id string) string {
	t.Helper()
	for found := range r.names(t) {
		if found != id {
			return found
		}
	}
	t.Fatal("there is no other key")
	return ""
}

// mustTakeOver applies a plan that says these phrases, and fails unless a new key has taken over from the one with this id, and
// the key in the way, if there is one, is gone.
func (r rotated) mustTakeOver(t *testing.T, id, value, inTheWay string, phrases ...string) {
	t.Helper()
	r.mustTurn(t, rotatingAddress, "update", append([]string{"makes a second key"}, phrases...)...)
	current := r.held("current")
	want := map[string]string{id: "ci (retiring " + id[:8] + ")", text(current, "id"): "ci"}
	if got := r.names(t); !maps.Equal(got, want) || text(current, "id") == inTheWay {
		t.Errorf("the keys are %v, want %v without %s", got, want, inTheWay)
	}
	r.mustAccept(t, true, value, text(current, "secret"))
	r.MustDestroy()
	r.server.box.MustBeEmpty(t, "zenml")
}

// A second key that was made, is of no use and could not be deleted is in the way of the next one: its name is taken. It is
// deleted first, and the plan says so.
func TestAccRotatingKeySecondIsLeft(t *testing.T) {
	t.Parallel()
	r, _, id, value := lost(t)
	r.once(t, http.MethodPost, newKeyPath, map[string]any{"kind": "lacking", "field": "key"})
	r.once(t, http.MethodDelete, oneKeyPath, map[string]any{"kind": "status", "status": http.StatusForbidden})
	r.ApplyMustFail(cannotMakeNext, "Cannot delete the second ZenML API key", "status 403", "The next plan tells of it, and its apply deletes it first")
	left := r.other(t, id)
	r.mustAccept(t, true, value)
	// Again, so that the note is seen to outlive a run that fails.
	r.once(t, http.MethodDelete, oneKeyPath, map[string]any{"kind": "status", "status": http.StatusForbidden})
	r.ApplyMustFail("Cannot delete the second ZenML API key", left, "status 403")
	r.mustTakeOver(t, id, value, left, leftToDelete, left)
}

// What is left is deleted although there is nothing else to do with the values by now, and with the resource.
func TestAccRotatingKeySecondIsLeftFor(t *testing.T) {
	t.Parallel()
	for name, then := range map[string]func(t *testing.T, r rotated, id, left string){
		"too long": func(t *testing.T, r rotated, id, left string) {
			t.Helper()
			r.server.box.MoveClock(t, 8*day)
			r.mustTurn(t, rotatingAddress, "update", "rotates it again", leftToDelete, left)
			if got := r.names(t); len(got) != 1 || got[id] != "ci" {
				t.Errorf("the keys are %v", got)
			}
			r.mustAccept(t, true, text(r.held("current"), "secret"))
			r.MustDestroy()
		},
		"the end": func(t *testing.T, r rotated, _, _ string) {
			t.Helper()
			r.MustDestroy(tfexec.Target(rotatingAddress))
			if got := r.names(t); len(got) != 0 {
				t.Errorf("the keys %v are left", got)
			}
			r.mustEnd(t)
		},
		"the end of its management": func(t *testing.T, r rotated, id, _ string) {
			t.Helper()
			r.Write("provider.tf", `provider "machineid" { deletion_policy = "abandon" }`)
			r.MustDestroy(tfexec.Target(rotatingAddress))
			if got := r.names(t); len(got) != 1 || got[id] == "" {
				t.Errorf("the keys are %v", got)
			}
			r.Write("provider.tf", "")
			r.MustDestroy()
		},
		"deleted by hand": func(t *testing.T, r rotated, _, left string) {
			t.Helper()
			account, _ := r.place()
			r.server.hand.deleteKey(t, account, left)
			r.mustTurn(t, rotatingAddress, "update", "makes a second key", leftToDelete)
			r.MustDestroy()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, _, id, _ := lost(t)
			r.once(t, http.MethodPost, newKeyPath, map[string]any{"kind": "lacking", "field": "key"})
			r.once(t, http.MethodDelete, oneKeyPath, map[string]any{"kind": "status", "status": http.StatusForbidden})
			r.ApplyMustFail(cannotMakeNext)
			then(t, r, id, r.other(t, id))
			r.server.box.MustBeEmpty(t, "zenml")
		})
	}
}

// A second key whose answer was lost may be somebody else's: no other run than the one whose plan says so deletes it.
func TestAccRotatingKeySecondIsLost(t *testing.T) {
	t.Parallel()
	r, _, id, value := lost(t)
	left := r.loseSecond(t, id)
	r.mustTakeOver(t, id, value, left, foundWhere, left)
}

// loseSecond has the answer to the creation of the second key lost for good, and returns what was found.
func (r rotated) loseSecond(t *testing.T, id string) string {
	t.Helper()
	r.server.box.Fault(t, map[string]any{"system": "zenml", "method": http.MethodPost, "path": newKeyPath, "kind": "cut_after"})
	r.ApplyMustFail(cannotMakeNext, "It was not touched", "its apply deletes it")
	r.server.box.Mend(t)
	return r.other(t, id)
}

// An interrupt does not keep a second key that is of no use from being deleted.
func TestAccRotatingKeySecondIsInterrupted(t *testing.T) {
	t.Parallel()
	server := target(t)
	if server.real {
		t.Skip("a real server loses no answers")
	}
	var spoils atomic.Bool
	ctx, interrupt := context.WithCancel(context.Background())
	defer interrupt()
	env := server.box.Between(t, acctest.Between{Rewrite: func(request *http.Request, answer string) string {
		if !spoils.Load() || !acctest.IsCreation(request, newKeyPath) {
			return answer
		}
		interrupt()
		<-time.After(1500 * time.Millisecond) // the interrupt has reached the provider by then
		return strings.Replace(answer, `"key":`, `"lacking":`, 1)
	}})
	r := rotated{
		Workspace: acctest.NewWorkspaceAt(t, env, server.box.Now), server: server, config: "rotating_key.tf",
		variables: map[string]any{"name": "interrupted", "rotate": map[string]string{"n": "1"}},
	}
	r.configure()
	r.set(t, nil)
	r.MustApply()
	_, id := r.place()
	value := text(r.held("current"), "secret")
	r.lose(t, "cut_after", "2")
	spoils.Store(true)
	if printed, err := r.ApplyUntil(ctx); err == nil || !acctest.Said(printed, cannotMakeNext) {
		t.Errorf("the apply ended with %v:\n%s", err, printed)
	}
	spoils.Store(false)
	if got := r.names(t); len(got) != 1 {
		t.Errorf("the keys are %v", got)
	}
	r.mustTakeOver(t, id, value, "")
}

// killed has the system be as it is if a run was killed after it had made the second key: no state knows that one.
func (r rotated) killed(t *testing.T, account, id string) (unknown, secret string) {
	t.Helper()
	r.server.hand.updateKey(t, account, id, map[string]any{"name": "ci (retiring " + id[:8] + ")"})
	return r.server.hand.createKey(t, account, "ci")
}

// A run that was killed after the second key was made leaves one that no state knows, under the name that the next one needs. It
// may as well be somebody else's: each error says what to do about it, and nothing is touched.
func TestAccRotatingKeySecondOfAKilledRun(t *testing.T) {
	t.Parallel()
	r, account, id, value := lost(t)
	unknown, secret := r.killed(t, account, id)
	r.ApplyMustFail(cannotMakeNext, "status 409", unknown, "was never used", whatToDo)
	r.server.hand.useKey(t, secret)
	r.ApplyMustFail(cannotMakeNext, "status 409", unknown, "was last used at", whatToDo)
	if got := r.names(t); got[unknown] != "ci" {
		t.Errorf("the keys are %v", got)
	}
	r.mustAccept(t, true, value)
	r.server.hand.deleteKey(t, account, unknown)
	r.mustTakeOver(t, id, value, unknown)
}

// Too late for a second key, the first one gets its name back, and meets the same.
func TestAccRotatingKeySecondOfARunKilledLongAgo(t *testing.T) {
	t.Parallel()
	r, account, id, _ := lost(t)
	unknown, _ := r.killed(t, account, id)
	r.server.box.MoveClock(t, 8*day)
	r.ApplyMustFail("Cannot update ZenML API key", "status 409", unknown, "was never used", whatToDo)
	r.server.hand.updateKey(t, account, unknown, map[string]any{"name": "theirs"})
	r.mustTurn(t, rotatingAddress, "update", "rotates it again")
	if got := r.names(t); got[id] != "ci" || got[unknown] != "theirs" {
		t.Errorf("the keys are %v", got)
	}
	r.mustAccept(t, true, text(r.held("current"), "secret"))
	r.MustDestroy()
}

// What was found where an answer was lost is left alone if it turns out to be somebody's, and the error says what to do.
func TestAccRotatingKeySecondIsSomebodys(t *testing.T) {
	t.Parallel()
	for name, claim := range map[string]func(t *testing.T, r rotated, account, found string){
		"used": func(t *testing.T, r rotated, account, found string) {
			t.Helper()
			r.server.hand.useKey(t, r.server.hand.rotateKey(t, account, found, 0))
		},
		"stop": func(_ *testing.T, r rotated, _, _ string) {
			r.Write("provider.tf", `provider "machineid" { unknown_outcome = "stop" }`)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, account, id, value := lost(t)
			found := r.loseSecond(t, id)
			claim(t, r, account, found)
			r.ApplyMustFail(cannotMakeNext, "status 409", found, whatToDo)
			r.mustSay(t, "update", "makes a second key")
			if _, printed, _ := r.Plan(); acctest.Said(printed, foundWhere) {
				t.Errorf("the plan is to delete it:\n%s", printed)
			}
			r.server.hand.deleteKey(t, account, found)
			r.mustTakeOver(t, id, value, found)
		})
	}
}

// One that got another name since is not in the way.
func TestAccRotatingKeySecondIsRenamed(t *testing.T) {
	t.Parallel()
	r, account, id, value := lost(t)
	found := r.loseSecond(t, id)
	r.server.hand.updateKey(t, account, found, map[string]any{"name": "theirs"})
	r.mustTurn(t, rotatingAddress, "update", "makes a second key", foundWhere)
	if got := r.names(t); got[found] != "theirs" || len(got) != 3 {
		t.Errorf("the keys are %v", got)
	}
	r.mustAccept(t, true, value, text(r.held("current"), "secret"))
	r.MustDestroy()
}

// The first key steps aside in one step, whatever name it is to have, and whatever name it has from an earlier try.
func TestAccRotatingKeyTakeoverRenamesOnce(t *testing.T) {
	t.Parallel()
	for name, planned := range map[string]string{"a new name": "renamed", "the name that it had": "ci"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, account, id, value := lost(t)
			r.server.hand.updateKey(t, account, id, map[string]any{"name": "ci (retiring " + id[:8] + ")"})
			r.set(t, map[string]any{"key_name": planned, "description": "d"})
			r.server.box.ForgetRequests(t)
			r.mustTurn(t, rotatingAddress, "update", "makes a second key")
			current := r.held("current")
			want := map[string]string{id: fmt.Sprintf("%s (retiring %s)", planned, id[:8]), text(current, "id"): planned}
			if got := r.names(t); !maps.Equal(got, want) {
				t.Errorf("the keys are %v, want %v", got, want)
			}
			if updates := r.server.box.Count(t, func(request acctest.RequestCount) bool { return request.Method == http.MethodPut }); updates != 1 {
				t.Errorf("%d updates, want that of the name", updates)
			}
			r.mustAccept(t, true, value, text(current, "secret"))
			r.MustDestroy()
		})
	}
}
