package keycard

import (
	"context"
	"fmt"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Objects are imported by their paths in the API, as by the vendor's own Terraform provider.

// accountImport is an account's path in the API.
var accountImport = regexp.MustCompile(`^organizations/(` + segmentPattern + `)/service-accounts/(` + segmentPattern + `)$`)

func accountImportID(organization, id string) string {
	return fmt.Sprintf("organizations/%s/service-accounts/%s", organization, id)
}

// credentialImport is a credential's path in the API.
var credentialImport = regexp.MustCompile(
	`^organizations/(` + segmentPattern + `)/service-accounts/(` + segmentPattern + `)/credentials/(` + segmentPattern + `)$`)

func credentialImportID(organization, account, id string) string {
	return fmt.Sprintf("%s/credentials/%s", accountImportID(organization, account), id)
}

// importedCredential is the credential that is to be imported, whichever way it is named.
func importedCredential(ctx context.Context, req resource.ImportStateRequest) (identity credentialIdentity, diags diag.Diagnostics) {
	if req.ID == "" {
		diags.Append(req.Identity.Get(ctx, &identity)...)
		req.ID = credentialImportID(identity.OrganizationID.ValueString(), identity.ServiceAccountID.ValueString(), identity.ID.ValueString())
	}
	parts := credentialImport.FindStringSubmatch(req.ID)
	if diags.HasError() || parts == nil {
		diags.AddError("Invalid import id",
			fmt.Sprintf("A Keycard credential is imported by %s, not by %q. The data source machineid_keycard_service_account_credential finds the id by name.",
				credentialImportID("<organization id or label>", "<service account id>", "<id>"), req.ID))
		return identity, diags
	}
	identity.OrganizationID, identity.ServiceAccountID, identity.ID = types.StringValue(parts[1]), types.StringValue(parts[2]), types.StringValue(parts[3])
	return identity, diags
}
