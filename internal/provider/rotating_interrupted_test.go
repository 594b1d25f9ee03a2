package provider_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// TestInterruptedRotations presses Ctrl-C while the request for the next credential is under way, beside a previous one that
// still lives. What was made and is of no use is revoked, by the same run or by the next: nothing is left that no state knows.
func TestInterruptedRotations(t *testing.T) {
	t.Parallel()
	for name, how := range map[string]held{"answered late": answeredLate, "never answered": neverAnswered, "never arrived": neverArrived} {
		for system := range rotations {
			t.Run(system+", "+name, func(t *testing.T) {
				t.Parallel()
				box := acctest.Sandbox(t)
				env, active, underWay := holdingIf(t, box, how, func(r *http.Request) bool { return rotates(r, system) })
				w := acctest.NewInstalledWorkspace(t, env)
				w.Copy("internal/provider/testdata/rotating/" + system + ".tf")
				before := rotateTwice(t, w, box, env)
				active.Store(true)
				ctx, interrupt := context.WithCancel(context.Background())
				defer interrupt()
				interrupted := make(chan time.Time, 1)
				go func() {
					<-underWay
					interrupted <- time.Now()
					interrupt()
				}()
				printed, err := w.ApplyUntil(ctx)
				if took := since(t, interrupted); took > 10*time.Second || err == nil {
					t.Errorf("the apply ended %s after the interrupt, with %v:\n%s", took, err, printed)
				}
				active.Store(false)
				if strays := mustRotate(t, w, box, system, before); len(strays) > 0 {
					t.Errorf("the state does not know %q; the interrupted apply said:\n%s", strays, printed)
				}
				w.MustDestroy()
				box.MustBeEmpty(t, system)
			})
		}
	}
}
