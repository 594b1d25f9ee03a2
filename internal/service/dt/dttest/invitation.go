package dttest

import (
	"regexp"
	"strconv"
	"strings"
)

// accountDomain is how the addresses of service accounts end.
const accountDomain = ".serviceaccount.d21s.com"

var (
	emailForm    = regexp.MustCompile(`^[^@\s]+@[^@\s]+$`)
	firstLetters = regexp.MustCompile(`(^|[@.])[a-z]`)
)

// invitation is a membership that can be made.
type invitation struct {
	parent  string
	role    string
	email   string
	account *account // nil for a user
	user    *user    // nil for an account, and for a user that is not known yet
}

// readInvitation reads whom to make a member, with which role, and refuses what cannot be.
func (f *Fake) readInvitation(parent string, sent fields) (invitation, *failure) {
	wanted := invitation{parent: parent}
	if failed := read(sent, "email", &wanted.email); failed != nil {
		return wanted, failed
	}
	if !emailForm.MatchString(wanted.email) {
		return wanted, invalid("email is no address")
	}
	var failed *failure
	if wanted.role, failed = readRoles(parent, sent); failed != nil {
		return wanted, failed
	}

	wanted.account, wanted.user = f.findAccount(wanted.email), f.findUser(wanted.email)
	if wanted.account == nil && strings.HasSuffix(strings.ToLower(wanted.email), accountDomain) {
		return wanted, refusal(f.status(optUnknownAccount), "no such service account: %s", wanted.email)
	}
	if id := wanted.memberID(); id != "" && f.db.Members[memberName(parent, id)] != nil {
		return wanted, alreadyExists()
	}
	return wanted, nil
}

// memberID is empty for a user that is not known yet.
func (i invitation) memberID() string {
	switch {
	case i.account != nil:
		return i.account.ID
	case i.user != nil:
		return i.user.ID
	}
	return ""
}

// same tells whether two invitations are for the same member.
func (i invitation) same(other invitation) bool {
	return i.parent == other.parent && strings.EqualFold(i.email, other.email)
}

// readRoles reads exactly one role that can be given in the parent.
func readRoles(parent string, sent fields) (string, *failure) {
	var wanted []string
	if failed := read(sent, "roles", &wanted); failed != nil {
		return "", failed
	}
	if len(wanted) != 1 {
		return "", invalid("roles must hold exactly one role")
	}
	r := findRole(wanted[0])
	if r == nil {
		return "", invalid("there is no role %q", wanted[0])
	}
	if !r.fits(parent) {
		return "", invalid("%s cannot be given in %s", r.name, parent)
	}
	return r.name, nil
}

// admitMember makes a member of who was invited. A user who is not known gets a number, and is pending.
func (f *Fake) admitMember(wanted invitation) wireMember {
	m := &member{Parent: wanted.parent, Role: wanted.role, Created: f.now()}
	if a := wanted.account; a != nil {
		m.ID, m.OfAccount, m.Email, m.DisplayName = a.ID, true, a.email(), a.DisplayName
	} else {
		// Found again, for an earlier member of the same batch may be the same user.
		person := f.findUser(wanted.email)
		if person == nil {
			person = &user{ID: strconv.Itoa(f.db.NextUser), Email: wanted.email, Pending: true}
			f.db.Users[person.ID] = person
			f.db.NextUser++
		}
		m.ID = person.ID
	}
	f.db.Members[m.name()] = m
	answer := f.wireMember(m)
	if f.options.On(optCreateTimeNull) {
		answer.CreateTime = nil
	}
	return answer
}

// findAccount finds a service account of any project by its address, unless it cannot be seen yet.
func (f *Fake) findAccount(email string) *account {
	for _, a := range f.db.Accounts {
		if strings.EqualFold(a.email(), email) && f.shown(a.Created, a.Seeded) {
			return a
		}
	}
	return nil
}

func (f *Fake) findUser(email string) *user {
	for _, u := range f.db.Users {
		if strings.EqualFold(u.Email, email) {
			return u
		}
	}
	return nil
}

// withCapitals spells an address as people like to.
func withCapitals(email string) string {
	return firstLetters.ReplaceAllStringFunc(email, strings.ToUpper)
}
