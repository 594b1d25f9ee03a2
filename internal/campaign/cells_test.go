package campaign_test

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
	"github.com/machineid/terraform-provider-machineid/internal/campaign"
)

// everywhere are the faults of every exchange, said once more: what is derived must not lose one unnoticed.
var everywhere = []string{
	"refused", "cut before", "cut after", "cut in reply", "late effect", "late reply", "429 in 1 s", "429", "500",
	"502 page", "503", "401", "403", "malformed", "200 page", "half", "empty",
}

// nothingInPlace are the types of which no attribute is changed by a request of its own, and why.
var nothingInPlace = map[string]string{
	"machineid_dt_service_account_key":     "a key has no attribute but those that it is made with",
	"machineid_dt_organization_member":     "there is but one role",
	"machineid_neowit_service_account_key": "a key has no attribute but those that it is made with",

	"machineid_dt_service_account_rotating_key":     "a key has no attribute but those that it is made with",
	"machineid_neowit_service_account_rotating_key": "a key has no attribute but those that it is made with",
}

// TestEveryTypeHasALifecycle compares the lifecycles with the provider's schema.
func TestEveryTypeHasALifecycle(t *testing.T) {
	t.Parallel()
	var types []string
	for _, lifecycle := range campaign.Lifecycles() {
		types = append(types, lifecycle.Type())
	}
	slices.Sort(types)
	if known := slices.Sorted(maps.Keys(schemas(t))); !slices.Equal(types, known) {
		t.Errorf("the provider has the types\n%q\nbut there are lifecycles of\n%q", known, types)
	}
}

// TestEveryOperationHasCells checks that each step of each type sends what its name promises, and that each of its
// exchanges has a cell for each fault.
func TestEveryOperationHasCells(t *testing.T) {
	t.Parallel()
	known := schemas(t)
	for _, lifecycle := range campaign.Lifecycles() {
		t.Run(lifecycle.System+"_"+lifecycle.Noun, func(t *testing.T) {
			t.Parallel()
			cells := campaign.Derive(t, lifecycle)
			wanted := map[string][]string{
				"create": {http.MethodPost}, "refresh": {http.MethodGet}, "import": {http.MethodGet}, "destroy": {http.MethodDelete},
			}
			if slices.ContainsFunc(known[lifecycle.Type()].Block.Attributes, isRotateWhenChanged) {
				wanted["rotate"] = []string{http.MethodPost, http.MethodDelete}
			}
			switch {
			case lifecycle.Type() == "machineid_zenml_rotating_api_key":
				// It rotates in place, and the server ends the older value by itself.
				wanted["turn"], wanted["rotate"] = []string{http.MethodPut}, []string{http.MethodPut}
			case strings.Contains(lifecycle.Noun, "rotating"):
				wanted["turn"], wanted["retire"] = []string{http.MethodPost}, []string{http.MethodDelete}
			}
			sent := sentBy(cells)
			for step, methods := range wanted {
				for _, method := range methods {
					if len(sent[step][method]) == 0 {
						t.Errorf("%s: no cell breaks a %s", step, method)
					}
				}
			}
			// An account is made and destroyed with what belongs to it.
			blocks := len(lifecycle.Steps(acctest.Sandbox(t).Env())[0].Blocks)
			if made, gone := len(sent["create"][http.MethodPost]), len(sent["destroy"][http.MethodDelete]); made < blocks || gone < blocks {
				t.Errorf("%d objects are made by %d routes and destroyed by %d", blocks, made, gone)
			}
			changes := len(sent["update"][http.MethodPut]) + len(sent["update"][http.MethodPatch])
			if reason := nothingInPlace[lifecycle.Type()]; (changes == 0) != (reason != "") {
				t.Errorf("update: %d routes are broken; the reason not to have any: %q", changes, reason)
			}
			faultsOfEach(t, cells)
		})
	}
}

// faultsOfEach checks that each exchange has a cell for each fault.
func faultsOfEach(t *testing.T, cells []campaign.Cell) {
	t.Helper()
	type place struct {
		step     string
		exchange campaign.Exchange
	}
	broken := map[place][]string{}
	for _, cell := range cells {
		at := place{cell.StepName, cell.Exchange}
		broken[at] = append(broken[at], cell.Fault.Name)
	}
	for at, names := range broken {
		wanted := slices.Clone(everywhere)
		creation := (at.step == "create" || at.step == "open") && at.exchange.Method == http.MethodPost && !at.exchange.Token
		if creation {
			wanted = append(wanted, "overdue")
		}
		if creation && at.exchange.Nth == 1 {
			for _, name := range everywhere {
				wanted = append(wanted, name+", lasting")
			}
		}
		if creation {
			for _, loss := range []string{"cut after", "late effect", "late reply", "500"} {
				for _, refusal := range []string{"429", "401", "403", "404", "409"} {
					if at.exchange.System != "zenml" || refusal != "409" {
						wanted = append(wanted, loss+", then "+refusal)
					}
				}
			}
		}
		for _, name := range wanted {
			if !slices.Contains(names, name) {
				t.Errorf("%s: %v has no cell for %q", at.step, at.exchange, name)
			}
		}
		lacking := slices.ContainsFunc(names, func(name string) bool { return strings.HasPrefix(name, "no ") })
		if !lacking && at.exchange.Method != http.MethodDelete {
			t.Errorf("%s: %v has no cell for an answer that lacks what matters", at.step, at.exchange)
		}
	}
}

// TestEveryKindOfFaultHasCells compares with what the sandbox can do. It tells that to who asks for something else.
func TestEveryKindOfFaultHasCells(t *testing.T) {
	t.Parallel()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, acctest.Sandbox(t).URL+"/_sandbox/faults", bytes.NewReader([]byte(`{"kind": "?"}`)))
	if err != nil {
		t.Fatal(err)
	}
	response, err := (&http.Client{Timeout: time.Minute}).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	_, list, told := strings.Cut(strings.TrimRight(strings.TrimSpace(string(answer)), `"}`), "there are: ")
	if !told {
		t.Fatalf("the sandbox does not tell its kinds of faults: %s", answer)
	}
	var used []string
	for _, cell := range campaign.Derive(t, campaign.Lifecycles()[0]) {
		used = append(used, cell.Fault.Kind())
	}
	slices.Sort(used)
	used = slices.Compact(used)
	if kinds := slices.Sorted(slices.Values(strings.Split(list, ", "))); !slices.Equal(kinds, used) {
		t.Errorf("the sandbox can do\n%q\nbut the cells use\n%q", kinds, used)
	}
}

// TestTheListIsOfLateEffects checks that every cell that may leave a stray is one whose effect comes after the last look,
// and that no entry of the list is without a cell.
func TestTheListIsOfLateEffects(t *testing.T) {
	t.Parallel()
	places := map[string]bool{}
	for _, subject := range subjects() {
		for _, cell := range subject.derive(t) {
			place, reason := campaign.Listed(cell)
			if place == "" {
				continue
			}
			places[place] = true
			if cell.Fault.Name != "overdue" || cell.StepName != "create" && cell.StepName != "open" || cell.Exchange.Method != http.MethodPost || reason == "" {
				t.Errorf("%s is on the list", cell)
			}
		}
	}
	wanted := []string{
		"dt service_account_keys", "dt service_accounts", "keycard service_account_credentials", "keycard service_accounts",
		"neowit service_account_keys",
	}
	if met := slices.Sorted(maps.Keys(places)); !slices.Equal(met, wanted) {
		t.Errorf("strays are allowed in %q, and not in %q", met, wanted)
	}
}

// sentBy tells which routes a cell breaks, by step and method, without logins.
func sentBy(cells []campaign.Cell) map[string]map[string]map[string]bool {
	sent := map[string]map[string]map[string]bool{}
	for _, cell := range cells {
		if cell.Exchange.Token {
			continue
		}
		if sent[cell.StepName] == nil {
			sent[cell.StepName] = map[string]map[string]bool{}
		}
		if sent[cell.StepName][cell.Exchange.Method] == nil {
			sent[cell.StepName][cell.Exchange.Method] = map[string]bool{}
		}
		sent[cell.StepName][cell.Exchange.Method][cell.Exchange.Route] = true
	}
	return sent
}

func isRotateWhenChanged(attribute *tfprotov6.SchemaAttribute) bool {
	return attribute.Name == "rotate_when_changed"
}

// schemas are those of the provider's resource types.
func schemas(t *testing.T) map[string]*tfprotov6.Schema {
	t.Helper()
	return schema(t).ResourceSchemas
}

// schema is the provider's.
func schema(t *testing.T) *tfprotov6.GetProviderSchemaResponse {
	t.Helper()
	server, err := acctest.Provider(nil)()
	if err != nil {
		t.Fatal(err)
	}
	answer, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	return answer
}
