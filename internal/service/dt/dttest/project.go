package dttest

import (
	"net/http"
	"strings"
)

// projectFields are what an update mask may name; those that are output only are ignored.
var projectFields = []string{
	"displayName", "location", "name", "inventory", "organization", "organizationDisplayName", "sensorCount",
	"cloudConnectorCount", "labels",
}

func (f *Fake) wireProject(p *project) wireProject {
	return wireProject{
		Name: p.name(), DisplayName: p.DisplayName, Organization: p.organization(),
		OrganizationDisplayName: f.db.Organizations[p.OrganizationID].DisplayName,
		Location:                p.Location, Labels: map[string]string{},
	}
}

// write sets the fields that can be written at any time.
func (p *project) write(sent fields) *failure {
	return first(read(sent, "displayName", &p.DisplayName), read(sent, "location", &p.Location))
}

// listProjects shows only projects that the caller may see. A keyword can be part of the organization's name, too.
func (f *Fake) listProjects(c *call) (any, *failure) {
	organization := c.query("organization")
	if _, ok := childOf(organizations, organization); organization != "" && !ok {
		return nil, invalid("organization is no name such as organizations/<id>")
	}
	keyword := strings.ToLower(c.query("query"))
	var items []item
	for _, p := range f.db.Projects {
		seen := f.wireProject(p)
		wanted := organization == "" || seen.Organization == organization
		text := strings.ToLower(seen.DisplayName + "\n" + seen.OrganizationDisplayName)
		if wanted && strings.Contains(text, keyword) && f.may(c.who, "project.read", p.name()) {
			items = append(items, newItem(p.name(), p.Created, seen))
		}
	}
	return c.page("projects", items)
}

func (f *Fake) createProject(c *call) (any, *failure) {
	sent, failed := c.body()
	if failed != nil {
		return nil, failed
	}
	var parent string
	now := f.now()
	p := &project{ID: newID(now), Created: now}
	if failed := first(read(sent, "organization", &parent), p.write(sent)); failed != nil {
		return nil, failed
	}
	id, ok := childOf(organizations, parent)
	if !ok {
		return nil, invalid("organization is no name such as organizations/<id>")
	}
	o, failed := f.organizationByID(c.who, id, "project.create")
	if failed != nil {
		return nil, failed
	}
	p.OrganizationID = o.ID
	f.db.Projects[p.ID] = p
	return f.wireProject(p), nil
}

func (f *Fake) readProject(c *call) (any, *failure) {
	p, failed := f.getProject(c, "project.read")
	if failed != nil {
		return nil, failed
	}
	return f.wireProject(p), nil
}

func (f *Fake) updateProject(c *call) (any, *failure) {
	p, failed := f.getProject(c, "project.update")
	if failed != nil {
		return nil, failed
	}
	sent, failed := c.patch(projectFields...)
	if failed != nil {
		return nil, failed
	}
	changed := *p
	if failed := changed.write(sent); failed != nil {
		return nil, failed
	}
	if failed := f.claim(p.name()); failed != nil {
		return nil, failed
	}
	*p = changed
	return f.wireProject(p), nil
}

// deleteProject refuses as long as there are service accounts in the project; its members go with it.
func (f *Fake) deleteProject(c *call) (any, *failure) {
	p, failed := f.getProject(c, "project.delete")
	if failed != nil {
		return nil, failed
	}
	for _, a := range f.db.Accounts {
		if a.ProjectID == p.ID {
			return nil, refusal(http.StatusBadRequest, "the project is not empty: it has service accounts")
		}
	}
	if failed := f.claim(p.name()); failed != nil {
		return nil, failed
	}
	delete(f.db.Projects, p.ID)
	for name, m := range f.db.Members {
		if m.Parent == p.name() {
			delete(f.db.Members, name)
		}
	}
	return nothing, nil
}

// childOf returns the id in a full name such as projects/<id>.
func childOf(collection, name string) (string, bool) {
	id, ok := strings.CutPrefix(name, collection+"/")
	return id, ok && id != "" && !strings.Contains(id, "/")
}
