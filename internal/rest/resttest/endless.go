package resttest

import (
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// Endless is a server whose list never ends: each page names another.
type Endless struct {
	URL   string
	pages atomic.Int64
}

// NewEndless starts an endless server. A page is a format for its number; the paths of logins end in login, "" for none.
func NewEndless(tb testing.TB, login, page string) *Endless {
	tb.Helper()
	e := &Endless{}
	e.URL = serve(tb, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if !loggedIn(w, r, login) {
			_, _ = fmt.Fprintf(w, page, e.pages.Add(1))
		}
	}))
	return e
}

// MustBeGivenUp fails unless the reading of the list ended in this error, after as many pages as are read at most.
func (e *Endless) MustBeGivenUp(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, rest.ErrEndlessList) || e.pages.Load() != rest.MaxPages {
		t.Errorf("after %d pages: %v", e.pages.Load(), err)
	}
}
