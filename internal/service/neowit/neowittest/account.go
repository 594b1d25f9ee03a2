package neowittest

import "net/http"

// wire is the account as the API shows it: with its keys, and without its organization.
func (f *Fake) wire(a *account) map[string]any {
	shown := map[string]any{"id": a.ID, "name": a.Name, "created": a.Created.Unix()}
	if a.EnableBasicAuth || !f.on(optOmitFalse) {
		shown["enableBasicAuth"] = a.EnableBasicAuth
	}
	keys := f.wireKeys(a)
	switch mode := f.options.Get(optEmptyKeys); {
	case len(keys) > 0 || mode == keysArray:
		shown["keys"] = keys
	case mode == keysNull:
		shown["keys"] = nil
	}
	return shown
}

func (f *Fake) listAccounts(c *call) (answer, *failure) {
	list := []any{}
	for _, a := range f.db.sortedAccounts() {
		if a.OrganizationID == c.organizationID && f.shown(a) {
			list = append(list, f.wire(a))
		}
	}
	if f.options.Get(optListEnvelope) == envelopeArray {
		return answer{http.StatusOK, list}, nil
	}
	page := map[string]any{}
	if last := len(list) - 1; f.on(optNextPage) && last >= 0 {
		list = list[:last]
		page["nextPageToken"] = newID()
	}
	page[envelopeObject] = list
	return answer{http.StatusOK, page}, nil
}

// createAccount makes an account without keys.
func (f *Fake) createAccount(c *call) (answer, *failure) {
	sent, failed := c.body()
	if failed != nil {
		return answer{}, failed
	}
	a := &account{ID: newID(), OrganizationID: c.organizationID, Created: f.now()}
	if failed := a.write(sent); failed != nil {
		return answer{}, failed
	}
	if f.taken(a) {
		return answer{}, alreadyExists()
	}
	f.db.addAccount(a)
	return answer{http.StatusCreated, f.wire(a)}, nil
}

// taken tells whether another account of the organization has the same name, to the letter.
func (f *Fake) taken(wanted *account) bool {
	if !f.on(optUniqueNames) {
		return false
	}
	for _, a := range f.db.Accounts {
		if a.ID != wanted.ID && a.OrganizationID == wanted.OrganizationID && a.Name == wanted.Name {
			return true
		}
	}
	return false
}

func (f *Fake) readAccount(c *call) (answer, *failure) {
	a, failed := f.getAccount(c)
	if failed != nil {
		return answer{}, failed
	}
	if !f.shown(a) {
		return answer{}, missing()
	}
	return answer{http.StatusOK, f.wire(a)}, nil
}

// patchAccount keeps what is not sent.
func (f *Fake) patchAccount(c *call) (answer, *failure) {
	a, failed := f.getAccount(c)
	if failed != nil {
		return answer{}, failed
	}
	return f.update(c, a, *a)
}

// putAccount sets what is not sent to its default, which the name does not have.
func (f *Fake) putAccount(c *call) (answer, *failure) {
	a, failed := f.getAccount(c)
	if failed != nil {
		return answer{}, failed
	}
	changed := *a
	changed.Name, changed.EnableBasicAuth = "", false
	return f.update(c, a, changed)
}

// update writes what was sent into the changed copy of an account, and that into the account if nothing is wrong with it.
func (f *Fake) update(c *call, a *account, changed account) (answer, *failure) {
	sent, failed := c.body()
	if failed != nil {
		return answer{}, failed
	}
	if failed := changed.write(sent); failed != nil {
		return answer{}, failed
	}
	if f.taken(&changed) {
		return answer{}, alreadyExists()
	}
	*a = changed
	switch f.options.Get(optUpdateReply) {
	case replyEmpty:
		return answer{status: http.StatusOK}, nil
	case replyNoContent:
		return answer{status: http.StatusNoContent}, nil
	}
	return answer{http.StatusOK, f.wire(a)}, nil
}

// deleteAccount takes the account's keys with it, and so its tokens.
func (f *Fake) deleteAccount(c *call) (answer, *failure) {
	a, failed := f.getAccount(c)
	if failed != nil {
		return answer{}, failed
	}
	delete(f.db.Accounts, a.ID)
	for id, k := range f.db.Keys {
		if k.AccountID == a.ID {
			delete(f.db.Keys, id)
		}
	}
	return answer{status: http.StatusNoContent}, nil
}
