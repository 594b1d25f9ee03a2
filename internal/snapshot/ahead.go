package snapshot

import (
	"context"
	"time"
)

// aheadLimit is how long a list may take that is read ahead. Nobody has asked for it, but somebody waits.
const aheadLimit = 2 * time.Second

// Expect tells that objects of a collection may soon be asked for: for example the keys of an account that was asked for
// itself.
//
// Terraform asks for the objects of one collection at the same time, because they stand together in a configuration. All of
// them but one would wait for its list, and so would everything behind them. Instead they read the first pages of what is
// expected; and the first who asks for what was read ahead reads the next. At first one is ahead, and then as many more as
// have turned out useful, so that little is read in vain where most of what is expected is never asked for. The first that
// fails or takes too long is the last.
func (l *Lists[T]) Expect(name string) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.hopeless {
		l.expected = append(l.expected, name)
	}
}

// asked notes that an object of a collection is asked for. It tells whether the collection was read ahead for it.
func (l *Lists[T]) asked(c *collection[T]) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	useful := c.ahead && !c.asked
	if useful {
		l.ahead--
		l.useful++
	}
	c.asked = true
	return useful
}

// readAhead reads the first page of what is expected next. It tells whether there was something to read.
func (l *Lists[T]) readAhead(ctx context.Context) bool {
	name, c := l.next()
	if c == nil {
		return false
	}
	defer c.endTurn()
	if c.pages > 0 {
		return true
	}
	limited, cancel := context.WithTimeout(ctx, aheadLimit)
	defer cancel()
	if err := l.read(limited, name, c, 1); err != nil {
		l.expectNothing()
	}
	return true
}

func (l *Lists[T]) expectNothing() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.expected, l.hopeless = nil, true
}

// next takes the turn of the next collection to read ahead, if there is one.
func (l *Lists[T]) next() (string, *collection[T]) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.expected) > 0 && l.ahead < min(1+l.useful, mostAhead) {
		name := l.expected[0]
		l.expected = l.expected[1:]
		c := l.known(name)
		if c.asked || c.ahead || !c.tryTurn() {
			continue
		}
		c.ahead = true
		l.ahead++
		return name, c
	}
	return "", nil
}
