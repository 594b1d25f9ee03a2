package keycardtest

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// database is what survives a restart. Everything is found by its id.
type database struct {
	Seeds         seeds                    `json:"seeds"`
	SigningKey    string                   `json:"signing_key"` // of access tokens
	Organizations map[string]*organization `json:"organizations"`
	Accounts      map[string]*account      `json:"accounts"`
	Credentials   map[string]*credential   `json:"credentials"`
	Made          int                      `json:"made"` // accounts and credentials, ever
}

// complete tells whether a database that was read can be used.
func (db *database) complete() bool {
	if db.Organizations[db.Seeds.OrganizationID] == nil || db.SigningKey == "" || db.Accounts == nil || db.Credentials == nil {
		return false
	}
	for _, a := range db.Accounts {
		if a == nil || db.Organizations[a.OrganizationID] == nil {
			return false
		}
	}
	for _, k := range db.Credentials {
		if k == nil || db.accountOf(k) == nil {
			return false
		}
	}
	return true
}

// seeds is what the environment tells: the only secret that is kept as it is.
type seeds struct {
	OrganizationID string `json:"organization_id"`
	ClientID       string `json:"client_id"`
	ClientSecret   string `json:"client_secret"`
}

type organization struct {
	ID      string    `json:"id"`
	Label   string    `json:"label"`
	Name    string    `json:"name"`
	Created time.Time `json:"created"`
}

type account struct {
	naming
	ID             string    `json:"id"`
	Number         int       `json:"number"` // counts up, for times can be equal
	OrganizationID string    `json:"organization_id"`
	Created        time.Time `json:"created"`
	Updated        time.Time `json:"updated"`
	Seeded         bool      `json:"seeded"`
}

type credential struct {
	naming
	ID           string     `json:"id"`
	Number       int        `json:"number"` // as with accounts
	AccountID    string     `json:"account_id"`
	ClientID     string     `json:"client_id"`
	SecretDigest string     `json:"secret_digest"`
	Created      time.Time  `json:"created"`
	LastUsed     *time.Time `json:"last_used"` // nil until then
	Seeded       bool       `json:"seeded"`
}

// organization finds one by its id or its label; nil if there is none.
func (db *database) organization(name string) *organization {
	if o := db.Organizations[name]; o != nil {
		return o
	}
	for _, o := range db.Organizations {
		if o.Label == name {
			return o
		}
	}
	return nil
}

// client finds a credential by its client id; nil if there is none.
func (db *database) client(id string) *credential {
	for _, k := range db.Credentials {
		if k.ClientID == id {
			return k
		}
	}
	return nil
}

// accountOf returns the account of a credential, which never outlives it.
func (db *database) accountOf(k *credential) *account { return db.Accounts[k.AccountID] }

func (db *database) countCredentials(a *account) int {
	count := 0
	for _, k := range db.Credentials {
		if k.AccountID == a.ID {
			count++
		}
	}
	return count
}

// addAccount and addCredential take a new object in.
func (db *database) addAccount(a *account) {
	db.Made++
	a.Number = db.Made
	db.Accounts[a.ID] = a
}

func (db *database) addCredential(k *credential) {
	db.Made++
	k.Number = db.Made
	db.Credentials[k.ID] = k
}

// sortedAccounts and sortedCredentials return what there is in the order in which it was made.
func (db *database) sortedAccounts() []*account {
	return slices.SortedFunc(maps.Values(db.Accounts), func(a, b *account) int { return cmp.Compare(a.Number, b.Number) })
}

func (db *database) sortedCredentials() []*credential {
	return slices.SortedFunc(maps.Values(db.Credentials), func(a, b *credential) int { return cmp.Compare(a.Number, b.Number) })
}
