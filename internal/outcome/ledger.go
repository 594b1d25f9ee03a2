package outcome

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// Ledger knows the creations that one process makes in one system. It is safe for concurrent use.
type Ledger struct {
	// serverNow is the server's clock.
	serverNow func() time.Time
	// onlyList keeps objects from being taken for lost ones; see [UnresolvedError].
	onlyList bool

	mu     sync.Mutex
	places map[string]*place
}

// NewLedger returns a ledger that reads the server's clock. With onlyList it takes nothing for the lost object: that is
// for places that others write to at the same time.
func NewLedger(serverNow func() time.Time, onlyList bool) *Ledger {
	return &Ledger{serverNow: serverNow, onlyList: onlyList, places: map[string]*place{}}
}

// everybody are all the shares of a gate.
const everybody = math.MaxInt64

// place is a collection in which objects are made.
type place struct {
	// A creation holds a share of the gate, and a look all of them: what appears while a creation is under way may be
	// its own.
	gate *semaphore.Weighted
	own  map[string]struct{} // ids that this process has made or taken; under the ledger's lock
	open map[*entry]struct{} // creations whose outcome is not known; under the ledger's lock
}

// entry is one creation.
type entry struct {
	name  string
	begun time.Time
	open  bool // its outcome is not known
}

func (l *Ledger) place(name string) *place {
	l.mu.Lock()
	defer l.mu.Unlock()
	found, ok := l.places[name]
	if !ok {
		found = &place{gate: semaphore.NewWeighted(everybody), own: map[string]struct{}{}, open: map[*entry]struct{}{}}
		l.places[name] = found
	}
	return found
}

// look lists a place until it finds what can only be the lost object, and returns its id; or "", and tells in the error
// what it saw. An interrupt leaves time for one look.
func (l *Ledger) look(
	ctx context.Context, place *place, entry *entry, list func(context.Context) ([]Object, error), unresolved *UnresolvedError,
) string {
	defer l.close(place, entry)
	lasting, cancel := rest.Outlast(ctx, lookGrace)
	defer cancel()
	if err := place.gate.Acquire(lasting, everybody); err != nil {
		unresolved.LookErr = err
		return ""
	}
	defer place.gate.Release(everybody)
	for _, pause := range pauses {
		interrupted := !wait(ctx, pause)
		objects, err := list(lasting)
		unresolved.LookErr = err
		if err == nil {
			unresolved.From, unresolved.Until = l.window(entry)
			id := l.judge(place, entry, objects, unresolved)
			if id != "" || len(unresolved.Candidates) > 0 {
				return id
			}
		}
		if interrupted {
			break
		}
	}
	return ""
}

// wait reports false if ctx ended first.
func wait(ctx context.Context, pause time.Duration) bool {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return ctx.Err() == nil
	}
}

// window is when the lost object was made, if it was, by the server's clock.
func (l *Ledger) window(entry *entry) (from, until time.Time) {
	now := l.serverNow()
	return now.Add(-time.Since(entry.begun) - tolerance), now.Add(tolerance)
}

// judge compares what a place holds with what is missing. As many objects as creations are lost are theirs; if there are
// more, none is touched.
func (l *Ledger) judge(place *place, entry *entry, objects []Object, unresolved *UnresolvedError) (id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	candidates := slices.DeleteFunc(slices.Clone(objects), func(object Object) bool {
		_, own := place.own[object.ID]
		return own || object.Name != entry.name || object.Created.Before(unresolved.From) || object.Created.After(unresolved.Until)
	})
	slices.SortFunc(candidates, func(a, b Object) int {
		return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID))
	})
	lost := 0
	for other := range place.open {
		if other.name == entry.name {
			lost++
		}
	}
	if len(candidates) == 0 || l.onlyList || len(candidates) > lost {
		unresolved.Candidates, unresolved.Lost, unresolved.OnlyList = candidates, lost, l.onlyList
		return ""
	}
	id = candidates[0].ID
	place.own[id] = struct{}{}
	unresolved.Taken = id
	return id
}

func (l *Ledger) close(place *place, entry *entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(place.open, entry)
}
