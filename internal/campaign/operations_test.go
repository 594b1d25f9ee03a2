package campaign_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
	"github.com/machineid/terraform-provider-machineid/internal/campaign"
)

// TestEveryOperationIsBroken compares the ephemeral resources and the lists with the provider's schema.
func TestEveryOperationIsBroken(t *testing.T) {
	t.Parallel()
	provider := schema(t)
	known := map[string][]string{
		"ephemeral": slices.Sorted(maps.Keys(provider.EphemeralResourceSchemas)),
		"list":      slices.Sorted(maps.Keys(provider.ListResourceSchemas)),
	}
	for name, of := range provider.DataSourceSchemas {
		if slices.ContainsFunc(of.Block.Attributes, isPlural(name)) {
			known["data"] = append(known["data"], name)
		}
	}
	broken := map[string][]string{}
	for _, opening := range campaign.Openings() {
		broken["ephemeral"] = append(broken["ephemeral"], opening.Block.Type)
	}
	for _, query := range campaign.Queries() {
		kind, _, _ := strings.Cut(query.Noun, " ")
		broken[kind] = append(broken[kind], query.Block.Type)
	}
	for kind, types := range known {
		slices.Sort(types)
		slices.Sort(broken[kind])
		if met := slices.Compact(broken[kind]); len(types) == 0 || !slices.Equal(met, types) {
			t.Errorf("%s: the provider has\n%q\nand broken are\n%q", kind, types, met)
		}
	}
}

// isPlural tells of an attribute that it is what a data source of that type lists: it is called as the type ends.
func isPlural(typeName string) func(*tfprotov6.SchemaAttribute) bool {
	return func(attribute *tfprotov6.SchemaAttribute) bool {
		return attribute.NestedType != nil && attribute.NestedType.Nesting == tfprotov6.SchemaObjectNestingModeList && strings.HasSuffix(typeName, "_"+attribute.Name)
	}
}

// TestEveryOpeningHasCells checks that what an ephemeral resource sends is broken: a creation and two deletions of a credential,
// an exchange of an access token, and nothing else.
func TestEveryOpeningHasCells(t *testing.T) {
	t.Parallel()
	for _, opening := range campaign.Openings() {
		t.Run(opening.System+"_"+opening.Noun, func(t *testing.T) {
			t.Parallel()
			cells := campaign.DeriveOpening(t, opening)
			faultsOfEach(t, cells)
			var met []string
			for _, cell := range cells {
				if !cell.Exchange.Token && cell.Exchange.Method != http.MethodGet {
					met = append(met, cell.StepName+" "+cell.Exchange.Method)
				}
				if cell.Exchange.Token {
					met = append(met, cell.StepName+" token")
				}
			}
			slices.Sort(met)
			wanted := []string{"again DELETE", "close DELETE", "open POST", "open token"}
			if strings.Contains(opening.Noun, "access_token") {
				wanted = []string{"open token"}
			}
			if met = slices.Compact(met); !slices.Equal(met, wanted) {
				t.Errorf("broken are %q, want %q", met, wanted)
			}
		})
	}
}

// TestEveryQueryHasCells checks that each page of a list is broken, also the second one. Neowit has no pages, and the roles of
// DT are too few for two.
func TestEveryQueryHasCells(t *testing.T) {
	t.Parallel()
	for _, query := range campaign.Queries() {
		t.Run(query.System+"_"+query.Noun, func(t *testing.T) {
			t.Parallel()
			cells := campaign.DeriveQuery(t, query)
			faultsOfEach(t, cells)
			second := slices.ContainsFunc(cells, func(cell campaign.Cell) bool { return !cell.Exchange.Token && cell.Exchange.Nth == 2 })
			if query.System != "neowit" && query.Noun != "data roles" && !second {
				t.Error("no cell breaks a second page")
			}
		})
	}
}

// recipient is nobody's.
const recipient = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"

// TestTheEngineKnowsListsAndSets has a credential encrypted: its recipients are a set, and their fingerprints a list.
func TestTheEngineKnowsListsAndSets(t *testing.T) {
	t.Parallel()
	box := acctest.Sandbox(t)
	engine := campaign.NewEngine(box.Env(), box.Now)
	blocks := []campaign.Block{
		{Type: "machineid_zenml_service_account", Label: "account", Arguments: map[string]any{"name": "ci"}},
		{Type: "machineid_zenml_api_key", Label: "key", Arguments: map[string]any{
			"service_account_id": campaign.Reference{Label: "account", Attribute: "id"}, "name": "sealed", "encrypt_to": []string{recipient},
		}},
	}
	if err := engine.Apply(t.Context(), blocks, nil); err != nil {
		t.Fatal(err)
	}
	if changes, err := engine.Changes(t.Context(), blocks); err != nil || len(changes) > 0 {
		t.Errorf("%q, %v", changes, err)
	}
	values := engine.Objects()["key"].Values
	fingerprints, _ := values["recipient_fingerprints"].([]any)
	if recipients, _ := values["encrypt_to"].([]any); len(fingerprints) != 1 || len(recipients) != 1 || recipients[0] != recipient {
		t.Errorf("the state has the recipients %v and the fingerprints %v", values["encrypt_to"], values["recipient_fingerprints"])
	}
	if secrets := engine.Secrets(); len(secrets) > 0 {
		t.Errorf("the state has %d secrets", len(secrets))
	}
}
