package zenml_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// An import by identity needs Terraform 1.12. This test asks the provider as such a CLI would, so that it runs
// whatever CLI is at hand.
func TestImportByIdentityOverTheProtocol(t *testing.T) {
	t.Parallel()
	const account, key = "0b9f2c1e-4d5a-4c3b-9a8f-7e6d5c4b3a29", "1c8e3d2f-5e6b-4d4c-8b9a-6f7e8d9c0b1a"
	tests := map[string]struct {
		typeName string
		identity map[string]string
		refused  bool
	}{
		"an account":               {"machineid_zenml_service_account", map[string]string{"id": account}, false},
		"a key":                    {"machineid_zenml_api_key", map[string]string{"service_account_id": account, "id": key}, false},
		"a key by name":            {"machineid_zenml_api_key", map[string]string{"service_account_id": account, "id": "ci"}, true},
		"an account in upper case": {"machineid_zenml_service_account", map[string]string{"id": "0B9F2C1E-4D5A-4C3B-9A8F-7E6D5C4B3A29"}, true},
		"a key of a named account": {"machineid_zenml_api_key", map[string]string{"service_account_id": "ci", "id": key}, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, err := acctest.Provider(nil)()
			if err != nil {
				t.Fatal(err)
			}
			attributes, values := map[string]tftypes.Type{}, map[string]tftypes.Value{}
			for attribute, value := range test.identity {
				attributes[attribute] = tftypes.String
				values[attribute] = tftypes.NewValue(tftypes.String, value)
			}
			object := tftypes.Object{AttributeTypes: attributes}
			identity, err := tfprotov6.NewDynamicValue(object, tftypes.NewValue(object, values))
			if err != nil {
				t.Fatal(err)
			}
			response, err := server.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{
				TypeName: test.typeName, Identity: &tfprotov6.ResourceIdentityData{IdentityData: &identity},
			})
			if err != nil {
				t.Fatal(err)
			}
			if refused := len(response.Diagnostics) > 0; refused != test.refused {
				t.Fatalf("refused: %t, want %t: %v", refused, test.refused, response.Diagnostics)
			}
			if test.refused {
				return
			}
			returned, err := response.ImportedResources[0].Identity.IdentityData.Unmarshal(object)
			if err != nil || !returned.Equal(tftypes.NewValue(object, values)) {
				t.Errorf("the imported object has the identity %s (%v)", returned, err)
			}
		})
	}
}
