// Package dttest is a stateful fake of the REST API of Disruptive Technologies: service accounts, their keys, members
// of projects and organizations, roles, and the token endpoint that stands on a host of its own. It shares no type with
// the client, so that a wrong field name cannot pass on both sides. What it imitates comes from published sources; what
// these leave open can be switched.
package dttest

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

	mu       sync.Mutex // one request at a time
	db       database
	changes  map[string]time.Time // the last change of each resource, while conflict_ms is set
	requests []time.Time          // those that count against the rate limit
}

var errNotADatabase = errors.New("its part for DT lacks the seeds")

// New returns an API with one organization, two projects, one person and one service account, which holds a key and,
// like the person, administers the organization.
func New(clock *stage.Clock) stage.System {
	f := &Fake{clock: clock, options: declareOptions(), changes: map[string]time.Time{}}
	f.routes = f.declareRoutes()
	f.db = f.seed()
	return f
}

// Name is the system's name.
func (f *Fake) Name() string { return "dt" }

// Options are the switches that declareOptions lists.
func (f *Fake) Options() *stage.Options { return f.options }

// Environment leads a client here, as the seeded service account, and names the seeded parents.
func (f *Fake) Environment(baseURL string) map[string]string {
	f.mu.Lock()
	defer f.mu.Unlock()
	seeds := f.db.Seeds
	return map[string]string{
		"DT_BASE_URL":               baseURL,
		"DT_TOKEN_URL":              baseURL + tokenPath,
		"DT_SERVICE_ACCOUNT_KEY_ID": seeds.KeyID,
		"DT_SERVICE_ACCOUNT_SECRET": seeds.Secret,
		"DT_SERVICE_ACCOUNT_EMAIL":  seeds.Email,
		"TF_VAR_dt_project":         seeds.Project,
		"TF_VAR_dt_other_project":   seeds.OtherProject,
		"TF_VAR_dt_organization":    seeds.Organization,
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
	f.changes, f.requests = map[string]time.Time{}, nil
	return nil
}

// Route tells what a request would meet.
func (f *Fake) Route(r *http.Request) stage.Match {
	return f.routes.Find(r)
}

// now is the clock's time with the precision of the API.
func (f *Fake) now() time.Time {
	return f.clock.Now().Truncate(time.Microsecond)
}
