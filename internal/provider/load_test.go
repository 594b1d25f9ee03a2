package provider_test

import (
	"fmt"
	"net/http"
	"strconv"
	"testing"

	"github.com/hashicorp/terraform-exec/tfexec"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// Terraform is told to have so much under way at once.
const loadParallelism = 50

// mostRequests is how many requests a run at the limits may send for each that it sends without limits.
const mostRequests = 1.2

// undocumented are the systems that document no limit, so that the provider learns of one only when it meets it. Here each
// answers so many requests a second, and turns the others away.
var undocumented = []string{"zenml", "neowit", "keycard"}

const undocumentedLimit = 10

// load is how much is applied: each account has three keys, so it stands for four objects.
type load struct {
	dtAccounts, accounts int // the latter in each of the other three systems
}

func (l load) objects() int { return 4 * (l.dtAccounts + 3*l.accounts) }

func theLoad() load {
	if acctest.IsLong() {
		return load{dtAccounts: 40, accounts: 70}
	}
	return load{dtAccounts: 10, accounts: 5}
}

// TestLoad makes a hundred objects, or a thousand with MACHINEID_LONG=1, with parallelism 50, and then renames the accounts.
// DT holds to the limit that it documents, and the others to limits of which nobody told us. Nothing may fail, and the run
// may not send many more requests than one that meets no limit.
func TestLoad(t *testing.T) {
	t.Parallel()
	size := theLoad()
	free := acctest.Sandbox(t)
	limitless := applyLoad(t, free, acctest.With(free.Env(), "DT_REQUESTS_PER_SECOND", "0"), size)

	limited := acctest.Sandbox(t)
	limited.Set(t, "dt", map[string]string{"rate_limit": "true"})
	for _, system := range undocumented {
		limited.Fault(t, map[string]any{
			"system": system, "kind": "status", "status": http.StatusTooManyRequests, "retry_after": 1,
			"allow": undocumentedLimit, "window_ms": 1000,
		})
	}
	atLimits := applyLoad(t, limited, limited.Env(), size)

	refused := map[string]int{}
	for _, request := range limited.Requests(t) {
		if request.Status == http.StatusTooManyRequests {
			refused[request.System] += request.Count
		}
	}
	// A slow machine may keep below the limit of one or the other by itself.
	if len(refused) == 0 {
		t.Error("no request was turned away: there was no load")
	}
	t.Logf("%d objects: %d requests without limits, %d at the limits, of which were turned away: %v", size.objects(), limitless, atLimits, refused)
	if most := int(mostRequests * float64(limitless)); atLimits > most {
		t.Errorf("%d requests at the limits are more than %d, which is %.1f times those without limits", atLimits, most, mostRequests)
	}
}

// applyLoad makes the objects, renames the accounts, sees that everything is there once and in the state, and returns how
// many requests that took.
func applyLoad(t *testing.T, box *acctest.Box, env map[string]string, size load) int {
	t.Helper()
	w := acctest.NewInstalledWorkspace(t, env)
	w.Write("main.tf", read(t, "testdata/load/main.tf"))
	for _, generation := range []string{"first", "second"} {
		w.Variables(map[string]string{
			"project": env["TF_VAR_dt_project"], "generation": generation,
			"dt_accounts": strconv.Itoa(size.dtAccounts), "accounts": strconv.Itoa(size.accounts),
		})
		w.MustApply(tfexec.Parallelism(loadParallelism))
	}
	requests := 0
	for _, request := range box.Requests(t) {
		requests += request.Count
	}

	stored := map[string]bool{}
	for _, resource := range w.State().Values.RootModule.Resources {
		id := resource.AttributeValues["id"]
		if id == nil {
			id = resource.AttributeValues["key_id"]
		}
		stored[fmt.Sprint(resource.Type, " ", id)] = true
	}
	made := 0
	for _, byNoun := range box.AllObjects(t) {
		for _, objects := range byNoun {
			made += len(objects)
		}
	}
	if len(stored) != size.objects() || made != size.objects() {
		t.Errorf("%d objects are in the state and %d in the sandbox, want %d", len(stored), made, size.objects())
	}
	return requests
}
