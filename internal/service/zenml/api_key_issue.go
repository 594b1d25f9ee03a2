package zenml

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

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
	return i != nil && !state.Key.IsNull() && state.LastRotated.ValueString() != i.LastRotated
}

func rotatedElsewhereWarning(state apiKeyModel) diag.Diagnostic {
	return diag.NewWarningDiagnostic("ZenML API key was rotated outside Terraform",
		fmt.Sprintf("The %s was rotated at %s, after its value was put into the state. The value in the state is no longer the key "+
			"(it may still be accepted until the retain period of that rotation ends). The plan replaces the key. Whoever rotated it holds "+
			"a value that the replacement makes invalid.", state.object(), state.LastRotated.ValueString()))
}

// readIssue returns nil if there is no note: of a key that is just being imported, or of a tainted one that is replaced.
func readIssue(ctx context.Context, private service.PrivateReader) (*issue, diag.Diagnostics) {
	data, diags := private.GetKey(ctx, issueKey)
	if data == nil || diags.HasError() {
		return nil, diags
	}
	var stored issue
	if err := json.Unmarshal(data, &stored); err != nil {
		diags.AddError("Unreadable private state", "The provider's own note on this API key cannot be read: "+err.Error()+".")
	}
	return &stored, diags
}

func writeIssue(ctx context.Context, private service.PrivateWriter, state apiKeyModel) diag.Diagnostics {
	data, err := json.Marshal(issue{LastRotated: state.LastRotated.ValueString()})
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Unwritable private state", err.Error())}
	}
	return private.SetKey(ctx, issueKey, data)
}
