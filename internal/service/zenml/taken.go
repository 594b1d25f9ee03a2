package zenml

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/machineid/terraform-provider-machineid/internal/service"
)

// serviceAccountExists explains that the name is taken, and how to import what has it.
func (s *server) serviceAccountExists(ctx context.Context, plan serviceAccountModel, err error) diag.Diagnostic {
	id := "<its UUID>"
	if found, findErr := s.ServiceAccountByName(ctx, plan.Name.ValueString()); findErr == nil {
		id = found.ID
	}
	return service.Failure{
		Operation: "create", Noun: serviceAccountNoun, Object: plan.object(), Err: err,
		Next: fmt.Sprintf("A service account of this name exists already. To manage it here, import it:\n\n"+
			"  terraform import '<address of this resource>' %s\n\nOtherwise choose another name.", id),
	}.Diagnostic()
}

// apiKeyExists explains that the name is taken: by a key to import, or by the key that this one is to replace.
func (s *server) apiKeyExists(ctx context.Context, plan apiKeyModel, err error) diag.Diagnostic {
	account, id := plan.ServiceAccountID.ValueString(), "<its UUID>"
	if found, findErr := s.APIKeyByName(ctx, account, plan.Name.ValueString()); findErr == nil {
		id = found.ID
	}
	return service.Failure{
		Operation: "create", Noun: apiKeyNoun, Object: plan.object(), Err: err,
		Next: fmt.Sprintf("An API key of this name exists already in the service account, and names are unique there.\n\n"+
			"If an earlier apply was cut off while it created this key, this is that key and its secret is lost: delete it on the server and apply again.\n\n"+
			"If this is a replacement with create_before_destroy: ZenML cannot hold the old and the new key under one name. "+
			"Remove create_before_destroy, or change the name together with the replacement.\n\n"+
			"If the key was made elsewhere and is to be managed here, import it:\n\n"+
			"  terraform import '<address of this resource>' %s/%s\n\n"+
			"An imported key has no secret in state until it is replaced, because the server shows it only at creation.", account, id),
	}.Diagnostic()
}
