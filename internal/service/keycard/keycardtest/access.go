package keycardtest

import "net/http"

// admit lets a request pass if its path is of the caller's own organization. Whether another one exists is told to nobody,
// unless foreign_organization says so.
func (f *Fake) admit(c *call) *failure {
	named := f.db.organization(c.r.PathValue("organization"))
	switch {
	case named == c.own:
		return nil
	case named != nil && f.options.Get(optForeignOrganization) == asForbidden:
		return forbidden()
	}
	return missing()
}

// getAccount finds the account of the path.
func (f *Fake) getAccount(c *call) (*account, *failure) {
	a := f.db.Accounts[c.r.PathValue("account")]
	if a == nil || a.OrganizationID != c.own.ID || !f.shown(a.Created, a.Seeded) {
		return nil, missing()
	}
	return a, nil
}

// getCredential finds the credential of the path. There is one answer for a missing credential and a missing account.
func (f *Fake) getCredential(c *call) (*credential, *failure) {
	a, failed := f.getAccount(c)
	if failed != nil {
		return nil, failed
	}
	k := f.db.Credentials[c.r.PathValue("credential")]
	if k == nil || k.AccountID != a.ID || !f.shown(k.Created, k.Seeded) {
		return nil, missing()
	}
	return k, nil
}

// permissions tell what the caller may do: for each kind of object, the verbs.
type permissions map[string]map[string]bool

// The kinds of objects in permissions. Keycard publishes none for service accounts, so the words are our own.
const (
	kindOrganizations = "organizations"
	kindAccounts      = "service_accounts"
	kindCredentials   = "credentials"
)

func (f *Fake) mayRead() bool { return f.options.Get(optCallerRole) != roleMember }

func (f *Fake) mayChange() bool { return f.options.Get(optCallerRole) == roleAdmin }

// grant returns permissions if they are asked for.
func (c *call) grant(granted permissions) permissions {
	if !c.granted {
		return nil
	}
	return granted
}

func (f *Fake) onOne(kind string) permissions {
	return permissions{kind: {"read": f.mayRead(), "update": f.mayChange(), "delete": f.mayChange()}}
}

func (f *Fake) onList(kind string) permissions {
	return permissions{kind: {"list": f.mayRead(), "create": f.mayChange()}}
}

// onOrganization lets every role read the organization.
func (f *Fake) onOrganization() permissions {
	return permissions{
		kindOrganizations: {"read": true, "update": f.mayChange()},
		kindAccounts:      {"list": f.mayRead(), "create": f.mayChange()},
	}
}

// expand tells whether a request asks for permissions, in the spelling that is understood.
func (f *Fake) expand(r *http.Request) (bool, *failure) {
	query, spelling := r.URL.Query(), f.options.Get(optExpand)
	var wanted []string
	if spelling != expandPlain {
		wanted = append(wanted, query["expand[]"]...)
	}
	if spelling != expandBrackets {
		wanted = append(wanted, query["expand"]...)
	}
	granted := false
	for _, value := range wanted {
		switch value {
		case "permissions":
			granted = true
		case "total_count": // fills something in other lists only
		default:
			return false, badRequest("expand cannot be %q", value)
		}
	}
	return granted, nil
}
