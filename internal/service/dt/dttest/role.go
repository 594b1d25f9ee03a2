package dttest

import (
	"slices"
	"strings"
)

const organizationAdmin = roles + "/organization.admin"

// role is a set of permissions. Each role of the list holds all permissions of those before.
type role struct {
	name        string // full
	displayName string
	description string
	permissions []string
}

// fits tells whether the role can be given in a project or organization.
func (r *role) fits(parent string) bool {
	kind, _, _ := strings.Cut(strings.TrimPrefix(r.name, roles+"/"), ".")
	return strings.HasPrefix(parent, kind+"s/")
}

func (r *role) wire() wireRole {
	return wireRole{r.name, r.displayName, r.description, r.permissions}
}

// allRoles is from the weakest to the strongest.
var allRoles = declareRoles()

func declareRoles() []*role {
	user := []string{
		"project.read", "membership.read", "sensor.read", "device.read", "dataconnector.read",
		"serviceaccount.read", "serviceaccount.key.read", "emulator.read",
	}
	developer := slices.Concat(user, []string{
		"sensor.update", "device.update",
		"dataconnector.create", "dataconnector.update", "dataconnector.delete",
		"emulator.create", "emulator.update", "emulator.delete",
	})
	admin := slices.Concat(developer, []string{
		"serviceaccount.create", "serviceaccount.update", "serviceaccount.delete",
		"serviceaccount.key.create", "serviceaccount.key.delete",
		"membership.create", "membership.update", "membership.delete",
		"project.update", "project.delete", "device.transfer",
	})
	everywhere := slices.Concat(admin, []string{"project.create", "organization.read", "organization.update"})
	return []*role{
		{roles + "/project.user", "Project user", "Sees what is in the project, and changes none of it.", user},
		{roles + "/project.developer", "Project developer", "Changes devices and data connectors of the project.", developer},
		{roles + "/project.admin", "Project administrator", "Does everything in the project, service accounts and members included.", admin},
		{organizationAdmin, "Organization administrator", "Does everything in the organization and in all its projects.", everywhere},
	}
}

func findRole(name string) *role {
	i := slices.IndexFunc(allRoles, func(r *role) bool { return r.name == name })
	if i < 0 {
		return nil
	}
	return allRoles[i]
}

// listRoles needs no permission, and never a second page.
func (f *Fake) listRoles(*call) (any, *failure) {
	var all []wireRole
	for _, r := range allRoles {
		all = append(all, r.wire())
	}
	return onePage("roles", all, ""), nil
}

func (f *Fake) readRole(c *call) (any, *failure) {
	name := roles + "/" + c.r.PathValue("role")
	r := findRole(name)
	if r == nil {
		return nil, notFound(name)
	}
	return r.wire(), nil
}

// listPermissions tells what the caller may do, never with a second page.
func (f *Fake) listPermissions(c *call) (any, *failure) {
	parent, failed := f.getParent(c, "")
	if failed != nil {
		return nil, failed
	}
	return onePage("permissions", f.roleIn(c.who, parent).permissions, ""), nil
}
