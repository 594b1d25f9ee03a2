package provider_test

import (
	"context"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// keeper is another provider: its one resource, keeper_secret, has a write-only argument, as vaults have.
type keeper struct {
	mutex sync.Mutex
	kept  []string
}

func (k *keeper) serve() (tfprotov6.ProviderServer, error) {
	return providerserver.NewProtocol6WithError(k)()
}

// handed are the values that creations were given.
func (k *keeper) handed() []string {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	return append([]string(nil), k.kept...)
}

func (k *keeper) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "keeper"
}

func (k *keeper) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}

func (k *keeper) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {}

func (k *keeper) DataSources(context.Context) []func() datasource.DataSource { return nil }

func (k *keeper) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return keptSecret{k} }}
}

// keptSecret is keeper_secret.
type keptSecret struct{ keeper *keeper }

func (keptSecret) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "keeper_secret"
}

func (keptSecret) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"value_wo": schema.StringAttribute{Required: true, WriteOnly: true},
	}}
}

func (s keptSecret) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var value string
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("value_wo"), &value)...)
	s.keeper.mutex.Lock()
	s.keeper.kept = append(s.keeper.kept, value)
	s.keeper.mutex.Unlock()
	resp.State.Raw = req.Plan.Raw
}

func (keptSecret) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

func (keptSecret) Update(_ context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	resp.State.Raw = req.Plan.Raw
}

func (keptSecret) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}
