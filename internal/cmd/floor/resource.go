package main

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// kept is a resource with the metadata and the schema of the one that it embeds.
type kept struct {
	resource.Resource
	store *store
}

// identified is one with an identity.
type identified struct {
	kept
	real resource.ResourceWithIdentity
}

func wrap(real resource.Resource, held *store) resource.Resource {
	if real, ok := real.(resource.ResourceWithIdentity); ok {
		return identified{kept: kept{real, held}, real: real}
	}
	return kept{real, held}
}

// IdentitySchema implements resource.ResourceWithIdentity.
func (i identified) IdentitySchema(ctx context.Context, req resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	i.real.IdentitySchema(ctx, req, resp)
}

// Create implements resource.Resource.
func (k kept) Create(_ context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	made, err := k.store.create(req.Plan.Raw)
	if err != nil {
		resp.Diagnostics.AddError("Cannot make it", err.Error())
		return
	}
	resp.State.Raw = made
	identify(made, resp.Identity)
}

// Read implements resource.Resource.
func (k kept) Read(_ context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	found, err := k.store.read(req.State.Raw)
	if err != nil {
		resp.Diagnostics.AddError("Cannot read it", err.Error())
		return
	}
	resp.State.Raw = found
	identify(found, resp.Identity)
}

// Update implements resource.Resource.
func (k kept) Update(_ context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	changed, err := k.store.update(req.State.Raw, req.Plan.Raw)
	if err != nil {
		resp.Diagnostics.AddError("Cannot change it", err.Error())
		return
	}
	resp.State.Raw = changed
	identify(changed, resp.Identity)
}

// Delete implements resource.Resource.
func (k kept) Delete(_ context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	if err := k.store.remove(req.State.Raw); err != nil {
		resp.Diagnostics.AddError("Cannot delete it", err.Error())
	}
}

// identify sets an identity from the attributes of the same names.
func identify(object tftypes.Value, identity *tfsdk.ResourceIdentity) {
	if identity == nil {
		return
	}
	var attributes map[string]tftypes.Value
	if err := object.As(&attributes); err != nil {
		return
	}
	kind := identity.Schema.Type().TerraformType(context.Background())
	values := map[string]tftypes.Value{}
	for name, want := range kind.(tftypes.Object).AttributeTypes {
		value, same := attributes[name]
		if !same || !value.Type().Equal(want) {
			value = tftypes.NewValue(want, nil)
		}
		values[name] = value
	}
	identity.Raw = tftypes.NewValue(kind, values)
}
