package main

import (
	"encoding/json"
	"fmt"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"
)

// converter turns the protocol's schema into the CLI's. It keeps the first error, so that the
// conversions read as plain literals.
type converter struct {
	err error
}

func (c *converter) schemas(in map[string]*tfprotov6.Schema) map[string]*tfjson.Schema {
	out := make(map[string]*tfjson.Schema, len(in))
	for name, schema := range in {
		out[name] = c.schema(schema)
	}
	return out
}

func (c *converter) schema(in *tfprotov6.Schema) *tfjson.Schema {
	return &tfjson.Schema{Version: unsigned(in.Version), Block: c.block(in.Block)}
}

func (c *converter) block(in *tfprotov6.SchemaBlock) *tfjson.SchemaBlock {
	out := &tfjson.SchemaBlock{
		Attributes:      c.attributes(in.Attributes),
		NestedBlocks:    make(map[string]*tfjson.SchemaBlockType, len(in.BlockTypes)),
		Description:     in.Description,
		DescriptionKind: kind(in.DescriptionKind),
		Deprecated:      in.Deprecated,
	}
	for _, nested := range in.BlockTypes {
		out.NestedBlocks[nested.TypeName] = &tfjson.SchemaBlockType{
			NestingMode: nesting(nested.Nesting),
			Block:       c.block(nested.Block),
			MinItems:    unsigned(nested.MinItems),
			MaxItems:    unsigned(nested.MaxItems),
		}
	}
	return out
}

func (c *converter) attributes(in []*tfprotov6.SchemaAttribute) map[string]*tfjson.SchemaAttribute {
	out := make(map[string]*tfjson.SchemaAttribute, len(in))
	for _, a := range in {
		attribute := &tfjson.SchemaAttribute{
			Description:     a.Description,
			DescriptionKind: kind(a.DescriptionKind),
			Deprecated:      a.Deprecated,
			Required:        a.Required,
			Optional:        a.Optional,
			Computed:        a.Computed,
			Sensitive:       a.Sensitive,
			WriteOnly:       a.WriteOnly,
		}
		if a.NestedType != nil {
			attribute.AttributeNestedType = &tfjson.SchemaNestedAttributeType{
				Attributes:  c.attributes(a.NestedType.Attributes),
				NestingMode: nesting(a.NestedType.Nesting),
			}
		} else {
			attribute.AttributeType = c.valueType(a.Type)
		}
		out[a.Name] = attribute
	}
	return out
}

func (c *converter) identities(in map[string]*tfprotov6.ResourceIdentitySchema) map[string]*tfjson.IdentitySchema {
	out := make(map[string]*tfjson.IdentitySchema, len(in))
	for name, identity := range in {
		attributes := make(map[string]*tfjson.IdentityAttribute, len(identity.IdentityAttributes))
		for _, a := range identity.IdentityAttributes {
			attributes[a.Name] = &tfjson.IdentityAttribute{
				IdentityType:      c.valueType(a.Type),
				Description:       a.Description,
				RequiredForImport: a.RequiredForImport,
				OptionalForImport: a.OptionalForImport,
			}
		}
		out[name] = &tfjson.IdentitySchema{Version: unsigned(identity.Version), Attributes: attributes}
	}
	return out
}

// valueType goes by way of JSON, the one spelling of a type that both libraries share.
func (c *converter) valueType(in tftypes.Type) cty.Type {
	var out cty.Type
	spelled, err := json.Marshal(in)
	if err == nil {
		err = json.Unmarshal(spelled, &out)
	}
	if err != nil && c.err == nil {
		c.err = fmt.Errorf("cannot spell the type %s: %w", in, err)
	}
	return out
}

func nesting(mode fmt.Stringer) tfjson.SchemaNestingMode {
	return tfjson.SchemaNestingMode(strings.ToLower(mode.String()))
}

func kind(k tfprotov6.StringKind) tfjson.SchemaDescriptionKind {
	if k == tfprotov6.StringKindMarkdown {
		return tfjson.SchemaDescriptionKindMarkdown
	}
	return tfjson.SchemaDescriptionKindPlain
}

// unsigned suits versions and item counts, which the protocol signs but never makes negative.
func unsigned(n int64) uint64 {
	return uint64(max(n, 0))
}
