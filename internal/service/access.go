package service

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// Access is a wing's client of type C, or the reason why there is none.
type Access[C any] struct {
	client  C
	granted bool
	refusal diag.Diagnostics
	unknown bool
}

// Granted is access to a system through a client.
func Granted[C any](client C) Access[C] { return Access[C]{client: client, granted: true} }

// Refused is a system whose settings are missing or wrong: every use of its types fails, at plan already.
func Refused[C any](reasons diag.Diagnostics) Access[C] { return Access[C]{refusal: reasons} }

// Undecided is a system whose settings are unknown until apply: creates can be planned, nothing can be read.
func Undecided[C any](reasons diag.Diagnostics) Access[C] {
	return Access[C]{refusal: reasons, unknown: true}
}

// Accesses is the provider's data: the [Access] of each wing. A type finds its own by its client's type.
type Accesses []any

// Resource gives a resource its wing's client. Embed it by value.
type Resource[C any] struct{ connection[C] }

// Configure implements resource.ResourceWithConfigure.
func (r *Resource[C]) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.connect(req.ProviderData, &resp.Diagnostics)
}

// DataSource gives a data source its wing's client. Embed it by value.
type DataSource[C any] struct{ connection[C] }

// Configure implements datasource.DataSourceWithConfigure.
func (d *DataSource[C]) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.connect(req.ProviderData, &resp.Diagnostics)
}

// EphemeralResource gives an ephemeral resource its wing's client. Embed it by value.
type EphemeralResource[C any] struct{ connection[C] }

// Configure implements ephemeral.EphemeralResourceWithConfigure.
func (e *EphemeralResource[C]) Configure(_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse) {
	e.connect(req.ProviderData, &resp.Diagnostics)
}

type connection[C any] struct{ access Access[C] }

func (c *connection[C]) connect(providerData any, diags *diag.Diagnostics) {
	accesses, ok := providerData.(Accesses)
	if !ok {
		return // validation runs before the provider is configured
	}
	for _, candidate := range accesses {
		if access, ok := candidate.(Access[C]); ok {
			c.access = access
		}
	}
	if !c.access.unknown {
		diags.Append(c.access.refusal...)
	}
}

// Client returns the wing's client. Without one it adds the reason to diags and reports false.
func (c *connection[C]) Client(diags *diag.Diagnostics) (C, bool) {
	if c.access.granted {
		return c.access.client, true
	}
	diags.Append(c.access.refusal...)
	if len(c.access.refusal) == 0 {
		diags.AddError("Provider not configured",
			fmt.Sprintf("The provider handed over no client of type %T. This is a defect of the provider; please report it.", c.access.client))
	}
	return c.access.client, false
}
