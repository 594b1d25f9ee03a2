// Package outcome finds out what became of a creation whose answer was lost. The object may exist, and its id was in the
// answer: if nobody looked, the next run would make a second one, and the first would live on unknown.
package outcome

import (
	"context"
	"net/http"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// Creation is one object that is to be made.
type Creation[T any] struct {
	// Place tells in words what the object is made in, for example "organization acme". Creations of one place look out
	// for each other, so it names the kind of the object too if a place holds several.
	Place string
	// Name is the name that the object will have; "" if its kind has none.
	Name string
	// Make sends the request once. What it returns exists, even with an error.
	Make func(context.Context) (*T, error)
	// ID is the id of what was made.
	ID func(*T) string
	// List lists what the place holds, with the moments of creation by the server's clock.
	List func(context.Context) ([]Object, error)
	// Found returns an object of which nothing but the id is known.
	Found func(id string) *T
}

// Object is one of those that a place holds.
type Object struct {
	ID, Name string
	// Created is zero if the server does not tell.
	Created time.Time
}

const (
	// tolerance is how far the server's clocks may differ from each other, and from its replies, which count whole
	// seconds.
	tolerance = 2 * time.Second
	// lookGrace is how long a look lives on after an interrupt.
	lookGrace = 2 * time.Second
)

// pauses are what passes before each look: what was made may not be visible at once.
var pauses = []time.Duration{0, time.Second, 2 * time.Second}

// Create makes an object. If the answer is lost, the place is looked into. An object that can only be the lost one is
// returned, with nothing but its id, and an *[UnresolvedError]. If there is none, the creation is repeated, once.
func Create[T any](ctx context.Context, ledger *Ledger, creation Creation[T]) (*T, error) {
	place := ledger.place(creation.Place)
	entry := &entry{name: creation.Name, begun: time.Now()}
	for repeated := false; ; repeated = true {
		made, err := attempt(ctx, ledger, place, entry, creation, repeated)
		if made != nil || !entry.open {
			return made, err
		}
		unresolved := &UnresolvedError{Cause: err, Place: creation.Place, Repeated: repeated}
		id := ledger.look(ctx, place, entry, creation.List, unresolved)
		if id != "" {
			return creation.Found(id), unresolved
		}
		// After an interrupt nothing new is begun.
		if repeated || !unresolved.nothingThere() || ctx.Err() != nil {
			return nil, unresolved
		}
	}
}

// attempt sends the request. The entry is open afterwards if its outcome is not known.
func attempt[T any](ctx context.Context, ledger *Ledger, place *place, entry *entry, creation Creation[T], repeated bool) (*T, error) {
	if err := place.gate.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	defer place.gate.Release(1)
	made, err := creation.Make(ctx)
	ledger.mu.Lock()
	defer ledger.mu.Unlock()
	delete(place.open, entry)
	entry.open = false
	switch {
	case made != nil:
		place.own[creation.ID(made)] = struct{}{}
	case isUnknown(err, repeated):
		// Before the gate opens: whoever looks must know of all that are lost.
		entry.open = true
		place.open[entry] = struct{}{}
	}
	return made, err
}

// isUnknown tells an error that leaves open whether the object was made. That includes a conflict that may be with what
// our own earlier attempt has made.
func isUnknown(err error, repeated bool) bool {
	if answer, ok := rest.AsError(err); ok && rest.HasStatus(err, http.StatusConflict) {
		return repeated || answer.Unsure
	}
	return rest.IsUnknownOutcome(err)
}
