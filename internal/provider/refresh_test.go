package provider_test

import (
	"fmt"
	"maps"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
	"github.com/machineid/terraform-provider-machineid/internal/campaign"
)

// accounts are so many accounts of a system, each with so many keys. Their names begin alike.
func accounts(system, name string, env map[string]string, count, keys int) []campaign.Block {
	var blocks []campaign.Block
	for i := range count {
		account := campaign.Block{Label: fmt.Sprint("account-", i), Arguments: map[string]any{"name": fmt.Sprint(name, "-", i)}}
		key := campaign.Block{Arguments: map[string]any{}}
		holder := func(attribute string) campaign.Reference {
			return campaign.Reference{Label: account.Label, Attribute: attribute}
		}
		switch system {
		case "zenml":
			account.Type, key.Type = "machineid_zenml_service_account", "machineid_zenml_api_key"
			key.Arguments["service_account_id"] = holder("id")
		case "dt":
			account.Type, key.Type = "machineid_dt_service_account", "machineid_dt_service_account_key"
			account.Arguments = map[string]any{"project": env["TF_VAR_dt_project"], "display_name": account.Arguments["name"]}
			key.Arguments["service_account"] = holder("name")
		case "neowit":
			account.Type, key.Type = "machineid_neowit_service_account", "machineid_neowit_service_account_key"
			key.Arguments["service_account_id"] = holder("id")
		case "keycard":
			account.Type, key.Type = "machineid_keycard_service_account", "machineid_keycard_service_account_credential"
			key.Arguments["service_account_id"] = holder("id")
		}
		blocks = append(blocks, account)
		for j := range keys {
			block := key
			block.Label, block.Arguments = fmt.Sprintf("key-%d-%d", i, j), maps.Clone(key.Arguments)
			if system == "zenml" || system == "keycard" {
				block.Arguments["name"] = fmt.Sprint("key-", j)
			}
			blocks = append(blocks, block)
		}
	}
	return blocks
}

// managed takes keys of each account out of the state, here and there, and returns the blocks that remain.
func managed(engine *campaign.Engine, all []campaign.Block, keys, others int) []campaign.Block {
	if others == 0 {
		return all
	}
	every := (keys + others) / keys
	var kept []campaign.Block
	for _, block := range all {
		var account, key int
		if _, err := fmt.Sscanf(block.Label, "key-%d-%d", &account, &key); err == nil && key%every != every/2 {
			engine.Forget(block.Label)
			continue
		}
		kept = append(kept, block)
	}
	return kept
}

// TestRequestsOfARefresh counts what a plan with nothing to change sends, logins aside. With MACHINEID_LONG=1 the many that
// are not managed are ten thousand, otherwise two thousand. All four systems are configured, and only the one with objects
// may be spoken to. An account of DT has ten keys at most. The sandbox has accounts of its own, on a further page after 300.
func TestRequestsOfARefresh(t *testing.T) {
	t.Parallel()
	acctest.SkipUnderRaceDetector(t, "make test-requests")
	many := 2000
	if acctest.IsLong() {
		many = 10000
	}
	for name, test := range map[string]struct {
		system         string
		accounts, keys int
		others         int // accounts that are not managed
		otherKeys      int // keys of each account that are not managed
		most           int
	}{
		"zenml, one account":                                {"zenml", 1, 0, 0, 0, 1},
		"zenml, 1,000 keys of an account":                   {"zenml", 1, 1000, 0, 0, 3},
		"zenml, 1,000 keys of 100 accounts":                 {"zenml", 100, 10, 0, 0, 100 + 1 + 2},
		"zenml, ten accounts among many":                    {"zenml", 10, 0, many, 0, 11},
		"dt, one account":                                   {"dt", 1, 0, 0, 0, 1},
		"dt, 1,000 keys of 100 accounts":                    {"dt", 100, 10, 0, 0, 100 + 2 + 2},
		"dt, ten accounts among many":                       {"dt", 10, 0, many, 0, 11},
		"dt, 300 accounts":                                  {"dt", 300, 0, 0, 0, 4 + 10},
		"keycard, 300 accounts":                             {"keycard", 300, 0, 0, 0, 4 + 10},
		"neowit, one account":                               {"neowit", 1, 0, 0, 0, 1},
		"neowit, 1,000 keys of 100 accounts":                {"neowit", 100, 10, 0, 0, 3},
		"neowit, ten accounts among many":                   {"neowit", 10, 0, many, 0, 11},
		"keycard, one account":                              {"keycard", 1, 0, 0, 0, 1},
		"keycard, 1,000 credentials of 100":                 {"keycard", 100, 10, 0, 0, 100 + 1 + 2},
		"keycard, ten accounts among many":                  {"keycard", 10, 0, many, 0, 11},
		"zenml, one account among many":                     {"zenml", 1, 0, many, 0, 2},
		"zenml, ten keys among many of an account":          {"zenml", 1, 10, 0, many, 12},
		"dt, one account among many":                        {"dt", 1, 0, many, 0, 2},
		"neowit, one account among many":                    {"neowit", 1, 0, many, 0, 2},
		"neowit, ten keys among many of an account":         {"neowit", 1, 10, 0, many, 12},
		"keycard, one account among many":                   {"keycard", 1, 0, many, 0, 2},
		"keycard, ten credentials among many of an account": {"keycard", 1, 10, 0, many, 12},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box := acctest.Sandbox(t)
			env := acctest.With(box.Env(), "DT_REQUESTS_PER_SECOND", "0")
			others := campaign.NewEngine(env, time.Now)
			if err := others.Apply(t.Context(), accounts(test.system, "others", env, test.others, 0), nil); err != nil {
				t.Fatal(err)
			}
			engine := campaign.NewEngine(env, time.Now)
			all := accounts(test.system, "ours", env, test.accounts, test.keys+test.otherKeys)
			if err := engine.Apply(t.Context(), all, nil); err != nil {
				t.Fatal(err)
			}
			blocks := managed(engine, all, test.keys, test.otherKeys)
			for bulk, most := range map[bool]int{true: test.most, false: len(blocks)} {
				engine.Configure(map[string]any{"bulk_refresh": bulk})
				box.ForgetRequests(t)
				if changes, err := engine.Changes(t.Context(), blocks); err != nil || len(changes) > 0 {
					t.Fatalf("%v, %v", changes, err)
				}
				requests := 0
				for _, sent := range box.Requests(t) {
					if sent.System != test.system {
						t.Errorf("bulk_refresh %t: %+v, to a system that has nothing to do with the plan", bulk, sent)
					}
					if !sent.Token {
						requests += sent.Count
					}
				}
				if requests > most || !bulk && requests != most {
					t.Errorf("bulk_refresh %t: %d requests, want at most %d", bulk, requests, most)
				}
				t.Logf("bulk_refresh %t: %d requests for %d objects", bulk, requests, len(blocks))
			}
		})
	}
}
