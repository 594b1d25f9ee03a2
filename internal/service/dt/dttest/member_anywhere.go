package dttest

import (
	"encoding/json"
	"slices"
	"strings"
)

// listMembersAnywhere lists members of all projects in which the caller may see them.
func (f *Fake) listMembersAnywhere(c *call) (any, *failure) {
	organization, id := c.query("organization"), c.query("memberId")
	orgID, ok := childOf(organizations, organization)
	if organization != "" && !ok {
		return nil, invalid("organization is no name such as organizations/<id>")
	}
	visible := map[string]bool{}
	for _, p := range f.db.Projects {
		if (orgID == "" || p.OrganizationID == orgID) && f.may(c.who, "membership.read", p.name()) {
			visible[p.name()] = true
		}
	}
	// Who administers an organization without projects gets an empty list of it.
	if orgID != "" && len(visible) == 0 {
		if _, failed := f.organizationByID(c.who, orgID, "membership.read"); failed != nil {
			return nil, failed
		}
	}
	return c.page("members", f.memberItems(func(m *member) bool {
		return visible[m.Parent] && (id == "" || m.ID == id)
	}))
}

// createMembers makes members of several projects, or none of them.
func (f *Fake) createMembers(c *call) (any, *failure) {
	sent, failed := c.body()
	if failed != nil {
		return nil, failed
	}
	var list []json.RawMessage
	if failed := read(sent, "members", &list); failed != nil {
		return nil, failed
	}
	var wanted []invitation
	var collections []string
	for _, content := range list {
		next, failed := f.readBatchInvitation(c, content)
		if failed != nil {
			return nil, failed
		}
		if slices.ContainsFunc(wanted, next.same) {
			return nil, alreadyExists()
		}
		wanted = append(wanted, next)
		collections = append(collections, next.parent+"/"+members)
	}
	if len(wanted) == 0 {
		return nil, invalid("members is empty")
	}
	if failed := f.claim(collections...); failed != nil {
		return nil, failed
	}
	answer := []wireMember{}
	for _, next := range wanted {
		answer = append(answer, f.admitMember(next))
	}
	return map[string]any{"members": answer}, nil
}

func (f *Fake) readBatchInvitation(c *call, content json.RawMessage) (invitation, *failure) {
	sent, failed := readFields(content)
	if failed != nil {
		return invitation{}, failed
	}
	var name string
	if failed := read(sent, "project", &name); failed != nil {
		return invitation{}, failed
	}
	id, ok := childOf(projects, name)
	if !ok {
		return invitation{}, invalid("project is no name such as projects/<id>")
	}
	p, failed := f.projectByID(c.who, id, "membership.create")
	if failed != nil {
		return invitation{}, failed
	}
	return f.readInvitation(p.name(), sent)
}

// deleteMembers ends several memberships, or none of them.
func (f *Fake) deleteMembers(c *call) (any, *failure) {
	sent, failed := c.body()
	if failed != nil {
		return nil, failed
	}
	var names []string
	if failed := read(sent, "names", &names); failed != nil {
		return nil, failed
	}
	if len(names) == 0 {
		return nil, invalid("names is empty")
	}
	for _, name := range names {
		parent, id, ok := strings.Cut(name, "/"+members+"/")
		projectID, of := childOf(projects, parent)
		if !ok || !of {
			return nil, invalid("%q is no name such as projects/<id>/members/<id>", name)
		}
		p, failed := f.projectByID(c.who, projectID, "membership.delete")
		if failed != nil {
			return nil, failed
		}
		m, failed := f.memberByID(p.name(), id)
		if failed != nil {
			return nil, failed
		}
		if failed := f.mayDemote(c.who, m, ""); failed != nil {
			return nil, failed
		}
	}
	if failed := f.claim(names...); failed != nil {
		return nil, failed
	}
	for _, name := range names {
		delete(f.db.Members, name)
	}
	return nothing, nil
}
