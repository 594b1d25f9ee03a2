package keycardtest

import (
	"net/http"
	"time"
)

// wireAccount says nothing of the account's organization.
type wireAccount struct {
	ID          string      `json:"id"`
	Name        string      `json:"name"`
	Description *string     `json:"description,omitempty"`
	CreatedAt   moment      `json:"created_at"`
	UpdatedAt   moment      `json:"updated_at"`
	Permissions permissions `json:"permissions,omitempty"`
}

func (f *Fake) wireAccount(c *call, a *account) wireAccount {
	return wireAccount{
		ID: a.ID, Name: a.Name, Description: a.Description, CreatedAt: moment(a.Created), UpdatedAt: moment(a.Updated),
		Permissions: c.grant(f.onOne(kindAccounts)),
	}
}

func (f *Fake) listAccounts(c *call) (answer, *failure) {
	var items []item
	for _, a := range f.db.Accounts {
		if a.OrganizationID == c.own.ID && f.shown(a.Created, a.Seeded) {
			items = append(items, newItem(a.ID, a.Created, f.wireAccount(c, a)))
		}
	}
	return f.page(c, c.own.ID, items, f.onList(kindAccounts))
}

func (f *Fake) createAccount(c *call) (answer, *failure) {
	now := f.now()
	a := &account{ID: newID(), OrganizationID: c.own.ID, Created: now, Updated: now}
	if failed := f.receive(c, &a.naming); failed != nil {
		return answer{}, failed
	}
	if f.takenAccount(a) {
		return answer{}, conflict("a service account of this organization has the name %q", a.Name)
	}
	f.db.addAccount(a)
	return answer{f.number(optCreateStatus), f.wireAccount(c, a)}, nil
}

// takenAccount tells whether another account of the organization has the same name, to the letter.
func (f *Fake) takenAccount(wanted *account) bool {
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
	return answer{http.StatusOK, f.wireAccount(c, a)}, nil
}

// updateAccount counts as an update even if nothing is sent that differs.
func (f *Fake) updateAccount(c *call) (answer, *failure) {
	a, failed := f.getAccount(c)
	if failed != nil {
		return answer{}, failed
	}
	changed := *a
	if failed := f.receive(c, &changed.naming); failed != nil {
		return answer{}, failed
	}
	if f.takenAccount(&changed) {
		return answer{}, conflict("a service account of this organization has the name %q", changed.Name)
	}
	changed.Updated = f.now()
	if !changed.Updated.After(a.Updated) {
		changed.Updated = a.Updated.Add(time.Millisecond)
	}
	*a = changed
	return answer{http.StatusOK, f.wireAccount(c, a)}, nil
}

// deleteAccount takes the account's credentials with it.
func (f *Fake) deleteAccount(c *call) (answer, *failure) {
	a, failed := f.getAccount(c)
	if failed != nil {
		return answer{}, failed
	}
	delete(f.db.Accounts, a.ID)
	for id, k := range f.db.Credentials {
		if k.AccountID == a.ID {
			delete(f.db.Credentials, id)
		}
	}
	return f.deleted(), nil
}

func (f *Fake) deleted() answer { return answer{status: f.number(optDeleteStatus)} }
