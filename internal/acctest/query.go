package acctest

import (
	"context"
	"iter"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Query is what a list resource is asked.
type Query struct {
	// Type is the list resource, and Config its configuration; what is left out is null.
	Type   string
	Config map[string]any
	// Detailed asks for the objects, beside their identities.
	Detailed bool
	// Limit is the number of results that are expected at most; 0 for any.
	Limit int64
}

// Listed is an object that a query has found. Its attributes are strings, bools, numbers as texts, and nil.
type Listed struct {
	Name     string
	Identity map[string]any
	// Object is nil unless the query is [Query.Detailed].
	Object map[string]any
}

// List has the provider answer a query, which only newer CLIs can ask, and returns what it finds, and the diagnostics after
// that. The settings come from env.
func List(t testing.TB, env map[string]string, query Query) (found []Listed, told []string) {
	t.Helper()
	for one, said := range Results(t, env, query) {
		if said != nil {
			told = append(told, said...)
			continue
		}
		if told != nil {
			t.Errorf("after %q the provider tells of %v", told, one)
		}
		found = append(found, one)
	}
	Printed(t, strings.Join(told, "\n"))
	return found, told
}

// Results is [List] for who wants to see what the provider does meanwhile.
func Results(t testing.TB, env map[string]string, query Query) iter.Seq2[Listed, []string] {
	t.Helper()
	ctx, server, schemas := configured(t, env, map[string]any{})
	lists, ok := server.(tfprotov6.ListResourceServer)
	if !ok || schemas.ListResourceSchemas[query.Type] == nil {
		t.Fatalf("the provider does not list %s", query.Type)
	}
	if query.Config == nil {
		query.Config = map[string]any{}
	}
	config := wireObject(t, schemas.ListResourceSchemas[query.Type], query.Config)
	validated, err := lists.ValidateListResourceConfig(ctx, &tfprotov6.ValidateListResourceConfigRequest{TypeName: query.Type, Config: config})
	if err != nil {
		t.Fatal(err)
	}
	return func(yield func(Listed, []string) bool) {
		if told := texts(validated.Diagnostics); len(told) > 0 {
			yield(Listed{}, told)
			return
		}
		stream, err := lists.ListResource(ctx, &tfprotov6.ListResourceRequest{
			TypeName: query.Type, Config: config, IncludeResource: query.Detailed, Limit: query.Limit,
		})
		if err != nil {
			t.Fatal(err)
		}
		identity := identityType(ctx, t, server, query.Type)
		for result := range stream.Results {
			told := texts(result.Diagnostics)
			if result.Identity == nil {
				if !yield(Listed{}, told) {
					return
				}
				continue
			}
			one := Listed{Name: result.DisplayName, Identity: values(t, result.Identity.IdentityData, identity)}
			if result.Resource != nil {
				one.Object = values(t, result.Resource, schemas.ResourceSchemas[query.Type].ValueType())
			}
			if !yield(one, nil) || len(told) > 0 && !yield(Listed{}, told) {
				return
			}
		}
	}
}

// MustListAsRead has the provider answer a query, and sees that each object is told as it is read after an import by its
// identity. It returns what it finds.
func MustListAsRead(t testing.TB, env map[string]string, query Query) []Listed {
	t.Helper()
	query.Detailed = true
	found, told := List(t, env, query)
	if len(told) > 0 {
		t.Fatalf("listing %s: %q", query.Type, told)
	}
	ctx, server, schemas := configured(t, env, map[string]any{})
	kind := schemas.ResourceSchemas[query.Type].ValueType()
	identity := identityType(ctx, t, server, query.Type)
	for _, one := range found {
		wire, err := tfprotov6.NewDynamicValue(identity, identityValue(identity, one.Identity))
		if err != nil {
			t.Fatal(err)
		}
		imported, err := server.ImportResourceState(ctx, &tfprotov6.ImportResourceStateRequest{
			TypeName: query.Type, Identity: &tfprotov6.ResourceIdentityData{IdentityData: &wire},
		})
		if err != nil || len(imported.Diagnostics) > 0 {
			t.Fatalf("importing %v: %v %q", one.Identity, err, texts(imported.Diagnostics))
		}
		object := imported.ImportedResources[0]
		read, err := server.ReadResource(ctx, &tfprotov6.ReadResourceRequest{
			TypeName: query.Type, CurrentState: object.State, CurrentIdentity: object.Identity, Private: object.Private,
		})
		if err != nil || len(read.Diagnostics) > 0 {
			t.Fatalf("reading %v: %v %q", one.Identity, err, texts(read.Diagnostics))
		}
		if want := values(t, read.NewState, kind); !reflect.DeepEqual(one.Object, want) {
			t.Errorf("%s %q is listed as\n%v\nand read as\n%v", query.Type, one.Name, one.Object, want)
		}
		if now := values(t, read.NewIdentity.IdentityData, identity); !maps.Equal(now, one.Identity) {
			t.Errorf("%s %q is listed with the identity %v and read with %v", query.Type, one.Name, one.Identity, now)
		}
	}
	return found
}

// Names are the names that objects are shown by, sorted.
func Names(found []Listed) []string {
	names := make([]string, len(found))
	for i, one := range found {
		names[i] = one.Name
	}
	slices.Sort(names)
	return names
}

func identityType(ctx context.Context, t testing.TB, server tfprotov6.ProviderServer, typeName string) tftypes.Object {
	t.Helper()
	schemas, err := server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		t.Fatal(err)
	}
	kind := tftypes.Object{AttributeTypes: map[string]tftypes.Type{}}
	for _, attribute := range schemas.IdentitySchemas[typeName].IdentityAttributes {
		kind.AttributeTypes[attribute.Name] = attribute.Type
	}
	return kind
}

func identityValue(kind tftypes.Object, values map[string]any) tftypes.Value {
	attributes := map[string]tftypes.Value{}
	for name, of := range kind.AttributeTypes {
		attributes[name] = tftypes.NewValue(of, values[name])
	}
	return tftypes.NewValue(kind, attributes)
}

// values are the attributes of an object, each as a Go value; a number is a text, and a map its spelling.
func values(t testing.TB, encoded *tfprotov6.DynamicValue, kind tftypes.Type) map[string]any {
	t.Helper()
	object, err := encoded.Unmarshal(kind)
	if err != nil {
		t.Fatal(err)
	}
	var attributes map[string]tftypes.Value
	if err := object.As(&attributes); err != nil {
		t.Fatal(err)
	}
	plain := map[string]any{}
	for name, attribute := range attributes {
		var text string
		var flag bool
		switch {
		case attribute.IsNull():
			plain[name] = nil
		case attribute.As(&text) == nil:
			plain[name] = text
		case attribute.As(&flag) == nil:
			plain[name] = flag
		default:
			plain[name] = attribute.String()
		}
	}
	return plain
}
