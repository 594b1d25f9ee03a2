package keycard

// ImportedCredential shows to tests how an import id is read, as organization, account and credential, and how it is
// written again.
func ImportedCredential(id string) (segments []string, again string) {
	parts := credentialImport.FindStringSubmatch(id)
	if parts == nil {
		return nil, ""
	}
	return parts[1:], credentialImportID(parts[1], parts[2], parts[3])
}

// ImportedAccount is [ImportedCredential] for an account.
func ImportedAccount(id string) (segments []string, again string) {
	parts := accountImport.FindStringSubmatch(id)
	if parts == nil {
		return nil, ""
	}
	return parts[1:], accountImportID(parts[1], parts[2])
}
