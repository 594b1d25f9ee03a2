package dttest

// accountFields are what an update mask may name; those that are output only are ignored.
var accountFields = []string{"displayName", "enableBasicAuth", "name", "email", "createTime", "updateTime"}

func (a *account) wire() wireAccount {
	return wireAccount{
		Name: a.name(), Email: a.email(), DisplayName: a.DisplayName, EnableBasicAuth: a.EnableBasicAuth,
		CreateTime: moment(a.Created), UpdateTime: moment(a.Updated),
	}
}

// write sets the fields that can be written.
func (a *account) write(sent fields) *failure {
	return first(read(sent, "displayName", &a.DisplayName), read(sent, "enableBasicAuth", &a.EnableBasicAuth))
}

func (f *Fake) listAccounts(c *call) (any, *failure) {
	p, failed := f.getProject(c, "serviceaccount.read")
	if failed != nil {
		return nil, failed
	}
	var items []item
	for _, a := range f.db.Accounts {
		if a.ProjectID == p.ID && f.shown(a.Created, a.Seeded) {
			items = append(items, newItem(a.name(), a.Created, a.wire()))
		}
	}
	return c.page("serviceAccounts", items)
}

// createAccount makes an account that has no access to anything, its own project included.
func (f *Fake) createAccount(c *call) (any, *failure) {
	p, failed := f.getProject(c, "serviceaccount.create")
	if failed != nil {
		return nil, failed
	}
	sent, failed := c.body()
	if failed != nil {
		return nil, failed
	}
	now := f.now()
	a := &account{ID: newID(now), ProjectID: p.ID, Created: now, Updated: firstUpdate(now)}
	if failed := a.write(sent); failed != nil {
		return nil, failed
	}
	if failed := f.claim(p.name() + "/" + serviceAccounts); failed != nil {
		return nil, failed
	}
	f.db.Accounts[a.ID] = a
	return a.wire(), nil
}

func (f *Fake) readAccount(c *call) (any, *failure) {
	a, failed := f.getAccount(c, "serviceaccount.read")
	if failed != nil {
		return nil, failed
	}
	return a.wire(), nil
}

func (f *Fake) updateAccount(c *call) (any, *failure) {
	a, failed := f.getAccount(c, "serviceaccount.update")
	if failed != nil {
		return nil, failed
	}
	sent, failed := c.patch(accountFields...)
	if failed != nil {
		return nil, failed
	}
	changed := *a
	if failed := changed.write(sent); failed != nil {
		return nil, failed
	}
	if failed := f.claim(a.name()); failed != nil {
		return nil, failed
	}
	if changed != *a {
		changed.Updated = f.nextUpdate(a.Updated)
		*a = changed
	}
	return a.wire(), nil
}

// deleteAccount takes the account's keys with it, and its memberships unless they are to dangle.
func (f *Fake) deleteAccount(c *call) (any, *failure) {
	a, failed := f.getAccount(c, "serviceaccount.delete")
	if failed != nil {
		return nil, failed
	}
	if failed := f.claim(a.name()); failed != nil {
		return nil, failed
	}
	delete(f.db.Accounts, a.ID)
	for id, k := range f.db.Keys {
		if k.AccountID == a.ID {
			delete(f.db.Keys, id)
		}
	}
	if f.options.On(optCascade) {
		for name, m := range f.db.Members {
			if m.OfAccount && m.ID == a.ID {
				delete(f.db.Members, name)
			}
		}
	}
	return nothing, nil
}
