package zenml

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/machineid/terraform-provider-machineid/internal/outcome"
	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/zenml/zenmlapi"
)

// adopts tells whether a failed creation is to take over what has the name. A mere find is never enough: the server must
// have refused the name, and not to a repeat of our own request.
func (s *server) adopts(err error) bool {
	return s.adoptExisting && zenmlapi.IsConflict(err) && !outcome.IsUnresolved(err)
}

// adoptAccount takes over the service account that has the name of a new one, and gives it the planned values.
func (s *server) adoptAccount(ctx context.Context, plan serviceAccountModel) (*zenmlapi.ServiceAccount, diag.Diagnostics) {
	failed := func(err error) diag.Diagnostics {
		return diag.Diagnostics{s.failure("adopt", serviceAccountNoun, plan.object(), err)}
	}
	found, err := s.ServiceAccountByName(ctx, plan.Name.ValueString())
	if err != nil {
		return nil, failed(err)
	}
	state := serviceAccountState(found)
	if deactivates(state.Active, plan.Active) {
		if diags := s.guardAccount(ctx, state, service.AtApply, "deactivate", path.Root("active")); diags.HasError() {
			return nil, diags
		}
	}
	if update := plan.update(state); update != (zenmlapi.ServiceAccountUpdate{}) {
		if err := s.UpdateServiceAccount(ctx, found.ID, update); err != nil {
			return nil, failed(err)
		}
		if found, err = s.ServiceAccount(ctx, found.ID); err != nil {
			return nil, failed(err)
		}
	}
	return found, diag.Diagnostics{service.Adopted(serviceAccountNoun, state.object(), "")}
}

// adoptKey takes over the API key that has the name of a new one, by rotation: its secret is known to nobody here. A key
// that was ever used is somebody's.
func (s *server) adoptKey(ctx context.Context, plan apiKeyModel) (*zenmlapi.APIKey, diag.Diagnostics) {
	account := plan.ServiceAccountID.ValueString()
	found, err := s.APIKeyByName(ctx, account, plan.Name.ValueString())
	if err != nil {
		return nil, diag.Diagnostics{s.failure("adopt", apiKeyNoun, plan.object(), err)}
	}
	object := apiKeyState(found, plan).object()
	if found.LastLogin != nil {
		return nil, diag.Diagnostics{diag.NewErrorDiagnostic("Cannot adopt "+apiKeyNoun,
			fmt.Sprintf("The %s has the name that the new key is to have, and was used at %s. A key is adopted by rotation, which would end it for whoever uses it, "+
				"so only one that was never used is. To manage this one here, import it:\n\n"+
				"  terraform import '<address of this resource>' %s/%s\n\n"+
				"An imported key has no secret in state until it is replaced. Otherwise choose another name.",
				object, found.LastLogin.UTC().Format(time.RFC3339), account, found.ID))}
	}
	rotated, err := s.RotateAPIKey(ctx, account, found.ID)
	if err != nil {
		return nil, diag.Diagnostics{s.failure("adopt", apiKeyNoun, object, err)}
	}
	adoptedKey := *found
	adoptedKey.Key, adoptedKey.LastRotated = rotated.Key, rotated.LastRotated
	return &adoptedKey, diag.Diagnostics{service.Adopted(apiKeyNoun, object, " by rotation: any earlier secret of it has ended")}
}

// guardAdopted refuses to delete a key that was rotated after its secret was put into state: where keys are adopted, another
// configuration may have done so, and the key is its by now.
func (s *server) guardAdopted(ctx context.Context, state apiKeyModel, known *issue) diag.Diagnostics {
	if !s.adoptExisting {
		return nil
	}
	found, err := s.APIKey(ctx, state.ServiceAccountID.ValueString(), state.ID.ValueString())
	switch {
	case zenmlapi.IsNotFound(err):
		return nil
	case err != nil:
		return diag.Diagnostics{s.failure("delete", apiKeyNoun, state.object(), err)}
	}
	current := apiKeyState(found, state)
	expected := state.LastRotated.ValueString()
	if known != nil {
		expected = known.LastRotated
	}
	if current.LastRotated.ValueString() == expected {
		return nil
	}
	return diag.Diagnostics{diag.NewErrorDiagnostic("Refused to delete "+apiKeyNoun,
		fmt.Sprintf("The %s was rotated at %s, after its secret was put into this state. Because adopt_existing is set, another configuration may have adopted it. "+
			"Nothing was changed. If it is not yours any more, take it out of the state (terraform state rm). If it is, unset adopt_existing for this apply.",
			state.object(), current.LastRotated.ValueString()))}
}
