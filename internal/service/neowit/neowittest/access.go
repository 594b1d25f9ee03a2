package neowittest

import "net/http"

// admit tells in which organization a request acts: in the one that it names, which is the caller's or a child of it,
// else in the caller's. That an organization does not exist looks the same as that it is foreign.
func (f *Fake) admit(who *account, r *http.Request) (string, *failure) {
	if f.options.Get(optCallerRole) == roleMember {
		return "", forbidden()
	}
	own := who.OrganizationID
	wanted := r.URL.Query().Get("orgId")
	if wanted == "" || wanted == own {
		return own, nil
	}
	if o := f.db.Organizations[wanted]; o == nil || o.ParentID != own {
		return "", forbidden()
	}
	return wanted, nil
}

// getAccount finds the account of the path. One of another organization than the request acts in does not exist.
func (f *Fake) getAccount(c *call) (*account, *failure) {
	id := c.r.PathValue("account")
	if !idForm.MatchString(id) {
		return nil, malformedAccountID()
	}
	a := f.db.Accounts[id]
	if a == nil || a.OrganizationID != c.organizationID {
		return nil, missing()
	}
	return a, nil
}

// getKey finds the key of the path. There is one answer for a missing key and a missing account.
func (f *Fake) getKey(c *call) (*key, *failure) {
	a, failed := f.getAccount(c)
	if failed != nil {
		return nil, failed
	}
	id := c.r.PathValue("key")
	if !idForm.MatchString(id) {
		return nil, malformedKeyID()
	}
	k := f.db.Keys[id]
	if k == nil || k.AccountID != a.ID {
		return nil, missing()
	}
	return k, nil
}
