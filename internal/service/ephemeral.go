package service

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
)

// revokingTimeout bounds what [Revoking] lets happen: more than the half minute for which a system may not show yet what it
// has made, and the time to answer after that.
const revokingTimeout = 2 * time.Minute

// Revoking returns the context in which the object of an ephemeral resource is revoked. An interrupt does not cut it: there
// is no state from which a later run would revoke the object.
func Revoking(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), revokingTimeout)
}

// StillThere is the next step after the object of an ephemeral resource could not be revoked. List is the data source that
// shows it, advice what else is to be said of the failure, or "".
func StillThere(object, list, advice string) string {
	text := fmt.Sprintf("It is in no state, so nothing else will revoke the %s, and it may still be accepted: delete it in the system. "+
		"As long as it is there, the data source %s lists it.", object, list)
	if advice == "" {
		return text
	}
	return advice + "\n\n" + text
}

// RevokedAgain is the next step after the answer to a creation left out what the ephemeral resource is for.
func RevokedAgain(object string) string {
	return fmt.Sprintf("Without what the answer lacks it is of no use, so %s was revoked again. Run again. If it stays, check that nothing stands between here and the API "+
		"that changes its answers, and ask whoever operates the system.", object)
}

// NamedOwn refuses to revoke what the provider itself logs in with: the system named it when it was asked to make another.
func NamedOwn(system, noun, object, list string) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Refused to revoke the provider's own "+noun,
		fmt.Sprintf("%s named it, %s, when it was asked to make another one. Nothing was revoked. If another one was made, the data source %s lists it: delete it in the system.",
			system, object, list))
}

// CreateWhen is the attribute create_when of ephemeral resources that make something.
func CreateWhen() schema.BoolAttribute {
	return schema.BoolAttribute{
		Required: true,
		MarkdownDescription: "Whether to make anything. Set `terraform.applying`: each plan opens an ephemeral resource, as each apply does, and so a plan makes nothing. " +
			"While it is false, what the system would tell is null.",
	}
}
