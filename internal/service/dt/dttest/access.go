package dttest

import (
	"slices"
	"strings"
)

// roleIn returns the strongest role that the caller holds in a project or an organization. It is nil for none; who
// administers an organization does so in all its projects.
func (f *Fake) roleIn(who caller, parent string) *role {
	strongest := f.roleGiven(who, parent)
	if id, is := strings.CutPrefix(parent, projects+"/"); is {
		if p := f.db.Projects[id]; p != nil {
			if everywhere := f.roleGiven(who, p.organization()); everywhere != nil {
				return everywhere
			}
		}
	}
	return strongest
}

// roleGiven returns the role of the caller's own membership.
func (f *Fake) roleGiven(who caller, parent string) *role {
	m := f.db.Members[memberName(parent, who.accountID)]
	if m == nil || !m.OfAccount || !f.shown(m.Created, m.Seeded) {
		return nil
	}
	return findRole(m.Role)
}

// may tells whether the caller holds a permission; the empty one asks for any role at all.
func (f *Fake) may(who caller, permission, parent string) bool {
	held := f.roleIn(who, parent)
	return held != nil && (permission == "" || slices.Contains(held.permissions, permission))
}

// getProject finds the project of the path, in which the caller needs the permission.
func (f *Fake) getProject(c *call, permission string) (*project, *failure) {
	return f.projectByID(c.who, c.r.PathValue("project"), permission)
}

func (f *Fake) projectByID(who caller, id, permission string) (*project, *failure) {
	name := projects + "/" + id
	if !idForm.MatchString(id) {
		return nil, f.malformed(name)
	}
	p := f.db.Projects[id]
	if p == nil {
		return nil, refusal(f.status(optMissingProject), "no such project, or no access to it: %s", name)
	}
	if !f.may(who, permission, name) {
		return nil, forbidden(permission, name)
	}
	return p, nil
}

// organizationByID does not tell an organization that does not exist from one that is none of the caller's.
func (f *Fake) organizationByID(who caller, id, permission string) (*organization, *failure) {
	name := organizations + "/" + id
	o := f.db.Organizations[id]
	if o == nil || !f.may(who, permission, name) {
		return nil, forbidden(permission, name)
	}
	return o, nil
}

// getParent finds what the members of the path belong to, a project or an organization.
func (f *Fake) getParent(c *call, permission string) (string, *failure) {
	if id := c.r.PathValue("organization"); id != "" {
		o, failed := f.organizationByID(c.who, id, permission)
		if failed != nil {
			return "", failed
		}
		return o.name(), nil
	}
	p, failed := f.getProject(c, permission)
	if failed != nil {
		return "", failed
	}
	return p.name(), nil
}

// getAccount finds the service account of the path, in whose project the caller needs the permission.
func (f *Fake) getAccount(c *call, permission string) (*account, *failure) {
	p, failed := f.getProject(c, permission)
	if failed != nil {
		return nil, failed
	}
	id := c.r.PathValue("account")
	name := p.name() + "/" + serviceAccounts + "/" + id
	if !idForm.MatchString(id) {
		return nil, f.malformed(name)
	}
	a := f.db.Accounts[id]
	if a == nil || a.ProjectID != p.ID || !f.shown(a.Created, a.Seeded) {
		return nil, notFound(name)
	}
	return a, nil
}

// getKey finds the key of the path.
func (f *Fake) getKey(c *call, permission string) (*key, *failure) {
	a, failed := f.getAccount(c, permission)
	if failed != nil {
		return nil, failed
	}
	id := c.r.PathValue("key")
	name := a.name() + "/" + keys + "/" + id
	if !idForm.MatchString(id) {
		return nil, f.malformed(name)
	}
	k := f.db.Keys[id]
	if k == nil || k.AccountID != a.ID || !f.shown(k.Created, k.Seeded) {
		return nil, notFound(name)
	}
	return k, nil
}

// getMember finds the member of the path.
func (f *Fake) getMember(c *call, permission string) (*member, *failure) {
	parent, failed := f.getParent(c, permission)
	if failed != nil {
		return nil, failed
	}
	return f.memberByID(parent, c.r.PathValue("member"))
}

func (f *Fake) memberByID(parent, id string) (*member, *failure) {
	name := memberName(parent, id)
	if !memberForm.MatchString(id) {
		return nil, f.malformed(name)
	}
	m := f.db.Members[name]
	if m == nil || !f.shown(m.Created, m.Seeded) {
		return nil, notFound(name)
	}
	return m, nil
}

// malformed refuses an id that none can be.
func (f *Fake) malformed(name string) *failure {
	return refusal(f.status(optMalformedID), "no such resource: %s", name)
}
