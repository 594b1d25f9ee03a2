//go:build unix

package provider_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

const creations = 40 // that testdata/killed has

// TestKilled kills an apply, with the provider, at a moment of chance, and applies again. Then nothing is unknown: what was
// made is in the state, or listed with its moment of creation, also if the kill has emptied the state file.
func TestKilled(t *testing.T) {
	t.Parallel()
	kills := 10
	if acctest.IsLong() {
		kills = 50
	}
	seed := acctest.Seed(t)
	var strays, imports, adoptions, lost atomic.Int32
	t.Cleanup(func() {
		t.Logf("%d kills left %d strays, %d imports and %d adoptions; %d hit the CLI while it wrote the state, and emptied it",
			kills, strays.Load(), imports.Load(), adoptions.Load(), lost.Load())
		if acctest.IsLong() && (strays.Load() == 0 || imports.Load() == 0 || adoptions.Load() == 0) {
			t.Error("the kills hit nothing that was under way")
		}
	})
	for i := range kills {
		chance := rand.New(rand.NewPCG(seed, uint64(i)))
		moment, pause := chance.IntN(2*creations), time.Duration(chance.IntN(20))*time.Millisecond
		t.Run(fmt.Sprintf("%d, at event %d", i, moment), func(t *testing.T) {
			t.Parallel()
			box := acctest.Sandbox(t)
			env, kill := killing(t, box, moment, pause)
			w := acctest.NewInstalledWorkspace(t, env)
			w.Variables(map[string]string{"dt_project": env["TF_VAR_dt_project"], "keycard_organization_id": env["TF_VAR_keycard_organization_id"]})
			w.Copy("internal/provider/testdata/killed/main.tf")
			adopts := i%2 == 1
			switch {
			case adopts:
				w.Write("provider.tf", "provider \"machineid\" { adopt_existing = true }\n")
			case i%4 == 2:
				box.Set(t, "keycard", map[string]string{"unique_names": "on"})
			}
			if !w.ApplyKilled(env, kill) {
				t.Error("the apply was over before the kill")
			}
			if w.LostState() {
				lost.Add(1)
			}
			before := len(inState(w.State()))
			made := madeObjects(t, box)
			imported := applyAgain(t, w, adopts, &adoptions)
			imports.Add(int32(len(imported)))
			if _, printed, changes := w.Plan(); changes {
				t.Errorf("a plan after the apply is not empty:\n%s", printed)
			}
			w.Write("strays.tf", mustRead(t, "testdata/killed/strays.tf"))
			w.MustApply()
			state := w.State()
			known, listed, found := inState(state), createdIn(state), 0
			if len(known) != creations {
				t.Errorf("the state has %d objects, want %d", len(known), creations)
			}
			for id := range madeObjects(t, box) {
				switch {
				case known[id]:
				case listed[id] == "":
					t.Errorf("nobody knows of %s", id)
				default:
					found++
				}
			}
			strays.Add(int32(found))
			t.Logf("%d were made before the kill, %d of them in the state; then %d imported, and %d strays listed", len(made), before, len(imported), found)
			mustAuthenticate(t, state, box, imported)
		})
	}
}

// killing tells when that many events were seen: a creation that arrives, or one that is answered. Each answer is held up
// for a moment, so that several are under way.
func killing(t *testing.T, box *acctest.Box, moment int, pause time.Duration) (env map[string]string, kill <-chan struct{}) {
	t.Helper()
	var events atomic.Int32
	var once sync.Once
	now := make(chan struct{})
	event := func(r *http.Request) bool {
		if r.Method == http.MethodPost && !strings.HasSuffix(r.URL.Path, "/token") && !strings.HasSuffix(r.URL.Path, "/login") {
			if int(events.Add(1)) > moment {
				<-time.After(pause)
				once.Do(func() { close(now) })
			}
		}
		return true
	}
	return box.Between(t, acctest.Between{Before: event, After: event}), now
}

// importTold is the command that the error about a name which is taken tells.
var importTold = regexp.MustCompile(`(?s)with (machineid_\S+),.*import '<address of this resource>' (\S+)`)

// applyAgain applies until that works. Where a name is taken, it does what the error says. It returns the addresses of what
// was imported.
func applyAgain(t *testing.T, w *acctest.Workspace, adopts bool, adoptions *atomic.Int32) (imported map[string]bool) {
	t.Helper()
	imported = map[string]bool{}
	for range 4 {
		printed, err := w.Apply()
		adoptions.Add(int32(strings.Count(printed, " was adopted")))
		if err == nil {
			return imported
		}
		if adopts {
			t.Fatalf("with adopt_existing, the apply must work: %v\n%s", err, printed)
		}
		for _, told := range strings.Split(printed, "Error: ")[1:] {
			found := importTold.FindStringSubmatch(told)
			if found == nil || !strings.Contains(told, "status 409") {
				t.Fatalf("an error is about no name that is taken:\n%s", told)
			}
			if printed, err := w.Import(found[1], found[2]); err != nil {
				t.Fatalf("%v\n%s", err, printed)
			}
			imported[found[1]] = true
		}
	}
	t.Fatal("the imports do not end")
	return nil
}
