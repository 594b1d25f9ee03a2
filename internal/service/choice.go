package service

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// Choice validates a setting of the provider that is one of a few words. Unlike others it does not repeat a wrong value:
// next to credentials that may be a secret in the wrong place.
func Choice(words ...string) validator.String { return choice{words} }

type choice struct{ words []string }

// Description implements [validator.Describer].
func (c choice) Description(context.Context) string {
	return fmt.Sprintf("must be one of: %s", strings.Join(c.words, ", "))
}

// MarkdownDescription implements [validator.Describer].
func (c choice) MarkdownDescription(ctx context.Context) string { return c.Description(ctx) }

// ValidateString implements [validator.String].
func (c choice) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() || slices.Contains(c.words, req.ConfigValue.ValueString()) {
		return
	}
	resp.Diagnostics.AddAttributeError(req.Path, "Invalid provider setting", fmt.Sprintf("The value of %s %s.", req.Path, c.Description(ctx)))
}
