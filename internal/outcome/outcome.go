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
	// Make asks for one object. What it returns exists, even with an error.
	Make func(context.Context) (*T, error)
	// Replays tells that the system knows a repeat of Make for what it is, and answers it as it answered the first.
	Replays bool
	// ID is the id of what was made.
	ID func(*T) string
	// List lists what the place holds, with the moments of creation by the server's clock.
	List func(context.Context) ([]Object, error)
	// Found returns an object of which nothing but the id is known. Nil has nothing taken for the lost object, only listed: that
	// is for what has no state to be taken into.
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
	// grace is how long after an interrupt a creation ends, looks included.
	grace = 4500 * time.Millisecond
)

// pauses are what passes before each look: what was made may not be visible at once.
var pauses = []time.Duration{0, time.Second, 2 * time.Second}

// Create makes an object. If the answer is lost, the place is looked into. An object that can only be the lost one is
// returned, with nothing but its id, and an *[UnresolvedError]. If there is none, the creation is repeated, once.
//
// Within 5 seconds of an interrupt it ends, as long as Make ends within 3: see [rest.Create].
func Create[T any](ctx context.Context, ledger *Ledger, creation Creation[T]) (*T, error) {
	place := ledger.place(creation.Place)
	entry := &entry{name: creation.Name, stateless: creation.Found == nil}
	lasting, cancel := rest.Outlast(ctx, grace)
	defer cancel()
	for repeated := false; ; repeated = true {
		made, err := attempt(ctx, ledger, place, entry, creation, repeated)
		if made != nil || !entry.open {
			return made, err
		}
		unresolved := &UnresolvedError{Cause: err, Place: creation.Place, Repeated: repeated, Stateless: entry.stateless}
		id := ledger.look(ctx, lasting, place, entry, creation.List, unresolved)
		if id != "" && creation.Replays && ctx.Err() == nil {
			return replay(ctx, ledger, place, entry, creation, unresolved)
		}
		if id != "" {
			return creation.Found(id), unresolved
		}
		// After an interrupt nothing new is begun.
		if repeated || !unresolved.nothingThere() || ctx.Err() != nil {
			return nil, unresolved
		}
	}
}

// replay repeats a creation whose object seems to be found, to get what only its answer holds, and to learn whether the
// object is ours: to a repeat of its own the system answers with the object, and to others that the name is taken.
func replay[T any](ctx context.Context, ledger *Ledger, place *place, entry *entry, creation Creation[T], unresolved *UnresolvedError) (*T, error) {
	made, err := attempt(ctx, ledger, place, entry, creation, true)
	ledger.close(place, entry)
	switch {
	case made != nil:
		return made, err
	case rest.HasStatus(err, http.StatusConflict):
		unresolved.Cause = err
		ledger.leave(place, unresolved)
		return nil, unresolved
	}
	return creation.Found(unresolved.Taken), unresolved
}

// attempt sends the request. The entry is open afterwards if its outcome is not known: once an answer was lost, no refusal
// of a repeat tells what became of the first.
func attempt[T any](ctx context.Context, ledger *Ledger, place *place, entry *entry, creation Creation[T], repeated bool) (*T, error) {
	if err := place.gate.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	defer place.gate.Release(1)
	ctx, departure := rest.WithDeparture(ctx)
	start := time.Now()
	made, err := creation.Make(ctx)
	ledger.mu.Lock()
	defer ledger.mu.Unlock()
	if !repeated {
		entry.sent = start
		// Before that it may have waited, and what others made meanwhile is not ours.
		if left := departure.At(); !left.IsZero() {
			entry.sent = left
		}
	}
	delete(place.open, entry)
	entry.open = false
	switch {
	case made != nil:
		place.own[creation.ID(made)] = struct{}{}
	case repeated || rest.IsUnknownOutcome(err):
		// Before the gate opens: whoever looks must know of all that are lost.
		entry.open = true
		place.open[entry] = struct{}{}
	}
	return made, err
}
