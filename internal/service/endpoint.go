package service

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// Endpoint validates the address of an API: https, or http to a loopback host.
func Endpoint() validator.String { return endpointValidator{} }

type endpointValidator struct{}

// Description implements [validator.Describer].
func (endpointValidator) Description(context.Context) string {
	return "must be an https URL; http is accepted for a loopback host only"
}

// MarkdownDescription implements [validator.Describer].
func (v endpointValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateString implements [validator.String].
func (endpointValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if _, err := rest.ParseEndpoint(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid address", fmt.Sprintf("Cannot use the value of %s: %s.", req.Path, err))
	}
}
