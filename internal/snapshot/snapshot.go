// Package snapshot answers reads of single objects from lists. Terraform reads one object at a time; a list of a
// hundred costs as much as one of them. It knows no vendor, no HTTP and no Terraform type.
//
// What it answers is what a list said in this process; a system may fill its lists late. It never answers for an object that
// this process has changed since, and never says that an object is missing: whoever gets no answer reads the object itself.
package snapshot

import (
	"context"
	"sync"
	"sync/atomic"
)

// Page is a part of a collection.
type Page[T any] struct {
	Items []T
	// Next is what the page after this one is asked for with; "" after the last.
	Next string
	// Further is how many pages follow, if the system tells; 0 if it does not.
	Further int
}

// Fetch reads a page of a collection: the first if next is "".
type Fetch[T any] func(ctx context.Context, collection, next string) (Page[T], error)

const (
	// missesPerPage is how many objects are read one by one before a page that may be read in vain.
	missesPerPage = 10
	// mostFailures is after how many failed lists in a row no more are tried.
	mostFailures = 3
	// mostAhead is how many collections are read ahead at most. So many requests may be in vain.
	mostAhead = 8
)

// Lists holds what was listed of one kind of object, by collection. It is safe for concurrent use. A nil *Lists answers
// nothing.
type Lists[T any] struct {
	fetch    Fetch[T]
	id       func(T) string
	failures atomic.Int32
	// forgotten tells that nothing is answered any more.
	forgotten atomic.Bool

	mu          sync.Mutex
	collections map[string]*collection[T]
	// expected are collections that may be asked for, in that order.
	expected []string
	// ahead is how many collections were read ahead and not yet asked for, and useful how many of such were.
	ahead, useful int
	// hopeless tells that nothing is read ahead any more.
	hopeless bool
}

// New returns lists whose pages are read by fetch. An item whose id is "" is left out.
func New[T any](fetch Fetch[T], id func(T) string) *Lists[T] {
	return &Lists[T]{fetch: fetch, id: id, collections: map[string]*collection[T]{}}
}

// Find answers with an object as it was listed. Without an answer the object is to be read: the list lacks it, or goes on,
// or cannot be read, or this process has changed the object.
//
// The first page of a collection is read for the first object that is asked for. If it is the only one, nothing more is
// ever read. Otherwise objects that it lacks are read one by one, until that has cost as much as the pages that follow;
// then these are read. Where the system does not tell how many follow, a second is read after ten objects that were missed,
// and each one after it at the first that is missed while the one before had an answer, else after ten more.
// So whoever manages a few objects among many never pays for the many.
//
// Some of those who ask read ahead what is expected; see [Lists.Expect].
func (l *Lists[T]) Find(ctx context.Context, name, id string) (T, bool) {
	var none T
	if l == nil {
		return none, false
	}
	c := l.collection(name)
	if l.forgotten.Load() || c.isChanged(id) {
		return none, false
	}
	if l.asked(c) {
		l.readAhead(ctx)
	}
	if !l.takeTurn(ctx, c) {
		return none, false
	}
	defer c.endTurn()
	if c.pages == 0 {
		l.note(ctx, l.read(ctx, name, c, 1))
	}
	if _, listed := c.items[id]; !listed && !c.ended {
		c.misses++
		l.note(ctx, l.read(ctx, name, c, c.due()))
	}
	item, listed := c.items[id]
	c.useful = c.useful || listed && item.page == c.pages
	// Asked again, because it may have been changed while the list was read.
	if !listed || l.forgotten.Load() || c.isChanged(id) {
		return none, false
	}
	return item.value, true
}

// Changed tells that this process is about to change or delete an object.
func (l *Lists[T]) Changed(name, id string) {
	if l == nil {
		return
	}
	c := l.collection(name)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.changed[id] = true
}

// Forget tells that this process is about to do something that may change any object of this kind. Nothing is answered any
// more.
func (l *Lists[T]) Forget() {
	if l != nil {
		l.forgotten.Store(true)
	}
}

func (l *Lists[T]) collection(name string) *collection[T] {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.known(name)
}

// known wants the mutex to be held.
func (l *Lists[T]) known(name string) *collection[T] {
	c, known := l.collections[name]
	if !known {
		c = &collection[T]{turn: make(chan struct{}, 1), items: map[string]listed[T]{}, changed: map[string]bool{}}
		l.collections[name] = c
	}
	return c
}

// takeTurn waits until nobody else reads the collection. It tells whether that came about.
func (l *Lists[T]) takeTurn(ctx context.Context, c *collection[T]) bool {
	for !c.tryTurn() {
		if l.readAhead(ctx) {
			continue
		}
		select {
		case c.turn <- struct{}{}:
			return true
		case <-ctx.Done():
			return false
		}
	}
	return true
}

// read reads so many pages that follow. After an error the collection has ended, unless it was an interrupt, which says
// nothing about lists.
func (l *Lists[T]) read(ctx context.Context, name string, c *collection[T], pages int) error {
	for range pages {
		if c.ended || l.failures.Load() >= mostFailures {
			return nil
		}
		page, err := l.fetch(ctx, name, c.next)
		if err != nil {
			c.ended = ctx.Err() == nil
			return err
		}
		l.failures.Store(0)
		c.pages++
		for _, item := range page.Items {
			if id := l.id(item); id != "" {
				c.items[id] = listed[T]{item, c.pages}
			}
		}
		c.ended = page.Next == "" || page.Next == c.next
		c.next, c.further, c.useful = page.Next, page.Further, false
	}
	return nil
}

// note counts what failed for somebody who has asked.
func (l *Lists[T]) note(ctx context.Context, err error) {
	if err != nil && ctx.Err() == nil {
		l.failures.Add(1)
	}
}

// listed is an object, and the number of the page that it was on.
type listed[T any] struct {
	value T
	page  int
}

// collection is what is known of one.
type collection[T any] struct {
	// turn holds one token: who has it may read on, and the others wait for what comes.
	turn chan struct{}
	// These are guarded by the mutex of the lists.
	asked bool // for one of its objects
	ahead bool // it was read before that
	// These are only looked at with the token.
	items   map[string]listed[T]
	next    string // what the next page is asked for with
	further int    // how many pages follow, if the system tells
	pages   int    // how many were read
	misses  int    // how many objects were asked for that none of them had
	useful  bool   // the latest page had an answer
	ended   bool   // there is no next page, or it cannot be read

	mu      sync.Mutex
	changed map[string]bool // by this process
}

// due is how many further pages are worth to be read now.
func (c *collection[T]) due() int {
	switch {
	case c.further == 1 || c.further > 0 && c.misses > c.further:
		return c.further
	case c.further == 0 && (c.misses > missesPerPage*c.pages || c.pages > 1 && c.useful):
		return 1
	}
	return 0
}

func (c *collection[T]) tryTurn() bool {
	select {
	case c.turn <- struct{}{}:
		return true
	default:
		return false
	}
}

func (c *collection[T]) endTurn() { <-c.turn }

func (c *collection[T]) isChanged(id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.changed[id]
}
