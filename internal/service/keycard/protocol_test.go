package keycard_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// ask has the provider list the service accounts, as a CLI would, and returns what it says against that, each as summary
// and detail. The settings come from env and from the attributes of keycard, where [tftypes.UnknownValue] is one that is
// not known yet. It is for the many settings, each of which would start a CLI.
func ask(t *testing.T, env map[string]string, keycard map[string]any) []string {
	t.Helper()
	server, err := acctest.Provider(env)()
	if err != nil {
		t.Fatal(err)
	}
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	config := configObject(t, schemas.Provider, map[string]any{"max_retries": 0, "keycard": keycard})
	validated, err := server.ValidateProviderConfig(t.Context(), &tfprotov6.ValidateProviderConfigRequest{Config: config})
	if err != nil || len(validated.Diagnostics) > 0 {
		return texts(t, err, validated.Diagnostics)
	}
	configured, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: config})
	if err != nil || len(configured.Diagnostics) > 0 {
		return texts(t, err, configured.Diagnostics)
	}
	const list = "machineid_keycard_service_accounts"
	read, err := server.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: list, Config: configObject(t, schemas.DataSourceSchemas[list], nil)})
	return texts(t, err, read.Diagnostics)
}

// configObject is an object of a schema's type; what is left out of it is null.
func configObject(t *testing.T, schema *tfprotov6.Schema, values map[string]any) *tfprotov6.DynamicValue {
	t.Helper()
	kind, ok := schema.ValueType().(tftypes.Object)
	if !ok {
		t.Fatalf("the schema is of type %s", schema.ValueType())
	}
	wire, err := tfprotov6.NewDynamicValue(kind, wireValue(kind, values))
	if err != nil {
		t.Fatal(err)
	}
	return &wire
}

func wireValue(kind tftypes.Type, value any) tftypes.Value {
	object, isObject := kind.(tftypes.Object)
	members, isMap := value.(map[string]any)
	switch {
	case !isObject || !isMap:
		return tftypes.NewValue(kind, value)
	case members == nil && len(object.AttributeTypes) == 0:
		return tftypes.NewValue(kind, nil)
	}
	attributes := map[string]tftypes.Value{}
	for name, attribute := range object.AttributeTypes {
		attributes[name] = wireValue(attribute, members[name])
	}
	return tftypes.NewValue(kind, attributes)
}

func texts(t *testing.T, err error, diagnostics []*tfprotov6.Diagnostic) []string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	all := make([]string, len(diagnostics))
	for i, told := range diagnostics {
		all[i] = told.Attribute.String() + "\n" + told.Summary + "\n" + told.Detail
	}
	return all
}
