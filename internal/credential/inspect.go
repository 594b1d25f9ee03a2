package credential

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// settling is how long a refusal of a new secret may only mean that it is not known everywhere yet.
const settling = 2 * time.Minute

// Inspection is how a refresh finds out whether a secret is still accepted.
type Inspection struct {
	// Noun is what kind of credential it is.
	Noun string
	// Object tells which one.
	Object string
	// Secret is what is in the state.
	Secret types.String
	// Issued is when the secret was made, and Now the present, both by the system's clock.
	Issued, Now time.Time
	// Verify logs in with the secret.
	Verify func(context.Context) (accepted bool, err error)
	// OwnerActive tells of the service account; nil where one cannot be deactivated.
	OwnerActive func(context.Context) (active bool, err error)
}

// Inspect logs in with the secret, if the credential's upkeep says so. What cannot be found out is a warning: a refresh must
// not keep anybody from planning.
func (u Upkeep) Inspect(ctx context.Context, inspection Inspection) (Finding, diag.Diagnostics) {
	if !u.VerifyOnRefresh.ValueBool() || inspection.Secret.IsNull() {
		return "", nil
	}
	accepted, err := inspection.Verify(ctx)
	if err == nil && !accepted {
		// Once more: a credential is replaced for this, and one odd answer must not do that.
		accepted, err = inspection.Verify(ctx)
	}
	if err == nil && !accepted && inspection.OwnerActive != nil {
		active, ownerErr := inspection.OwnerActive(ctx)
		if ownerErr == nil && !active {
			return OwnerDeactivated, nil
		}
		err = ownerErr
	}
	switch {
	case err != nil:
		return "", diag.Diagnostics{diag.NewWarningDiagnostic(inspection.Noun+" could not be verified", fmt.Sprintf(
			"It could not be found out whether the secret of the %s is still accepted: %s.", inspection.Object, err))}
	case accepted || inspection.Now.Sub(inspection.Issued) < settling:
		return "", nil
	}
	return Refused, nil
}
