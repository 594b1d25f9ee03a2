package credential

import (
	"context"
	"encoding/json"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/service"
)

const leftoversKey = "leftovers"

// Leftover is a credential that is to be revoked and could not be. It is kept in private state, without its secret.
type Leftover struct {
	ID string `json:"id"`
	// Created is zero if it is not known. What is young may be answered with a 404 that means nothing.
	Created time.Time `json:"created,omitzero"`
}

func leftover(held Held) Leftover {
	return Leftover{ID: held.ID.ValueString(), Created: service.Time(held.Created)}
}

// held is a leftover as what revokes it needs it.
func (l Leftover) held() Held {
	return Held{ID: types.StringValue(l.ID), Created: service.TimeValue(l.Created)}
}

// noteLeftovers keeps what is left for the next run.
func noteLeftovers(ctx context.Context, private service.PrivateWriter, left []Leftover) diag.Diagnostics {
	data, err := json.Marshal(left)
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Unwritable private state", err.Error())}
	}
	return private.SetKey(ctx, leftoversKey, data)
}

// Leftovers are what earlier runs could not revoke.
func Leftovers(ctx context.Context, private service.PrivateReader) ([]Leftover, diag.Diagnostics) {
	var left []Leftover
	data, diags := private.GetKey(ctx, leftoversKey)
	if data == nil || diags.HasError() {
		return nil, diags
	}
	if err := json.Unmarshal(data, &left); err != nil {
		diags.AddError("Unreadable private state", "The provider's own note of credentials to revoke cannot be read: "+err.Error()+".")
	}
	return left, diags
}
