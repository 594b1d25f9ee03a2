package provider_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
	"github.com/machineid/terraform-provider-machineid/internal/campaign"
	"github.com/machineid/terraform-provider-machineid/internal/seal/sealtest"
)

// plainOf are the credentials that a rotation replaces, as configurations of testdata/rotating have rotating ones.
var plainOf = strings.NewReplacer(
	"machineid_zenml_rotating_api_key", "machineid_zenml_api_key",
	"_service_account_rotating_", "_service_account_",
	`overlap             = "7d"`, "",
)

// TestEncryptedSecrets has each credential encrypt its secret, rotates it, and logs in with what its reader opens. The state has
// the plain secret in no place.
func TestEncryptedSecrets(t *testing.T) {
	t.Parallel()
	for _, system := range slices.Sorted(maps.Keys(rotations)) {
		for _, kind := range []string{"plain", "rotating"} {
			t.Run(system+"/"+kind, func(t *testing.T) {
				t.Parallel()
				box, reader := acctest.Sandbox(t), sealtest.Age(t)
				w := acctest.NewWorkspace(t, box.Env())
				configuration := strings.Replace(read(t, "testdata/rotating/"+system+".tf"),
					"rotate_when_changed", "encrypt_to = [\""+reader.Recipient+"\"]\n  rotate_when_changed", 1)
				if kind == "plain" {
					configuration = plainOf.Replace(configuration)
				}
				w.Write("main.tf", configuration)
				for _, quarter := range []string{"1", "2"} {
					w.Variables(map[string]string{
						"dt_project": box.Env()["TF_VAR_dt_project"], "keycard_organization_id": box.Env()["TF_VAR_keycard_organization_id"], "quarter": quarter,
					})
					w.MustApply()
					w.MustBeQuiet()
					want := 1
					if kind == "rotating" && quarter == "2" {
						want = 2
					}
					if opened := mustOpenAll(t, w, box, reader); opened != want {
						t.Errorf("%d secrets are encrypted, want %d", opened, want)
					}
				}
			})
		}
	}
}

// TestEncryptToComesLater adds the recipients to a rotating credential: what it holds in clear text is encrypted, too.
func TestEncryptToComesLater(t *testing.T) {
	t.Parallel()
	for _, system := range slices.Sorted(maps.Keys(rotations)) {
		t.Run(system, func(t *testing.T) {
			t.Parallel()
			box, reader := acctest.Sandbox(t), sealtest.Age(t)
			w := acctest.NewWorkspace(t, box.Env())
			w.Variables(map[string]string{
				"dt_project": box.Env()["TF_VAR_dt_project"], "keycard_organization_id": box.Env()["TF_VAR_keycard_organization_id"], "quarter": "1",
			})
			configuration := read(t, "testdata/rotating/"+system+".tf")
			w.Write("main.tf", configuration)
			w.MustApply()
			w.Write("main.tf", strings.Replace(configuration, "rotate_when_changed", "encrypt_to = [\""+reader.Recipient+"\"]\n  rotate_when_changed", 1))
			w.MustApply()
			w.MustBeQuiet()
			if opened := mustOpenAll(t, w, box, reader); opened != 2 {
				t.Errorf("%d secrets are encrypted, want that of both", opened)
			}
		})
	}
}

// mustOpenAll opens what is encrypted in a state, and logs in with it. It returns how many secrets there are.
func mustOpenAll(t *testing.T, w *acctest.Workspace, box *acctest.Box, reader sealtest.Reader) int {
	t.Helper()
	objects, sealed := map[string]campaign.Object{}, []string{}
	for _, resource := range w.State().Values.RootModule.Resources {
		objects[resource.Name] = campaign.Object{Type: resource.Type, Values: resource.AttributeValues}
	}
	for _, held := range []any{objects["leaf"].Values, objects["leaf"].Values["current"], objects["leaf"].Values["previous"]} {
		values, _ := held.(map[string]any)
		if text, ok := values["encrypted_secret"].(string); ok {
			sealed = append(sealed, text)
		}
	}
	state, err := json.Marshal(w.State())
	if err != nil {
		t.Fatal(err)
	}
	pairs := campaign.Pairs("leaf", objects)
	if len(pairs) != len(sealed) {
		t.Fatalf("there are %d credentials and %d encrypted secrets", len(pairs), len(sealed))
	}
	for i, pair := range pairs {
		if pair.Secret != "" {
			t.Error("the plain secret is in the state, too")
		}
		pair.Secret = reader.Open(t, sealed[i])
		mustLogIn(t, box, "who opens what is in the state", pair)
		if strings.Contains(string(state), pair.Secret) {
			t.Error("the state shows the secret")
		}
	}
	return len(sealed)
}
