package zenml

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/machineid/terraform-provider-machineid/internal/credential"
	"github.com/machineid/terraform-provider-machineid/internal/service"
)

// issue is what was true of a key when it came into the state, with its secret or by import. It is kept in private state,
// where Read does not overwrite it: otherwise one refresh would make a secret that died look alive again.
type issue struct {
	// LastRotated is the attribute of that name at that moment; "" if the key had never been rotated.
	LastRotated string `json:"last_rotated"`
}

const issueKey = "issue"

// rotatedElsewhere tells that the key was rotated after its secret was put into state, so that the secret is dead. A
// state without secret (import) has none to lose.
func (i *issue) rotatedElsewhere(state apiKeyModel) bool {
	return i != nil && state.Holds(state.Key) && state.LastRotated.ValueString() != i.LastRotated
}

// noteRefresh notes for plans when the key was read, and what was found out about it beyond its attributes.
func (s *server) noteRefresh(
	ctx context.Context, known service.PrivateReader, prior, current apiKeyModel, private service.PrivateWriter,
) diag.Diagnostics {
	issued, diags := readIssue(ctx, known)
	earlier, more := credential.LatestRefresh(ctx, known)
	diags.Append(more...)
	refresh := credential.Refresh{At: s.now()}
	switch {
	case diags.HasError():
		return diags
	case issued.rotatedElsewhere(current):
		refresh.Found = credential.RotatedElsewhere
	case !current.Active.ValueBool():
		if prior.Active.ValueBool() || earlier.Found == credential.Deactivated {
			refresh.Found = credential.Deactivated
		}
	default:
		refresh.Found, more = s.inspectKey(ctx, current)
		diags.Append(more...)
	}
	return append(diags, refresh.Note(ctx, private)...)
}

// inspectKey finds out, if that is asked for, whether a key is still accepted.
func (s *server) inspectKey(ctx context.Context, state apiKeyModel) (credential.Finding, diag.Diagnostics) {
	subject := state.subject()
	return state.Inspect(ctx, credential.Inspection{
		Noun: apiKeyNoun, Object: state.object(), Secret: state.Key, Issued: subject.Issued, Now: s.ServerNow(),
		Verify: func(ctx context.Context) (bool, error) { return s.Verify(ctx, state.Key.ValueString()) },
		OwnerActive: func(ctx context.Context) (bool, error) {
			owner, err := s.ServiceAccount(ctx, state.ServiceAccountID.ValueString())
			return err == nil && owner.Active, err
		},
	})
}

// readIssue returns nil if there is no note: of a key that is just being imported, or of a tainted one that is replaced.
func readIssue(ctx context.Context, private service.PrivateReader) (*issue, diag.Diagnostics) {
	return service.ReadNote[issue](ctx, private, issueKey, "on this API key")
}

func writeIssue(ctx context.Context, private service.PrivateWriter, state apiKeyModel) diag.Diagnostics {
	return service.WriteNote(ctx, private, issueKey, issue{LastRotated: state.LastRotated.ValueString()})
}
