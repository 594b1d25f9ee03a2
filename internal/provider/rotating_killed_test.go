//go:build unix

package provider_test

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// TestKilledRotations kills an apply, with the provider, in the middle of a rotation beside a previous credential that still
// lives: when the answer with the next one is on its way, or when that is to prove itself. Its secret is lost. Nobody is refused
// by that, and the next apply rotates. What the killed one made is listed with its moment of creation, where the state does not
// know it.
func TestKilledRotations(t *testing.T) {
	t.Parallel()
	for _, proven := range []bool{false, true} {
		for system := range rotations {
			name := system + ", when it was made"
			if proven {
				name = system + ", in its proof"
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				box := acctest.Sandbox(t)
				env, active, kill := killingRotation(t, box, system, proven)
				w := acctest.NewInstalledWorkspace(t, env)
				w.Copy("internal/provider/testdata/rotating/" + system + ".tf")
				before := rotateTwice(t, w, box, env)
				active.Store(true)
				if !w.ApplyKilled(env, kill) {
					t.Fatal("the apply was over before the kill")
				}
				active.Store(false)
				strays := mustRotate(t, w, box, system, before)
				// The value of a key in ZenML is no object, so that nothing can be left there.
				if (len(strays) == 1) != (system != "zenml") || len(strays) > 1 {
					t.Errorf("the state does not know %q", strays)
				}
				w.Write("strays.tf", mustRead(t, "testdata/killed/strays.tf"))
				w.MustApply()
				listed := createdIn(w.State())
				for _, id := range strays {
					if listed[id] == "" {
						t.Errorf("nobody knows of %s", id)
					}
				}
			})
		}
	}
}

// killingRotation tells when a rotation, once there is to be one, has come so far: its credential was made, or tries to log in.
// What is under way then does not return.
func killingRotation(t *testing.T, box *acctest.Box, system string, proven bool) (env map[string]string, active *atomic.Bool, kill <-chan struct{}) {
	t.Helper()
	var made atomic.Bool
	var once sync.Once
	active = &atomic.Bool{}
	now := make(chan struct{})
	stop := func(r *http.Request) bool {
		once.Do(func() { close(now) })
		<-r.Context().Done()
		return false
	}
	env = box.Between(t, acctest.Between{
		Before: func(r *http.Request) bool {
			login := strings.HasSuffix(r.URL.Path, "/token") || strings.HasSuffix(r.URL.Path, "-token") || strings.HasSuffix(r.URL.Path, "/login")
			if !made.Load() || !login || !active.Load() {
				return true
			}
			// The end of the connection is only seen by whoever has read the request.
			_, _ = io.Copy(io.Discard, r.Body)
			return stop(r)
		},
		After: func(r *http.Request) bool {
			if !active.Load() || !rotates(r, system) {
				return true
			}
			made.Store(true)
			return proven || stop(r)
		},
	})
	return env, active, now
}
