package acctest

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"
	"github.com/hashicorp/terraform-plugin-log/tfsdklogtest"
)

// Listener is a canary for a provider that a test calls itself. All that it hears stays in memory, so it is cheap enough
// to be always there, and the test asks what it has found.
type Listener struct {
	canary *canary
	logged transcript
	told   transcript
}

// OverheardSandbox starts a sandbox as [Sandbox] does, with a listener that learns its secrets from every exchange.
func OverheardSandbox(t testing.TB) (*Box, *Listener) {
	t.Helper()
	listener := &Listener{canary: &canary{secrets: map[string]struct{}{}}}
	return start(t, newCanary(t), listener.canary), listener
}

// Logged returns a context in which a provider logs at TRACE to the listener.
func (l *Listener) Logged(ctx context.Context) context.Context {
	return tflogtest.RootLogger(tfsdklogtest.RootLogger(ctx, &l.logged), &l.logged)
}

// Told hands what a user would get to read to the listener.
func (l *Listener) Told(text string) { _, _ = fmt.Fprintln(&l.told, text) }

// Heard tells how many bytes were logged and told.
func (l *Listener) Heard() (logged, told int) { return len(l.logged.all()), len(l.told.all()) }

// Underway tells how many requests the sandbox has not handled yet, be it that nobody waits for them any more.
func (l *Listener) Underway() int { return int(l.canary.underway.Load()) }

// Missed counts those of a test's own secrets that the listener has not learned.
func (l *Listener) Missed(secrets []string) int {
	l.canary.mu.Lock()
	defer l.canary.mu.Unlock()
	return len(slices.DeleteFunc(slices.Clone(secrets), func(secret string) bool {
		_, known := l.canary.secrets[secret]
		return known
	}))
}

// Found tells where secrets were logged or told, in which spelling, and in what words, but for the secrets.
func (l *Listener) Found() []string {
	forms := l.canary.forms()
	var found []string
	for _, place := range []struct {
		name string
		text []byte
	}{{"a log", l.logged.all()}, {"a diagnostic", l.told.all()}} {
		for line := range bytes.Lines(place.text) {
			for _, met := range forms.in(line) {
				found = append(found, fmt.Sprintf("a secret as %s in %s: %s", met.spelling, place.name, forms.masked(string(line))))
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// Masked is a text without the secrets.
func (l *Listener) Masked(text string) string { return l.canary.forms().masked(text) }

// prefix is how much of a form is compared first.
const prefix = shortest

// forms are the secrets of a canary in every spelling, by how they begin: there are many of them, and much text.
type forms map[[prefix]byte][]form

func (c *canary) forms() forms {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := forms{}
	for secret := range c.secrets {
		for _, written := range spellings(secret) {
			start := [prefix]byte([]byte(written.text))
			if !slices.ContainsFunc(all[start], func(other form) bool { return other.text == written.text }) {
				all[start] = append(all[start], written)
			}
		}
	}
	return all
}

// in finds the forms that a text holds.
func (f forms) in(text []byte) []form {
	var found []form
	for rest := text; len(rest) >= prefix; rest = rest[1:] {
		for _, candidate := range f[[prefix]byte(rest)] {
			if bytes.HasPrefix(rest, []byte(candidate.text)) {
				found = append(found, candidate)
			}
		}
	}
	return found
}

// masked is a text without the secrets.
func (f forms) masked(text string) string {
	var all []string
	for _, alike := range f {
		for _, written := range alike {
			all = append(all, written.text)
		}
	}
	// Of two that begin alike, the longer one must go as a whole.
	slices.SortFunc(all, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	for _, secret := range all {
		text = strings.ReplaceAll(text, secret, "***")
	}
	return strings.TrimSpace(text)
}
