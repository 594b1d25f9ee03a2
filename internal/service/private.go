package service

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// PrivateReader is private state as a request holds it.
type PrivateReader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

// PrivateWriter is private state as a response takes it.
type PrivateWriter interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// WriteNote keeps a value of the provider's own in private state.
func WriteNote[T any](ctx context.Context, private PrivateWriter, key string, note T) diag.Diagnostics {
	data, err := json.Marshal(note)
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Unwritable private state", err.Error())}
	}
	return private.SetKey(ctx, key, data)
}

// ReadNote returns what [WriteNote] kept; nil if there is none. About ends the words "the provider's own note" in an error.
func ReadNote[T any](ctx context.Context, private PrivateReader, key, about string) (*T, diag.Diagnostics) {
	data, diags := private.GetKey(ctx, key)
	if data == nil || diags.HasError() {
		return nil, diags
	}
	note := new(T)
	if err := json.Unmarshal(data, note); err != nil {
		diags.AddError("Unreadable private state", fmt.Sprintf("The provider's own note %s cannot be read: %s.", about, err))
	}
	return note, diags
}
