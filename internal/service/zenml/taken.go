package zenml

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/zenml/zenmlapi"
)

// unseen explains a creation whose name is said to be taken, although nothing of exactly that name is there.
func unseen(noun, object string, conflict error) diag.Diagnostic {
	return service.Failure{
		Operation: "create", Noun: noun, Object: object, Err: conflict,
		Next: "Nothing of exactly this name was found. It may be spelled otherwise, where the server's database does not tell upper from lower case, " +
			"or was deleted just now. List what is there; then apply again, import it, or choose another name.",
	}.Diagnostic()
}

// serviceAccountExists explains that the name is taken, and how to import what has it.
func (s *server) serviceAccountExists(ctx context.Context, plan serviceAccountModel, err error) diag.Diagnostic {
	id := service.UnknownID
	found, findErr := s.ServiceAccountByName(ctx, plan.Name.ValueString())
	switch {
	case errors.Is(findErr, zenmlapi.ErrNoSuchName):
		return unseen(serviceAccountNoun, plan.object(), err)
	case findErr == nil:
		id = found.ID
	}
	return service.Failure{
		Operation: "create", Noun: serviceAccountNoun, Object: plan.object(), Err: err,
		Next: "A service account of this name exists already. To manage it here, import it:\n\n" + service.ImportCommands(id) +
			"\n\nOtherwise choose another name.",
	}.Diagnostic()
}

// apiKeyExists explains that the name is taken: by a key to import, or by the key that this one is to replace.
func (s *server) apiKeyExists(ctx context.Context, plan apiKeyModel, err error) diag.Diagnostic {
	account, id := plan.ServiceAccountID.ValueString(), service.UnknownID
	found, findErr := s.APIKeyByName(ctx, account, plan.Name.ValueString())
	switch {
	case errors.Is(findErr, zenmlapi.ErrNoSuchName):
		return unseen(apiKeyNoun, plan.object(), err)
	case findErr == nil:
		id = found.ID
	}
	return service.Failure{
		Operation: "create", Noun: apiKeyNoun, Object: plan.object(), Err: err,
		Next: fmt.Sprintf("An API key of this name exists already in the service account, and names are unique there.\n\n"+
			"If an earlier apply was cut off while it created this key, this is that key and its secret is lost: delete it on the server and apply again.\n\n"+
			"If this is a replacement with create_before_destroy: ZenML cannot hold the old and the new key under one name. "+
			"Remove create_before_destroy, change the name together with the replacement, or take machineid_zenml_rotating_api_key, which rotates a key in place.\n\n"+
			"If the key was made elsewhere and is to be managed here, import it:\n\n"+
			"%s\n\n"+
			"An imported key has no secret in state until it is replaced, because the server shows it only at creation.", service.ImportCommands(account+"/"+id)),
	}.Diagnostic()
}
