package acctest

import (
	"context"
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
	ctx, server, schemas := configured(t, env, config)
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

// ImportByIdentity has the provider import an object by its identity, which only newer CLIs can, and returns the identity of
// what was imported, or the provider's errors. Attributes of an identity are strings, and nil for null. The settings come
// from env.
func ImportByIdentity(t testing.TB, env map[string]string, typeName string, identity map[string]any) (imported map[string]any, refused []string) {
	t.Helper()
	ctx, server, _ := configured(t, env, map[string]any{})
	kind := tftypes.Object{AttributeTypes: map[string]tftypes.Type{}}
	attributes := map[string]tftypes.Value{}
	for name, value := range identity {
		kind.AttributeTypes[name] = tftypes.String
		attributes[name] = tftypes.NewValue(tftypes.String, value)
	}
	wire, err := tfprotov6.NewDynamicValue(kind, tftypes.NewValue(kind, attributes))
	if err != nil {
		t.Fatal(err)
	}
	response, err := server.ImportResourceState(ctx, &tfprotov6.ImportResourceStateRequest{
		TypeName: typeName, Identity: &tfprotov6.ResourceIdentityData{IdentityData: &wire},
	})
	if err != nil {
		t.Fatal(err)
	}
	if refused := texts(response.Diagnostics); len(refused) > 0 {
		Printed(t, strings.Join(refused, "\n"))
		return nil, refused
	}
	returned, err := response.ImportedResources[0].Identity.IdentityData.Unmarshal(kind)
	if err != nil {
		t.Fatal(err)
	}
	if err := returned.As(&attributes); err != nil {
		t.Fatal(err)
	}
	imported = map[string]any{}
	for name, value := range attributes {
		var text *string
		if err := value.As(&text); err != nil {
			t.Fatal(err)
		}
		imported[name] = nil
		if text != nil {
			imported[name] = *text
		}
	}
	return imported, nil
}

// configured is a provider that no CLI has started, with the context to call it in, and its schemas.
func configured(t testing.TB, env map[string]string, config map[string]any) (context.Context, tfprotov6.ProviderServer, *tfprotov6.GetProviderSchemaResponse) {
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
	made, err := server.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{Config: wireObject(t, schemas.Provider, config)})
	if err != nil || len(made.Diagnostics) > 0 {
		t.Fatalf("configuring the provider: %v %v", err, texts(made.Diagnostics))
	}
	return ctx, server, schemas
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
