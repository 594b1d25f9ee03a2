package credential

import (
	"context"
	"fmt"
	"strings"
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
	// Found tells that it was found where the answer to a creation was lost, and so may be somebody else's.
	Found bool `json:"found,omitempty"`
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
	return service.WriteNote(ctx, private, leftoversKey, left)
}

// Leftovers are what earlier runs could not revoke.
func Leftovers(ctx context.Context, private service.PrivateReader) ([]Leftover, diag.Diagnostics) {
	left, diags := service.ReadNote[[]Leftover](ctx, private, leftoversKey, "of credentials to revoke")
	if left == nil {
		return nil, diags
	}
	return *left, diags
}

// Forgotten tells what earlier runs could not revoke, of a resource that leaves the state: no later run knows of it.
func Forgotten(ctx context.Context, private service.PrivateReader, noun string) diag.Diagnostics {
	leftovers, diags := Leftovers(ctx, private)
	for _, left := range leftovers {
		diags.AddWarning("A "+noun+" is left to be revoked", fmt.Sprintf(
			"An earlier run could not revoke %s. The resource leaves the state, so that no later run does it. Look whose it is, and delete it in the system if it is nobody's.", left.ID))
	}
	return diags
}

// leftoversWarning tells that a plan revokes what earlier runs left, but for what was only found, if it is wary.
func leftoversWarning(noun string, leftovers []Leftover, wary bool) diag.Diagnostics {
	var failed, found []string
	for _, left := range leftovers {
		if left.Found {
			made := left.ID
			if !left.Created.IsZero() {
				made += " (made at " + left.Created.UTC().Format(time.RFC3339) + ")"
			}
			found = append(found, made)
		} else {
			failed = append(failed, left.ID)
		}
	}
	var diags diag.Diagnostics
	if len(failed) > 0 {
		diags.AddWarning("A "+noun+" is left to be revoked", fmt.Sprintf(
			"An earlier run made a credential that did not prove to be accepted, or had one to end, and could not revoke it: %s. The plan revokes it.", strings.Join(failed, ", ")))
	}
	next := "Nobody has its secret, unless it is somebody else's. The plan revokes it. If it is somebody else's, plan with unknown_outcome = \"stop\" in the provider block: then it is left alone."
	if wary {
		next = "It is left alone, because unknown_outcome is \"stop\" or deletion_policy is \"abandon\", and not told of again."
	}
	if len(found) > 0 {
		diags.AddWarning("A "+noun+" was found where a creation was lost", fmt.Sprintf(
			"The answer to a creation was lost in an earlier run, and this was made just then: %s. %s", strings.Join(found, ", "), next))
	}
	return diags
}
