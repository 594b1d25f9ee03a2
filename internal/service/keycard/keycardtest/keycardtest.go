// Package keycardtest is a stateful fake of the management API of Keycard: the service accounts of an organization, their
// credentials, the organizations and the token endpoint. It shares no type with the client, so that a wrong field name
// cannot pass on both sides. Keycard documents the fields, the paths and the pages, but hardly any status, no error and no
// limit on names; what is inferred, or may be otherwise, can be switched.
package keycardtest

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

var errNotADatabase = errors.New("its part for Keycard lacks the seeds, or an object lacks its parent")

// New returns an API with an organization, in which is one service account with a credential, and with a foreign one that
// has the same.
func New(clock *stage.Clock) stage.System {
	f := &Fake{clock: clock, options: declareOptions()}
	f.routes = f.declareRoutes()
	f.db = f.seed()
	return f
}

// Name is the system's name.
func (f *Fake) Name() string { return "keycard" }

// Options are the switches that declareOptions lists.
func (f *Fake) Options() *stage.Options { return f.options }

// Environment leads a client here, with the seeded credential, and names its organization.
func (f *Fake) Environment(baseURL string) map[string]string {
	f.mu.Lock()
	defer f.mu.Unlock()
	seeds := f.db.Seeds
	return map[string]string{
		"KEYCARD_ENDPOINT":               baseURL,
		"KEYCARD_CLIENT_ID":              seeds.ClientID,
		"KEYCARD_CLIENT_SECRET":          seeds.ClientSecret,
		"TF_VAR_keycard_organization_id": seeds.OrganizationID,
	}
}

// Save returns the database, with the secret of the seeded credential and with what tokens are signed with.
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

// Route tells what a request would meet.
func (f *Fake) Route(r *http.Request) stage.Match {
	return f.routes.Find(r)
}

// now is the clock's time, as exact as the API tells it.
func (f *Fake) now() time.Time {
	return f.clock.Now().Truncate(time.Millisecond)
}
