package provider_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
	"github.com/machineid/terraform-provider-machineid/internal/campaign"
)

// TestAListIsNotBelievedWhereItDiffers lets lists say what the objects themselves do not. Nothing of it may reach the state.
func TestAListIsNotBelievedWhereItDiffers(t *testing.T) {
	t.Parallel()
	lists := map[string][]string{
		"zenml":   {"/service_accounts", "/api_keys"},
		"dt":      {"/serviceaccounts", "/keys"},
		"neowit":  {"/service-account"},
		"keycard": {"/service-accounts", "/service-account-credentials", "/credentials"},
	}
	for name, lie := range map[string]func(answer string, ids []string) string{
		"another year": func(answer string, _ []string) string {
			now := time.Now().UTC()
			answer = strings.ReplaceAll(answer, now.Format("2006-01"), now.AddDate(-1, 0, 0).Format("2006-01"))
			return strings.ReplaceAll(answer, `"created":1`, `"created":2`) // Neowit counts seconds
		},
		"other objects": func(answer string, ids []string) string {
			for _, id := range ids {
				answer = strings.ReplaceAll(answer, id, id[:len(id)-1]+"0")
			}
			return answer
		},
		"nothing": func(string, []string) string { return "{}" },
	} {
		for system, paths := range lists {
			t.Run(system+", "+name, func(t *testing.T) {
				t.Parallel()
				box := acctest.Sandbox(t)
				var lying atomic.Bool
				var told atomic.Int32
				var ids []string
				env := box.Between(t, acctest.Between{Rewrite: func(r *http.Request, answer string) string {
					for _, path := range paths {
						if lying.Load() && r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, path) {
							lied := lie(answer, ids)
							if lied != answer {
								told.Add(1)
							}
							return lied
						}
					}
					return answer
				}})
				env["DT_REQUESTS_PER_SECOND"] = "0"
				engine := campaign.NewEngine(env, time.Now)
				blocks := accounts(system, "ours", env, 3, 2)
				if err := engine.Apply(t.Context(), blocks, nil); err != nil {
					t.Fatal(err)
				}
				for _, object := range engine.Objects() {
					for _, name := range []string{"id", "key_id"} {
						if id, ok := object.Values[name].(string); ok {
							ids = append(ids, id)
						}
					}
				}
				lying.Store(true)
				changes, err := engine.Changes(t.Context(), blocks)
				if err != nil || len(changes) > 0 {
					t.Errorf("%v, %v", changes, err)
				}
				if told.Load() == 0 {
					t.Error("no list lied")
				}
			})
		}
	}
}
