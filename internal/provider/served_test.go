package provider_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// served is a configured provider that a test speaks to as a CLI does.
type served struct {
	server  tfprotov6.ProviderServer
	schemas *tfprotov6.GetProviderSchemaResponse
}

// serve configures a provider by its environment alone.
func serve(t *testing.T, env map[string]string) served {
	t.Helper()
	server, err := acctest.Provider(env)()
	if err != nil {
		t.Fatal(err)
	}
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	configured, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: wire(t, schemas.Provider, map[string]any{})})
	if err != nil || len(configured.Diagnostics) > 0 {
		t.Fatalf("configuring the provider: %v %v", err, said(configured.Diagnostics))
	}
	return served{server: server, schemas: schemas}
}

// create plans and makes an object. It returns what is in the state then, nil for nothing, and what was told.
func (s served) create(t *testing.T, resource string, values map[string]any) (state map[string]tftypes.Value, told []string) {
	t.Helper()
	schema := s.schemas.ResourceSchemas[resource]
	config, none := wire(t, schema, values), wire(t, schema, nil)
	planned, err := s.server.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: resource, PriorState: none, ProposedNewState: config, Config: config,
	})
	if err != nil || len(planned.Diagnostics) > 0 {
		t.Fatalf("planning %s: %v %v", resource, err, said(planned.Diagnostics))
	}
	applied, err := s.server.ApplyResourceChange(t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: resource, PriorState: none, PlannedState: planned.PlannedState, Config: config, PlannedPrivate: planned.PlannedPrivate,
	})
	if err != nil {
		t.Fatal(err)
	}
	return attributes(t, schema, applied.NewState), said(applied.Diagnostics)
}

// read reads a data source and returns what was told.
func (s served) read(t *testing.T, dataSource string, values map[string]any) []string {
	t.Helper()
	read, err := s.server.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{
		TypeName: dataSource, Config: wire(t, s.schemas.DataSourceSchemas[dataSource], values),
	})
	if err != nil {
		t.Fatal(err)
	}
	return said(read.Diagnostics)
}

// wire is an object of a schema's type, with null for what has no value; null itself if there are no values at all.
func wire(t *testing.T, schema *tfprotov6.Schema, values map[string]any) *tfprotov6.DynamicValue {
	t.Helper()
	kind, ok := schema.ValueType().(tftypes.Object)
	if !ok {
		t.Fatalf("the schema is of type %s", schema.ValueType())
	}
	object := tftypes.NewValue(kind, nil)
	if values != nil {
		all := map[string]tftypes.Value{}
		for _, name := range slices.Sorted(maps.Keys(kind.AttributeTypes)) {
			all[name] = tftypes.NewValue(kind.AttributeTypes[name], values[name])
		}
		object = tftypes.NewValue(kind, all)
	}
	value, err := tfprotov6.NewDynamicValue(kind, object)
	if err != nil {
		t.Fatal(err)
	}
	return &value
}

func attributes(t *testing.T, schema *tfprotov6.Schema, value *tfprotov6.DynamicValue) map[string]tftypes.Value {
	t.Helper()
	object, err := value.Unmarshal(schema.ValueType())
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]tftypes.Value
	if err := object.As(&all); err != nil {
		t.Fatal(err)
	}
	return all
}

func said(diagnostics []*tfprotov6.Diagnostic) []string {
	all := make([]string, len(diagnostics))
	for i, told := range diagnostics {
		all[i] = told.Summary + "\n" + told.Detail
	}
	return all
}
