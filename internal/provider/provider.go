// Package provider is the hall of the house: the provider's schema is the union of its wings' blocks, and each wing is
// handed its settings. It knows no vendor but by name.
package provider

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/dt"
	"github.com/machineid/terraform-provider-machineid/internal/service/keycard"
	"github.com/machineid/terraform-provider-machineid/internal/service/neowit"
	"github.com/machineid/terraform-provider-machineid/internal/service/zenml"
)

// wings lists the systems. This list and its import are all that a new one needs here.
func wings() []service.Wing {
	return []service.Wing{
		zenml.Wing(),
		dt.Wing(),
		neowit.Wing(),
		keycard.Wing(),
	}
}

// New returns the provider of that version, which reads environment variables through getenv.
func New(version string, getenv func(string) string) func() provider.Provider {
	return NewAt(version, getenv, time.Now)
}

// NewAt is [New] with a clock of its own by which refreshes are dated.
func NewAt(version string, getenv func(string) string, now func() time.Time) func() provider.Provider {
	return func() provider.Provider {
		return &machineIDProvider{version: version, getenv: getenv, now: now, wings: wings()}
	}
}

type machineIDProvider struct {
	version string
	getenv  func(string) string
	now     func() time.Time
	wings   []service.Wing
}

// Metadata implements provider.Provider.
func (p *machineIDProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "machineid"
	resp.Version = p.version
}

// Configure implements provider.Provider. It connects to nothing: a system is first spoken to when one of its objects
// is.
func (p *machineIDProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	http, diags := p.http(ctx, req.Config, req.TerraformVersion)
	resp.Diagnostics.Append(diags...)
	var allowSelfLockout, adoptExisting types.Bool
	var unknownOutcome, deletionPolicy types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("allow_self_lockout"), &allowSelfLockout)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("adopt_existing"), &adoptExisting)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("unknown_outcome"), &unknownOutcome)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("deletion_policy"), &deletionPolicy)...)
	bulkRefresh, diags := p.bulkRefresh(ctx, req.Config)
	resp.Diagnostics.Append(diags...)
	accesses := make(service.Accesses, 0, len(p.wings))
	for _, wing := range p.wings {
		var object types.Object
		resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root(wing.Name), &object)...)
		accesses = append(accesses, wing.Configure(service.Settings{
			Wing: wing.Name, Object: object, Getenv: p.getenv, HTTP: http, Now: p.now,
			Guard: service.Guard{Allow: allowSelfLockout, Deletion: deletionPolicy},
			// Creations happen at apply only, where both are known.
			AdoptExisting: adoptExisting.ValueBool(), OnlyListUnknown: unknownOutcome.ValueString() == stopAtOutcome,
			BulkRefresh: bulkRefresh,
		}))
	}
	resp.ResourceData, resp.DataSourceData, resp.ListResourceData = accesses, accesses, accesses
	resp.EphemeralResourceData = accesses
}

// Resources implements provider.Provider.
func (p *machineIDProvider) Resources(context.Context) []func() resource.Resource {
	var all []func() resource.Resource
	for _, wing := range p.wings {
		all = append(all, wing.Resources...)
	}
	return all
}

// DataSources implements provider.Provider.
func (p *machineIDProvider) DataSources(context.Context) []func() datasource.DataSource {
	var all []func() datasource.DataSource
	for _, wing := range p.wings {
		all = append(all, wing.DataSources...)
	}
	return all
}

// EphemeralResources implements provider.ProviderWithEphemeralResources.
func (p *machineIDProvider) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	var all []func() ephemeral.EphemeralResource
	for _, wing := range p.wings {
		all = append(all, wing.EphemeralResources...)
	}
	return all
}

// ListResources implements provider.ProviderWithListResources.
func (p *machineIDProvider) ListResources(context.Context) []func() list.ListResource {
	var all []func() list.ListResource
	for _, wing := range p.wings {
		all = append(all, wing.ListResources...)
	}
	return all
}

// userAgent tells an operator what called.
func (p *machineIDProvider) userAgent(terraformVersion, suffix string) string {
	agent := fmt.Sprintf("terraform-provider-machineid/%s (+https://github.com/machineid/terraform-provider-machineid) Terraform/%s", p.version, terraformVersion)
	if suffix != "" {
		agent += " " + suffix
	}
	return agent
}
