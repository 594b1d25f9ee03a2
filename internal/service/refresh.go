package service

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// Unchanged answers a read with a model that a list has shown, and tells whether that is what the state says already. A
// list may be older than an answer about the object, or leave something out, so a difference is no answer: the object is
// to be read.
func Unchanged(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse, model any) bool {
	listed := req.State
	if diags := listed.Set(ctx, model); diags.HasError() || !listed.Raw.Equal(req.State.Raw) {
		return false
	}
	resp.State = listed
	return true
}
