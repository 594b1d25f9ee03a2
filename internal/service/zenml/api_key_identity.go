package zenml

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// apiKeyIdentity is the identity of an API key, whichever resource keeps it.
type apiKeyIdentity struct {
	ServiceAccountID types.String `tfsdk:"service_account_id"`
	ID               types.String `tfsdk:"id"`
}

func keyIdentitySchema() identityschema.Schema {
	return identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"service_account_id": identityschema.StringAttribute{RequiredForImport: true, Description: "UUID of the service account."},
		"id":                 identityschema.StringAttribute{RequiredForImport: true, Description: "UUID of the key."},
	}}
}

// importedKey reads which key an import means.
func importedKey(ctx context.Context, req resource.ImportStateRequest) (identity apiKeyIdentity, diags diag.Diagnostics) {
	if req.ID == "" {
		diags.Append(req.Identity.Get(ctx, &identity)...)
	} else {
		account, key, _ := strings.Cut(req.ID, "/")
		identity = apiKeyIdentity{ServiceAccountID: types.StringValue(account), ID: types.StringValue(key)}
	}
	if diags.HasError() {
		return identity, diags
	}
	if !uuidPattern.MatchString(identity.ServiceAccountID.ValueString()) || !uuidPattern.MatchString(identity.ID.ValueString()) {
		diags.AddError("Invalid import id",
			fmt.Sprintf("A ZenML API key is imported by <service account UUID>/<key UUID>, both in lower case, not by %q. "+
				"The data sources machineid_zenml_service_account and machineid_zenml_api_key find both by name.",
				identity.ServiceAccountID.ValueString()+"/"+identity.ID.ValueString()))
	}
	return identity, diags
}
