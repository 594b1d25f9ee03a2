package main

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// server answers what a test wants to have described.
type server struct {
	tfprotov6.ProviderServer
	schemas tfprotov6.GetProviderSchemaResponse
}

func (s server) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	return &s.schemas, nil
}

func (server) GetResourceIdentitySchemas(context.Context, *tfprotov6.GetResourceIdentitySchemasRequest) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return &tfprotov6.GetResourceIdentitySchemasResponse{
		IdentitySchemas: map[string]*tfprotov6.ResourceIdentitySchema{
			"x_key": {IdentityAttributes: []*tfprotov6.ResourceIdentitySchemaAttribute{
				{Name: "id", Type: tftypes.String, RequiredForImport: true},
			}},
		},
	}, nil
}

func block(attributes ...*tfprotov6.SchemaAttribute) *tfprotov6.Schema {
	return &tfprotov6.Schema{Block: &tfprotov6.SchemaBlock{Attributes: attributes}}
}

func TestDescribe(t *testing.T) {
	t.Parallel()
	described, err := describe(context.Background(), server{schemas: tfprotov6.GetProviderSchemaResponse{
		Provider: block(&tfprotov6.SchemaAttribute{
			Name: "system", Optional: true, NestedType: &tfprotov6.SchemaObject{
				Nesting:    tfprotov6.SchemaObjectNestingModeSingle,
				Attributes: []*tfprotov6.SchemaAttribute{{Name: "password", Type: tftypes.String, Sensitive: true}},
			},
		}),
		ResourceSchemas: map[string]*tfprotov6.Schema{"x_key": block(&tfprotov6.SchemaAttribute{
			Name: "tags", Type: tftypes.Map{ElementType: tftypes.String}, Computed: true,
			Description: "Some `tags`.", DescriptionKind: tfprotov6.StringKindMarkdown,
		})},
	}})
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(described)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"system":{"nested_type":{"attributes":{"password":{"type":"string","description_kind":"plain","sensitive":true}},"nesting_mode":"single"}`,
		"\"tags\":{\"type\":[\"map\",\"string\"],\"description\":\"Some `tags`.\",\"description_kind\":\"markdown\",\"computed\":true}",
		`"resource_identity_schemas":{"x_key":{"version":0,"attributes":{"id":{"type":"string","required_for_import":true}}}}`,
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("want %s in\n%s", want, text)
		}
	}
}

func TestDescribeFailsRatherThanLeaveOut(t *testing.T) {
	t.Parallel()
	_, err := describe(context.Background(), server{schemas: tfprotov6.GetProviderSchemaResponse{
		Provider:  block(),
		Functions: map[string]*tfprotov6.Function{"f": {}},
	}})
	if err == nil || !strings.Contains(err.Error(), "functions") {
		t.Errorf("want an error about functions, got %v", err)
	}
}

func TestDescribePassesOnWhatTheProviderRefuses(t *testing.T) {
	t.Parallel()
	_, err := describe(context.Background(), server{schemas: tfprotov6.GetProviderSchemaResponse{
		Provider:    block(),
		Diagnostics: []*tfprotov6.Diagnostic{{Severity: tfprotov6.DiagnosticSeverityError, Summary: "no schema"}},
	}})
	if err == nil || !strings.Contains(err.Error(), "no schema") {
		t.Errorf("want the provider's error, got %v", err)
	}
}
