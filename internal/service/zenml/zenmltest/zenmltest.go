// Package zenmltest is a stateful fake of a ZenML server: service accounts, their API keys and the ways to log in. It
// speaks the wire as the open source server does and shares no type with the client, so that a wrong field name cannot
// pass on both sides. What it imitates was observed on servers of version 0.98.0 and 0.95.1 that ran on SQLite.
package zenmltest

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage"
)

// Fake is one server with its database.
type Fake struct {
	clock   *stage.Clock
	options *stage.Options
	routes  stage.Routes

	mu       sync.Mutex // one request at a time, as with SQLite
	db       database
	replays  map[string]replay // by idempotency key; not kept over restarts, for it holds API keys
	attempts map[string][]time.Time
}

// database is what survives a restart.
type database struct {
	ServerID      string              `json:"server_id"`
	JWTSecret     string              `json:"jwt_secret"`
	AdminID       string              `json:"admin_id"`
	AdminPassword string              `json:"admin_password"`
	Accounts      map[string]*account `json:"accounts"`
	Keys          map[string]*apiKey  `json:"keys"`
}

// account is a user or a service account: the server keeps both in one table.
type account struct {
	ID             string    `json:"id"`
	Name           string    `json:"name"`
	ServiceAccount bool      `json:"service_account"`
	Admin          bool      `json:"admin"`
	Active         bool      `json:"active"`
	FullName       string    `json:"full_name"`
	Description    string    `json:"description"`
	AvatarURL      *string   `json:"avatar_url"`
	PasswordDigest string    `json:"password_digest,omitempty"` // of users only
	Created        time.Time `json:"created"`
	Updated        time.Time `json:"updated"`
}

// apiKey holds digests of the current and the previous secret, never the secrets.
type apiKey struct {
	ID             string     `json:"id"`
	AccountID      string     `json:"account_id"`
	Name           string     `json:"name"`
	Description    string     `json:"description"`
	Active         bool       `json:"active"`
	Digest         string     `json:"digest"`
	PreviousDigest string     `json:"previous_digest"`
	Generation     int        `json:"generation"`
	RetainMinutes  int        `json:"retain_minutes"`
	LastLogin      *time.Time `json:"last_login"`
	LastRotated    *time.Time `json:"last_rotated"`
	Created        time.Time  `json:"created"`
	Updated        time.Time  `json:"updated"`
}

// New returns a server with one admin user, whose password is random, and nothing else.
func New(clock *stage.Clock) stage.System {
	f := &Fake{
		clock: clock, options: declareOptions(),
		replays: map[string]replay{}, attempts: map[string][]time.Time{},
	}
	f.routes = f.declareRoutes()
	now := f.now()
	password := stage.RandomHex(16)
	admin := &account{
		ID: stage.NewUUID(), Name: "admin", Admin: true, Active: true, PasswordDigest: stage.Digest(password),
		Created: now, Updated: now,
	}
	f.db = database{
		ServerID: stage.NewUUID(), JWTSecret: stage.RandomHex(32),
		AdminID: admin.ID, AdminPassword: password,
		Accounts: map[string]*account{admin.ID: admin}, Keys: map[string]*apiKey{},
	}
	return f
}

// Name is the system's name.
func (f *Fake) Name() string { return "zenml" }

// Options are the switches that declareOptions lists.
func (f *Fake) Options() *stage.Options { return f.options }

// Environment leads a client to this server, to log in as the admin user.
func (f *Fake) Environment(baseURL string) map[string]string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return map[string]string{
		"ZENML_SERVER_URL": baseURL,
		"ZENML_USERNAME":   f.db.Accounts[f.db.AdminID].Name,
		"ZENML_PASSWORD":   f.db.AdminPassword,
	}
}

// Objects lists service accounts and API keys, oldest first.
func (f *Fake) Objects() map[string][]stage.Object {
	f.mu.Lock()
	defer f.mu.Unlock()
	accounts, keys := []stage.Object{}, []stage.Object{}
	for _, a := range f.db.Accounts {
		if a.ServiceAccount {
			accounts = append(accounts, stage.Object{
				ID: a.ID, Name: a.Name, Created: a.Created,
				More: map[string]any{"active": a.Active},
			})
		}
	}
	for _, k := range f.db.Keys {
		keys = append(keys, stage.Object{
			ID: k.ID, Parent: k.AccountID, Name: k.Name, Created: k.Created,
			More: map[string]any{"active": k.Active},
		})
	}
	for _, list := range [][]stage.Object{accounts, keys} {
		slices.SortFunc(list, func(a, b stage.Object) int {
			return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID))
		})
	}
	return map[string][]stage.Object{"service_accounts": accounts, "api_keys": keys}
}

// Save returns the database.
func (f *Fake) Save() (json.RawMessage, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return json.Marshal(f.db)
}

// Load replaces the database.
func (f *Fake) Load(saved json.RawMessage) error {
	var db database
	if err := json.Unmarshal(saved, &db); err != nil {
		return err
	}
	if db.Accounts[db.AdminID] == nil || db.Keys == nil {
		return errNotADatabase
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.db = db
	return nil
}

// Route tells what a request would meet.
func (f *Fake) Route(r *http.Request) stage.Match {
	return f.routes.Find(r)
}

// now is the clock's time with the precision of the server's database.
func (f *Fake) now() time.Time {
	return f.clock.Now().Truncate(time.Microsecond)
}
