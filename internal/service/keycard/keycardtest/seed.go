package keycardtest

import (
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage"
)

// seed makes a database with what somebody finds who had the first account and its credential made in the console. The
// foreign organization has the same, so that it can be tried what its objects answer; the last one has nothing.
func (f *Fake) seed() database {
	now := f.now()
	db := database{
		SigningKey:    newSecret(),
		Organizations: map[string]*organization{},
		Accounts:      map[string]*account{},
		Credentials:   map[string]*credential{},
	}
	own := db.seedOrganization("acme", "Acme", now)
	foreign := db.seedOrganization("umbrella", "Umbrella", now)
	db.seedOrganization("globex", "Globex", now)

	db.Seeds = db.seedAccess(own, "terraform", now)
	db.seedAccess(foreign, "elsewhere", now)
	return db
}

func (db *database) seedOrganization(label, name string, now time.Time) *organization {
	o := &organization{ID: newID(), Label: label, Name: name, Created: now}
	db.Organizations[o.ID] = o
	return o
}

// seedAccess makes an account with a credential, and tells what to log in with.
func (db *database) seedAccess(o *organization, name string, now time.Time) seeds {
	secret := newSecret()
	a := &account{
		naming: naming{Name: name}, ID: newID(), OrganizationID: o.ID, Created: now, Updated: now, Seeded: true,
	}
	k := &credential{
		naming: naming{Name: "bootstrap"}, ID: newID(), AccountID: a.ID, ClientID: newClientID(),
		SecretDigest: stage.Digest(secret), Created: now, Seeded: true,
	}
	db.addAccount(a)
	db.addCredential(k)
	return seeds{OrganizationID: o.ID, ClientID: k.ClientID, ClientSecret: secret}
}
