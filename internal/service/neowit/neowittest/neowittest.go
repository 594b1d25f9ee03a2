// Package neowittest is a stateful fake of the REST API of Neowit: service accounts, their keys and the token endpoint.
// It shares no type with the client, so that a wrong field name cannot pass on both sides. Neowit documents how accounts
// and keys are created and deleted, how one logs in, and what an error looks like. That accounts can also be read, listed
// and changed, and that a key can log in by itself, is inferred; whatever may be otherwise can be switched.
package neowittest

import (
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage"
)

// Fake is the API with its database.
type Fake struct {
	clock   *stage.Clock
	options *stage.Options
	routes  stage.Routes

	mu sync.Mutex // one request at a time
	db database
}

var errNotADatabase = errors.New("its part for Neowit lacks the seeds")

// New returns an API with an organization, a child of it and a foreign one. In the first of them is one service account
// with a key.
func New(clock *stage.Clock) stage.System {
	f := &Fake{clock: clock, options: declareOptions()}
	f.routes = f.declareRoutes()
	f.db = f.seed()
	return f
}

// Name is the system's name.
func (f *Fake) Name() string { return "neowit" }

// Options are the switches that declareOptions lists.
func (f *Fake) Options() *stage.Options { return f.options }

// Environment leads a client here, as the seeded service account, and names its organization.
func (f *Fake) Environment(baseURL string) map[string]string {
	f.mu.Lock()
	defer f.mu.Unlock()
	seeds := f.db.Seeds
	return map[string]string{
		"NEOWIT_BASE_URL":           baseURL + apiPath,
		"NEOWIT_SERVICE_ACCOUNT_ID": seeds.AccountID,
		"NEOWIT_KEY_ID":             seeds.KeyID,
		"NEOWIT_SECRET":             seeds.Secret,
		"TF_VAR_neowit_org_id":      seeds.OrganizationID,
	}
}

// Save returns the database, with the secrets of all keys: they are what assertions are verified with.
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
	if !db.complete() {
		return errNotADatabase
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.db = db
	return nil
}

// Route tells what a request would meet, were all routes switched on.
func (f *Fake) Route(r *http.Request) stage.Match {
	return f.routes.Find(r)
}

// now is the clock's time. The API itself tells seconds only.
func (f *Fake) now() time.Time {
	return f.clock.Now().Truncate(time.Microsecond)
}
