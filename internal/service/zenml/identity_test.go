package zenml_test

import (
	"maps"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// An import by identity needs Terraform 1.12. This test asks the provider as such a CLI would, so that it runs
// whatever CLI is at hand.
func TestImportByIdentityOverTheProtocol(t *testing.T) {
	t.Parallel()
	const account, key = "0b9f2c1e-4d5a-4c3b-9a8f-7e6d5c4b3a29", "1c8e3d2f-5e6b-4d4c-8b9a-6f7e8d9c0b1a"
	tests := map[string]struct {
		typeName string
		identity map[string]any
		refused  bool
	}{
		"an account":               {"machineid_zenml_service_account", map[string]any{"id": account}, false},
		"a key":                    {"machineid_zenml_api_key", map[string]any{"service_account_id": account, "id": key}, false},
		"a key by name":            {"machineid_zenml_api_key", map[string]any{"service_account_id": account, "id": "ci"}, true},
		"an account in upper case": {"machineid_zenml_service_account", map[string]any{"id": "0B9F2C1E-4D5A-4C3B-9A8F-7E6D5C4B3A29"}, true},
		"a key of a named account": {"machineid_zenml_api_key", map[string]any{"service_account_id": "ci", "id": key}, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := map[string]string{"ZENML_SERVER_URL": "http://127.0.0.1:1", "ZENML_API_KEY": "key-of-this-test"}
			imported, errors := acctest.ImportByIdentity(t, env, test.typeName, test.identity)
			if refused := len(errors) > 0; refused != test.refused {
				t.Fatalf("refused: %t, want %t: %q", refused, test.refused, errors)
			}
			if !test.refused && !maps.Equal(imported, test.identity) {
				t.Errorf("the imported object has the identity %v", imported)
			}
		})
	}
}
