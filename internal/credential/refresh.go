package credential

import (
	"context"
	"encoding/json"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/machineid/terraform-provider-machineid/internal/service"
)

// Finding is what a refresh found out about a credential that its attributes do not tell.
type Finding string

// What a refresh can find.
const (
	// Deactivated is a credential that was switched off outside Terraform.
	Deactivated Finding = "deactivated"
	// RotatedElsewhere is one whose secret was replaced outside Terraform: the one in the state is no longer it.
	RotatedElsewhere Finding = "rotated elsewhere"
	// Refused is one whose secret the system no longer accepts.
	Refused Finding = "refused"
	// OwnerDeactivated is one whose service account was switched off. A new credential would be refused just as well.
	OwnerDeactivated Finding = "owner deactivated"
)

// Refresh is what a read leaves in private state for plans to judge by. A plan that asked the clock or the system itself
// would differ from its own apply, and could not be saved.
type Refresh struct {
	// At is the hour of the refresh. It is zero for an object that was never refreshed, such as a new one.
	At time.Time `json:"at"`
	// Found is "" if everything was as it should be.
	Found Finding `json:"found,omitempty"`
}

const refreshKey = "refresh"

// Note keeps a refresh. Its moment is cut to the whole hour, so that a refresh soon after another changes nothing.
func (r Refresh) Note(ctx context.Context, private service.PrivateWriter) diag.Diagnostics {
	r.At = r.At.UTC().Truncate(time.Hour)
	data, err := json.Marshal(r)
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Unwritable private state", err.Error())}
	}
	return private.SetKey(ctx, refreshKey, data)
}

// LatestRefresh is what the latest refresh left.
func LatestRefresh(ctx context.Context, private service.PrivateReader) (Refresh, diag.Diagnostics) {
	var noted Refresh
	data, diags := private.GetKey(ctx, refreshKey)
	if data == nil || diags.HasError() {
		return noted, diags
	}
	if err := json.Unmarshal(data, &noted); err != nil {
		diags.AddError("Unreadable private state", "The provider's own note of the latest refresh cannot be read: "+err.Error()+".")
	}
	return noted, diags
}
