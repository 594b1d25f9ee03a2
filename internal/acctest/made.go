package acctest

import (
	"context"
	"testing"
	"time"
)

// Made lists what one system holds, of whatever noun, without what was there from the start.
func (b *Box) Made(t testing.TB, system string) []Object {
	t.Helper()
	var all []Object
	for _, objects := range b.AllObjects(t)[system] {
		all = append(all, objects...)
	}
	return all
}

// MustBeEmpty fails if there is anything of [Box.Made].
func (b *Box) MustBeEmpty(t testing.TB, system string) {
	t.Helper()
	if left := b.Made(t, system); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// Names lists the names of [Box.Objects] by id.
func (b *Box) Names(t testing.TB, system, nouns string) map[string]string {
	t.Helper()
	names := map[string]string{}
	for _, object := range b.Objects(t, system, nouns) {
		names[object.ID] = object.Name
	}
	return names
}

// UntilMade returns a context for [Workspace.ApplyUntil]. It ends a second after the system holds so many of [Box.Objects],
// when the creation that follows is on its way, or after ten seconds.
func (b *Box) UntilMade(t testing.TB, system, nouns string, count int) context.Context {
	t.Helper()
	ctx, interrupt := context.WithCancel(context.Background())
	t.Cleanup(interrupt)
	go func() {
		defer interrupt()
		for range 100 {
			if len(b.Objects(t, system, nouns)) >= count {
				break
			}
			select {
			case <-time.After(100 * time.Millisecond):
			case <-ctx.Done():
				return
			}
		}
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
		}
	}()
	return ctx
}
