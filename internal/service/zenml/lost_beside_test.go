package zenml_test

import (
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// If somebody else makes the same name while our request is lost, the server tells: it does not answer our repeat with it.
func TestALostRequestBesideTheSameName(t *testing.T) {
	t.Parallel()
	for noun, making := range makings {
		t.Run(noun, func(t *testing.T) {
			t.Parallel()
			server := target(t)
			holder := server.hand.createAccount(t, "holder")
			var visited atomic.Bool
			w := acctest.NewWorkspace(t, server.box.Between(t, acctest.Between{Before: func(r *http.Request) bool {
				if !acctest.IsCreation(r, making.path) || !visited.CompareAndSwap(false, true) {
					return true
				}
				if noun == "keys" {
					server.hand.createKey(t, holder, "lost-0")
				} else {
					server.hand.createAccount(t, "lost-0")
				}
				return false
			}}))
			w.Write("main.tf", noRetries+making.config(holder, 1))
			w.ApplyMustFail("Cannot create ZenML", "status 409", "did not answer a repeat of our request with it", "It was not touched", "Import it")
			mustBeKnown(t, w, nil)
			w.MustDestroy()
			if left := making.made(t, server, holder); len(left) != 1 {
				t.Errorf("there are %v, want theirs", left)
			}
		})
	}
}

// An answer that is lost only once is had again, with the secret.
func TestAnAnswerThatIsLostOnceIsHadAgain(t *testing.T) {
	t.Parallel()
	for noun, making := range makings {
		t.Run(noun, func(t *testing.T) {
			t.Parallel()
			server := target(t)
			holder := server.hand.createAccount(t, "holder")
			w := acctest.NewWorkspace(t, server.env)
			w.Write("main.tf", noRetries+making.config(holder, 1))
			server.box.Fault(t, map[string]any{"system": "zenml", "method": "POST", "path": making.path, "kind": "cut_after", "times": 1})
			w.MustApply()
			w.MustBeQuiet()
			if secret, _ := w.Value(making.resource+"[0]", "key").(string); noun == "keys" {
				if _, accepted := server.hand.loginWithKey(t, secret); !accepted {
					t.Error("the secret is not in the state")
				}
			}
			w.MustDestroy()
		})
	}
}
