package credential

import (
	"context"
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
	return service.WriteNote(ctx, private, refreshKey, r)
}

// LatestRefresh is what the latest refresh left.
func LatestRefresh(ctx context.Context, private service.PrivateReader) (Refresh, diag.Diagnostics) {
	noted, diags := service.ReadNote[Refresh](ctx, private, refreshKey, "of the latest refresh")
	if noted == nil {
		return Refresh{}, diags
	}
	return *noted, diags
}
