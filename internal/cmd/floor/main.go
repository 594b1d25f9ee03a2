// Command floor serves a provider that `make bench` compares ours with. Its schemas are ours, its framework too; but its
// objects live in its memory, and nothing is asked of anybody. What ours takes beyond it is the price of our work with
// the APIs alone.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	machineid "github.com/machineid/terraform-provider-machineid/internal/provider"
	"github.com/machineid/terraform-provider-machineid/internal/serve"
)

func main() {
	if err := serve.Serve(newFloor, false); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func newFloor() provider.Provider {
	return &floor{Provider: machineid.New("floor", func(string) string { return "" })(), store: &store{}}
}

// floor has the metadata and the schema of the provider that it embeds.
type floor struct {
	provider.Provider
	store *store
}

// Configure implements provider.Provider.
func (f *floor) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {}

// Resources implements provider.Provider.
func (f *floor) Resources(ctx context.Context) []func() resource.Resource {
	var all []func() resource.Resource
	for _, construct := range f.Provider.Resources(ctx) {
		all = append(all, func() resource.Resource { return wrap(construct(), f.store) })
	}
	return all
}

// DataSources implements provider.Provider.
func (f *floor) DataSources(context.Context) []func() datasource.DataSource { return nil }
