// Package stage holds the mechanics that every fake of the sandbox needs and that belong to no vendor: a clock that
// can be moved, random identifiers, JSON replies, declared switches, a route table and atomic files.
package stage

import (
	"encoding/json"
	"net/http"
	"time"
)

// System is one fake as the sandbox sees it. Requests reach it with the system's own path prefix taken off.
type System interface {
	http.Handler

	// Name is the first segment of every path of the system, and its key in the control endpoints.
	Name() string
	// Options are the switches the system declares.
	Options() *Options
	// Route tells what the request would meet, without handling it.
	Route(r *http.Request) Match
	// Environment lists the variables that lead a client to this system, which is served under baseURL.
	Environment(baseURL string) map[string]string
	// Objects lists everything the system holds, by the provider's plural nouns. It never contains a secret.
	Objects() map[string][]Object
	// Save returns everything that must survive a restart.
	Save() (json.RawMessage, error)
	// Load replaces the system's content by what Save returned.
	Load(json.RawMessage) error
}

// Constructor makes a fake that tells the time by the given clock and holds its seed.
type Constructor func(*Clock) System

// Object describes one stored object to the tests and to the curious.
type Object struct {
	ID      string
	Parent  string // empty at the top of a hierarchy
	Name    string
	Created time.Time
	Seeded  bool           // was there at the start
	More    map[string]any // whatever else helps; never a secret
}

// MarshalJSON writes the object as one flat JSON object.
func (o Object) MarshalJSON() ([]byte, error) {
	flat := make(map[string]any, len(o.More)+5)
	for name, value := range o.More {
		flat[name] = value
	}
	flat["id"] = o.ID
	flat["parent"] = o.Parent
	flat["name"] = o.Name
	flat["created"] = o.Created.UTC().Format(time.RFC3339Nano)
	flat["seeded"] = o.Seeded
	return json.Marshal(flat)
}
