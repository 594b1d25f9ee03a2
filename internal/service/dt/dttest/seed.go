package dttest

import (
	"strconv"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage"
)

// The number and the address of the seeded person.
const (
	seededUserID    = 9201
	seededUserEmail = "olga.operator@example.com"
)

// seed makes a database with the objects that an operator finds in a fresh organization.
func (f *Fake) seed() database {
	now := f.now()
	org := &organization{ID: newID(now), DisplayName: "Example Organization", Created: now}
	first := &project{ID: newID(now), OrganizationID: org.ID, DisplayName: "Building A", Created: now, Seeded: true}
	second := &project{ID: newID(now), OrganizationID: org.ID, DisplayName: "Building B", Created: now, Seeded: true}
	operator := &account{
		ID: newID(now), ProjectID: first.ID, DisplayName: "terraform",
		Created: now, Updated: firstUpdate(now), Seeded: true,
	}
	access := &key{ID: newID(now), AccountID: operator.ID, Secret: newSecret(), Created: now, Seeded: true}
	person := &user{ID: strconv.Itoa(seededUserID), Email: seededUserEmail, DisplayName: "Olga Operator"}

	db := database{
		Seeds: seeds{
			KeyID: access.ID, Secret: access.Secret, Email: operator.email(),
			Project: first.name(), OtherProject: second.name(), Organization: org.name(),
		},
		Organizations: map[string]*organization{org.ID: org},
		Projects:      map[string]*project{first.ID: first, second.ID: second},
		Accounts:      map[string]*account{operator.ID: operator},
		Keys:          map[string]*key{access.ID: access},
		Members:       map[string]*member{},
		Users:         map[string]*user{person.ID: person},
		Tokens:        map[string]*token{},
		NextUser:      seededUserID + 1,
	}
	for _, m := range []*member{
		{ID: operator.ID, OfAccount: true, Email: operator.email(), DisplayName: operator.DisplayName},
		{ID: person.ID},
	} {
		m.Parent, m.Role, m.Created, m.Seeded = org.name(), organizationAdmin, now, true
		db.Members[m.name()] = m
	}
	return db
}

// newSecret makes a secret of 32 hexadecimal digits, as the API's are.
func newSecret() string { return stage.RandomHex(16) }
