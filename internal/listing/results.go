// Package listing is what the list resources of all wings share: the stream of what is found, and the choice by name, age
// and use. It knows no vendor.
package listing

import (
	"context"
	"fmt"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Stream answers a query while find is at it: what it adds is with the CLI before it asks for the next page. What find
// returns is told after what it has added.
func Stream(ctx context.Context, req list.ListRequest, find func(*Results) diag.Diagnostics) iter.Seq[list.ListResult] {
	return func(push func(list.ListResult) bool) {
		results := &Results{ctx: ctx, req: req, push: push}
		if diags := find(results); len(diags) > 0 && !results.ended {
			push(list.ListResult{Diagnostics: diags})
		}
	}
}

// Results is where a query puts what it finds.
type Results struct {
	// What Stream was called with, whose calls these are.
	ctx   context.Context //nolint:containedctx // it lives as long as the call
	req   list.ListRequest
	push  func(list.ListResult) bool
	added int64
	// ended tells that the CLI wants no more.
	ended bool
}

// Detailed tells whether the query wants the objects themselves, beside their identities.
func (r *Results) Detailed() bool { return r.req.IncludeResource }

// Blank fills a model with what is known of an object before anything is: nothing, in a null of each type. An import begins
// with that, too.
func (r *Results) Blank(model any) diag.Diagnostics {
	blank := r.req.NewListResult(r.ctx).Resource
	attributes := map[string]tftypes.Value{}
	for name, attribute := range blank.Schema.GetAttributes() {
		attributes[name] = tftypes.NewValue(attribute.GetType().TerraformType(r.ctx), nil)
	}
	blank.Raw = tftypes.NewValue(blank.Schema.Type().TerraformType(r.ctx), attributes)
	return blank.Get(r.ctx, model)
}

// Add tells of an object, under the name that it is shown by, and whether more are wanted. Identity and state are the
// models of its resource.
func (r *Results) Add(shown string, identity, state any) (more bool) {
	result := r.req.NewListResult(r.ctx)
	result.DisplayName = shown
	result.Diagnostics.Append(result.Identity.Set(r.ctx, identity)...)
	if r.req.IncludeResource {
		result.Diagnostics.Append(result.Resource.Set(r.ctx, state)...)
	}
	r.added++
	last := r.req.Limit > 0 && r.added >= r.req.Limit
	if last {
		// With the result, because after it the CLI listens no more.
		result.Diagnostics.AddWarning("The query stops at its limit", fmt.Sprintf(
			"It lists %d objects, and there may be more. Raise limit in the list block, which is 100 unless it is set, to see them all.", r.added))
	}
	r.ended = !r.push(result) || last
	return !r.ended
}
