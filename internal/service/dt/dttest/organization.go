package dttest

func (o *organization) wire() wireOrganization {
	return wireOrganization{Name: o.name(), DisplayName: o.DisplayName}
}

// listOrganizations shows only organizations that the caller is a member of.
func (f *Fake) listOrganizations(c *call) (any, *failure) {
	var items []item
	for _, o := range f.db.Organizations {
		if f.may(c.who, "organization.read", o.name()) {
			items = append(items, newItem(o.name(), o.Created, o.wire()))
		}
	}
	return c.page("organizations", items)
}

func (f *Fake) readOrganization(c *call) (any, *failure) {
	o, failed := f.organizationByID(c.who, c.r.PathValue("organization"), "organization.read")
	if failed != nil {
		return nil, failed
	}
	return o.wire(), nil
}
