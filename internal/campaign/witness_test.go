package campaign_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/campaign"
)

// witnesses are cells that the CLI plays too: all systems and
// what differs most among steps and faults.
var witnesses = []string{
	"zenml service_account: create: POST /api/v1/service_accounts #1: cut after",
	"zenml service_account: update: PUT /api/v1/service_accounts/{id} #1: 502 page",
	"zenml api_key: rotate: POST /api/v1/service_accounts/{service_account_id}/api_keys #1: no id",
	"zenml api_key: refresh: POST /api/v1/login #1: 401",
	"dt service_account_key: create: POST /v2/projects/{project}/serviceaccounts/{account}/keys #1: cut in reply",
	"dt service_account_key: rotate: DELETE /v2/projects/{project}/serviceaccounts/{account}/keys/{key} #1: late reply",
	"dt service_account_rotating_key: turn: POST /v2/projects/{project}/serviceaccounts/{account}/keys #1: cut after",
	"dt service_account_rotating_key: turn: POST /oauth2/token #2: 401",
	"dt project_member: create: POST /v2/projects/{project}/members #1: late effect",
	"dt organization_member: create: POST /v2/organizations/{organization}/members #1: 500",
	"neowit service_account: create: POST /api/service-account/v1/service-account #1: malformed, lasting",
	"neowit service_account_key: create: POST /api/service-account/v1/service-account/{account}/key #1: no secret",
	"keycard service_account: refresh: GET /organizations/{organization}/service-accounts #1: 403",
	"keycard service_account_credential: create: POST /organizations/{organization}/service-accounts/{account}/credentials #1: empty",
	"keycard service_account_credential: rotate: POST /organizations/{organization}/service-accounts/{account}/credentials #1: refused",
}

// TestWitnesses plays some cells through the real CLI, and compares with what the engine says.
func TestWitnesses(t *testing.T) {
	t.Parallel()
	for _, lifecycle := range campaign.Lifecycles() {
		t.Run(lifecycle.System+"_"+lifecycle.Noun, func(t *testing.T) {
			t.Parallel()
			cells := campaign.Derive(t, lifecycle)
			for _, name := range witnesses {
				if !strings.HasPrefix(name, lifecycle.System+" "+lifecycle.Noun+":") {
					continue
				}
				at := slices.IndexFunc(cells, func(cell campaign.Cell) bool { return cell.String() == name })
				if at < 0 {
					t.Errorf("there is no cell %q", name)
					continue
				}
				t.Run(strings.ReplaceAll(name, "/", "."), func(t *testing.T) {
					t.Parallel()
					verdict := cells[at].Run(t, func(env map[string]string, now func() time.Time) campaign.Runner {
						return campaign.NewCLI(t, env, now)
					})
					if verdict.Outcome == campaign.Bad {
						t.Error(strings.Join(verdict.Problems, "\n"))
					}
					if engine := cells[at].Run(t, nil); engine.Outcome != verdict.Outcome {
						t.Errorf("the CLI says %s, and the engine %s", verdict.Outcome, engine.Outcome)
					}
				})
			}
		})
	}
}
