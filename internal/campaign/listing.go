package campaign

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// list asks a list resource, and returns each object that it tells, in words. What comes before an error is not kept.
func (s *session) list(ctx context.Context, block Block, values map[string]tftypes.Value) ([]string, error) {
	schema := s.schemas.ListResourceSchemas[block.Type]
	lists, ok := s.ProviderServer.(tfprotov6.ListResourceServer)
	if schema == nil || !ok {
		return nil, fmt.Errorf("the provider does not list %s", block.Type)
	}
	config, err := evaluate(schema, block, values)
	if err != nil {
		return nil, err
	}
	wire, err := tfprotov6.NewDynamicValue(schema.ValueType(), config)
	if err != nil {
		return nil, err
	}
	validated, err := lists.ValidateListResourceConfig(ctx, &tfprotov6.ValidateListResourceConfigRequest{TypeName: block.Type, Config: &wire})
	if err != nil {
		return nil, err
	}
	if err := s.failure(validated.Diagnostics); err != nil {
		return nil, err
	}
	stream, err := lists.ListResource(ctx, &tfprotov6.ListResourceRequest{TypeName: block.Type, Config: &wire, IncludeResource: true})
	if err != nil {
		return nil, err
	}
	var found []string
	for result := range stream.Results {
		if err := s.failure(result.Diagnostics); err != nil {
			return nil, err
		}
		object, err := s.read(block.Type, result.Resource)
		if err != nil {
			return nil, err
		}
		found = append(found, result.DisplayName+": "+object.String())
	}
	return found, nil
}

// source reads a data source, and returns all that it tells, in words.
func (s *session) source(ctx context.Context, block Block, values map[string]tftypes.Value) ([]string, error) {
	schema := s.schemas.DataSourceSchemas[block.Type]
	if schema == nil {
		return nil, fmt.Errorf("the provider has no data source %s", block.Type)
	}
	config, err := evaluate(schema, block, values)
	if err != nil {
		return nil, err
	}
	wire, err := tfprotov6.NewDynamicValue(schema.ValueType(), config)
	if err != nil {
		return nil, err
	}
	validated, err := s.ValidateDataResourceConfig(ctx, &tfprotov6.ValidateDataResourceConfigRequest{TypeName: block.Type, Config: &wire})
	if err != nil {
		return nil, err
	}
	if err := s.failure(validated.Diagnostics); err != nil {
		return nil, err
	}
	answer, err := s.ReadDataSource(ctx, &tfprotov6.ReadDataSourceRequest{TypeName: block.Type, Config: &wire})
	if err != nil {
		return nil, err
	}
	if err := s.failure(answer.Diagnostics); err != nil {
		return nil, err
	}
	told, err := answer.State.Unmarshal(schema.ValueType())
	return []string{told.String()}, err
}
