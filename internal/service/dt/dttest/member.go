package dttest

import (
	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage"
)

// The words for what a member is.
const (
	typeUser     = "USER"
	typeAccount  = "SERVICE_ACCOUNT"
	stateMember  = "ACCEPTED"
	stateInvited = "PENDING"
)

// memberFields are what an update mask may name; all but the first are output only and ignored.
var memberFields = []string{"roles", "name", "displayName", "status", "email", "accountType", "createTime"}

func (f *Fake) wireMember(m *member) wireMember {
	created := moment(m.Created)
	shown := wireMember{
		Name: m.name(), DisplayName: m.DisplayName, Roles: []string{m.Role}, Status: stateMember,
		Email: m.Email, AccountType: typeAccount, CreateTime: &created,
	}
	if m.OfAccount {
		if a := f.db.Accounts[m.ID]; a != nil {
			shown.DisplayName = a.DisplayName
		}
		return shown
	}
	person := f.db.Users[m.ID]
	shown.DisplayName, shown.Email, shown.AccountType = person.DisplayName, person.Email, typeUser
	if f.options.On(optMixedCase) {
		shown.Email = withCapitals(person.Email)
	}
	if person.Pending {
		shown.Status = stateInvited
	}
	return shown
}

func (f *Fake) listMembers(c *call) (any, *failure) {
	parent, failed := f.getParent(c, "membership.read")
	if failed != nil {
		return nil, failed
	}
	return c.page("members", f.memberItems(func(m *member) bool { return m.Parent == parent }))
}

func (f *Fake) memberItems(wanted func(*member) bool) []item {
	var items []item
	for _, m := range f.db.Members {
		if wanted(m) && f.shown(m.Created, m.Seeded) {
			items = append(items, newItem(m.name(), m.Created, f.wireMember(m)))
		}
	}
	return items
}

func (f *Fake) createMember(c *call) (any, *failure) {
	parent, failed := f.getParent(c, "membership.create")
	if failed != nil {
		return nil, failed
	}
	sent, failed := c.body()
	if failed != nil {
		return nil, failed
	}
	wanted, failed := f.readInvitation(parent, sent)
	if failed != nil {
		return nil, failed
	}
	if failed := f.claim(parent + "/" + members); failed != nil {
		return nil, failed
	}
	return f.admitMember(wanted), nil
}

func (f *Fake) readMember(c *call) (any, *failure) {
	m, failed := f.getMember(c, "membership.read")
	if failed != nil {
		return nil, failed
	}
	return f.wireMember(m), nil
}

// updateMember changes the role, the only thing that can be changed.
func (f *Fake) updateMember(c *call) (any, *failure) {
	m, failed := f.getMember(c, "membership.update")
	if failed != nil {
		return nil, failed
	}
	sent, failed := c.patch(memberFields...)
	if failed != nil {
		return nil, failed
	}
	wanted := m.Role
	if _, present := sent["roles"]; present {
		if wanted, failed = readRoles(m.Parent, sent); failed != nil {
			return nil, failed
		}
	}
	if failed := f.mayDemote(c.who, m, wanted); failed != nil {
		return nil, failed
	}
	if failed := f.claim(m.name()); failed != nil {
		return nil, failed
	}
	m.Role = wanted
	return f.wireMember(m), nil
}

// deleteMember ends a membership; the account or user stays.
func (f *Fake) deleteMember(c *call) (any, *failure) {
	m, failed := f.getMember(c, "membership.delete")
	if failed != nil {
		return nil, failed
	}
	if failed := f.mayDemote(c.who, m, ""); failed != nil {
		return nil, failed
	}
	if failed := f.claim(m.name()); failed != nil {
		return nil, failed
	}
	delete(f.db.Members, m.name())
	return nothing, nil
}

// readInviteURL works only for users that have not accepted yet.
func (f *Fake) readInviteURL(c *call) (any, *failure) {
	m, failed := f.getMember(c, "membership.read")
	if failed != nil {
		return nil, failed
	}
	if f.wireMember(m).Status != stateInvited {
		return nil, invalid("only a pending user has an invitation")
	}
	const invitations = "https://identity.disruptive-technologies.com/account/invite/"
	return map[string]string{"inviteUrl": invitations + stage.RandomHex(16)}, nil
}

// mayDemote guards the caller against losing a role, if that is on. So it guards the last administrator of an
// organization too, whom nobody else could remove. The new role is empty when the membership ends.
func (f *Fake) mayDemote(who caller, m *member, newRole string) *failure {
	if !f.options.On(optLastAdminGuard) || !m.OfAccount || m.ID != who.accountID {
		return nil
	}
	if newRole != "" && len(findRole(newRole).permissions) >= len(findRole(m.Role).permissions) {
		return nil
	}
	return invalid("nobody can remove or demote themselves")
}
