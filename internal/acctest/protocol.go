package acctest

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// ApplyUnplanned has the provider change an object without planning that first, and returns its errors, each as summary
// and detail. No CLI does this, so it shows what an update or a deletion refuses by itself. Attributes that are left out
// are null; planned is nil for a deletion. The settings come from env, and from the attributes of the provider's
// configuration in config.
func ApplyUnplanned(t testing.TB, env map[string]string, config map[string]any, typeName string, prior, planned map[string]any) []string {
	t.Helper()
	server, err := Provider(env)()
	if err != nil {
		t.Fatal(err)
	}
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	ctx := Logged(t.Context(), t)
	configured, err := server.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{Config: wireObject(t, schemas.Provider, config)})
	if err != nil || len(configured.Diagnostics) > 0 {
		t.Fatalf("configuring the provider: %v %v", err, texts(configured.Diagnostics))
	}
	schema := schemas.ResourceSchemas[typeName]
	applied, err := server.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: typeName, PriorState: wireObject(t, schema, prior), PlannedState: wireObject(t, schema, planned), Config: wireObject(t, schema, planned),
	})
	if err != nil {
		t.Fatal(err)
	}
	told := texts(applied.Diagnostics)
	Printed(t, strings.Join(told, "\n"))
	return told
}

// wireObject is an object of a schema's type, or null if there are no values at all.
func wireObject(t testing.TB, schema *tfprotov6.Schema, values map[string]any) *tfprotov6.DynamicValue {
	t.Helper()
	kind, ok := schema.ValueType().(tftypes.Object)
	if !ok {
		t.Fatalf("the schema is of type %s", schema.ValueType())
	}
	object := tftypes.NewValue(kind, nil)
	if values != nil {
		attributes := map[string]tftypes.Value{}
		for _, name := range slices.Sorted(maps.Keys(kind.AttributeTypes)) {
			attributes[name] = tftypes.NewValue(kind.AttributeTypes[name], values[name])
		}
		object = tftypes.NewValue(kind, attributes)
	}
	wire, err := tfprotov6.NewDynamicValue(kind, object)
	if err != nil {
		t.Fatal(err)
	}
	return &wire
}

func texts(diagnostics []*tfprotov6.Diagnostic) []string {
	all := make([]string, len(diagnostics))
	for i, told := range diagnostics {
		all[i] = told.Summary + "\n" + told.Detail
	}
	return all
}
