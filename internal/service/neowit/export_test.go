package neowit

// ImportedKey shows to tests how an import id is read: as organization, "" for none, account and key.
func ImportedKey(id string) (segments []string, ok bool) {
	identity, ok := importedKey(id)
	return []string{identity.OrgID.ValueString(), identity.ServiceAccountID.ValueString(), identity.KeyID.ValueString()}, ok
}
