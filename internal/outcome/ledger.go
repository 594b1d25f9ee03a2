package outcome

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
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

// OnlyLists tells that nothing is taken for a lost object.
func (l *Ledger) OnlyLists() bool { return l.onlyList }

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
	name string
	sent time.Time // when it may have had its effect at the earliest
	open bool      // its outcome is not known
	// stateless has nothing taken for it
	stateless bool
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
// what it saw. An interrupt of ctx leaves time for one look, which lasting bounds.
func (l *Ledger) look(
	ctx, lasting context.Context, place *place, entry *entry, list func(context.Context) ([]Object, error), unresolved *UnresolvedError,
) string {
	defer func() {
		// What nobody could look for may be there: others that look count it among the lost.
		if unresolved.LookErr == nil {
			l.close(place, entry)
		}
	}()
	unresolved.From, unresolved.Until = l.window(entry)
	if err := place.gate.Acquire(lasting, everybody); err != nil {
		unresolved.LookErr = err
		return ""
	}
	defer place.gate.Release(everybody)
	for _, pause := range pauses {
		interrupted := !wait(ctx, pause)
		objects, err := list(lasting)
		unresolved.From, unresolved.Until = l.window(entry)
		unresolved.LookErr = err
		if err == nil {
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
	return now.Add(-time.Since(entry.sent) - tolerance), now.Add(tolerance)
}

// judge compares what a place holds with what is missing. As many objects as creations are lost are theirs; if there are
// more, none is touched. Nor is any touched if there is one of which it cannot be told when it was made.
func (l *Ledger) judge(place *place, entry *entry, objects []Object, unresolved *UnresolvedError) (id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	candidates := slices.DeleteFunc(slices.Clone(objects), func(object Object) bool {
		_, own := place.own[object.ID]
		older := !object.Created.IsZero() && object.Created.Before(unresolved.From)
		return own || object.Name != entry.name || older
	})
	doubtful := slices.ContainsFunc(candidates, func(object Object) bool {
		return object.Created.IsZero() || object.Created.After(unresolved.Until)
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
	if len(candidates) == 0 || l.onlyList || entry.stateless || doubtful || len(candidates) > lost {
		unresolved.Candidates, unresolved.Lost, unresolved.OnlyList, unresolved.Doubtful = candidates, lost, l.onlyList, doubtful
		return ""
	}
	id = candidates[0].ID
	place.own[id] = struct{}{}
	unresolved.Taken, unresolved.taken = id, candidates[0]
	return id
}

// leave gives back what was taken: it turned out to be somebody else's.
func (l *Ledger) leave(place *place, unresolved *UnresolvedError) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(place.own, unresolved.Taken)
	unresolved.Candidates, unresolved.Foreign, unresolved.Taken = []Object{unresolved.taken}, true, ""
}

func (l *Ledger) close(place *place, entry *entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(place.open, entry)
}
