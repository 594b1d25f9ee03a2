package keycard

import (
	"fmt"
	"regexp"
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
