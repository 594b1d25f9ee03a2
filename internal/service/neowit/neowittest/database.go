package neowittest

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// database is what survives a restart. Tokens are found by their digests, everything else by its id.
type database struct {
	Seeds         seeds                    `json:"seeds"`
	Organizations map[string]*organization `json:"organizations"`
	Accounts      map[string]*account      `json:"accounts"`
	Keys          map[string]*key          `json:"keys"`
	Tokens        map[string]*token        `json:"tokens"`
	Made          int                      `json:"made"` // accounts and keys, ever
}

// complete tells whether a database that was read can be used.
func (db *database) complete() bool {
	if db.Organizations[db.Seeds.OrganizationID] == nil || db.Accounts == nil || db.Keys == nil || db.Tokens == nil {
		return false
	}
	for _, k := range db.Keys {
		if db.accountOf(k) == nil {
			return false
		}
	}
	return true
}

// seeds is what the environment tells.
type seeds struct {
	OrganizationID string `json:"organization_id"`
	AccountID      string `json:"account_id"`
	KeyID          string `json:"key_id"`
	Secret         string `json:"secret"`
}

type organization struct {
	ID       string    `json:"id"`
	ParentID string    `json:"parent_id"` // empty at the top
	Name     string    `json:"name"`
	Created  time.Time `json:"created"`
}

type account struct {
	ID              string    `json:"id"`
	Number          int       `json:"number"` // counts up, for times can be equal
	OrganizationID  string    `json:"organization_id"`
	Name            string    `json:"name"`
	EnableBasicAuth bool      `json:"enable_basic_auth"`
	Created         time.Time `json:"created"`
	Seeded          bool      `json:"seeded"`
}

// key holds its secret as it is: a digest could not verify an HMAC.
type key struct {
	ID        string    `json:"id"`
	Number    int       `json:"number"` // as with accounts
	AccountID string    `json:"account_id"`
	Secret    string    `json:"secret"`
	Created   time.Time `json:"created"`
	Seeded    bool      `json:"seeded"`
}

// token is of the account of its key, and lives no longer than the key.
type token struct {
	KeyID   string    `json:"key_id"`
	Expires time.Time `json:"expires"`
}

// accountOf returns the account of a key, which never outlives it.
func (db *database) accountOf(k *key) *account { return db.Accounts[k.AccountID] }

// addAccount and addKey take a new object in.
func (db *database) addAccount(a *account) {
	db.Made++
	a.Number = db.Made
	db.Accounts[a.ID] = a
}

func (db *database) addKey(k *key) {
	db.Made++
	k.Number = db.Made
	db.Keys[k.ID] = k
}

// sortedAccounts and sortedKeys return what there is in the order in which it was made.
func (db *database) sortedAccounts() []*account {
	return slices.SortedFunc(maps.Values(db.Accounts), func(a, b *account) int { return cmp.Compare(a.Number, b.Number) })
}

func (db *database) sortedKeys() []*key {
	return slices.SortedFunc(maps.Values(db.Keys), func(a, b *key) int { return cmp.Compare(a.Number, b.Number) })
}
