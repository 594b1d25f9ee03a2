package main

import (
	"context"
	"errors"
	"fmt"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// documentedAs is the key under which the documentation generator looks for a provider.
const documentedAs = "registry.terraform.io/hashicorp/machineid"

func describe(ctx context.Context, server tfprotov6.ProviderServer) (*tfjson.ProviderSchemas, error) {
	schemas, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return nil, fmt.Errorf("cannot read the schema: %w", err)
	}
	identities, err := server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		return nil, fmt.Errorf("cannot read the identity schemas: %w", err)
	}
	for _, d := range append(schemas.Diagnostics, identities.Diagnostics...) {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			return nil, fmt.Errorf("the provider refuses its schema: %s: %s", d.Summary, d.Detail)
		}
	}
	if len(schemas.Functions)+len(schemas.ActionSchemas)+len(schemas.StateStoreSchemas) > 0 {
		return nil, errors.New("the provider has functions, actions or state stores: teach this command to describe them")
	}

	var c converter
	described := &tfjson.ProviderSchema{
		ConfigSchema:             c.schema(schemas.Provider),
		ResourceSchemas:          c.schemas(schemas.ResourceSchemas),
		DataSourceSchemas:        c.schemas(schemas.DataSourceSchemas),
		EphemeralResourceSchemas: c.schemas(schemas.EphemeralResourceSchemas),
		ListResourceSchemas:      c.schemas(schemas.ListResourceSchemas),
		ResourceIdentitySchemas:  c.identities(identities.IdentitySchemas),
	}
	return &tfjson.ProviderSchemas{
		FormatVersion: "1.0",
		Schemas:       map[string]*tfjson.ProviderSchema{documentedAs: described},
	}, c.err
}
