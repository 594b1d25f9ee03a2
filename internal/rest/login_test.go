package rest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// A login that fails is told apart from the request that needed it, and tells how far the clocks are apart.
func TestALoginThatFails(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 7, 2, 12, 0, 0, 900e6, time.UTC)
	for name, test := range map[string]struct {
		date  time.Time // of the server; zero if it does not say
		ahead time.Duration
	}{
		"the same time":       {now.Truncate(time.Second), 0},
		"ahead of the server": {now.Add(-time.Hour).Truncate(time.Second), time.Hour},
		"behind the server":   {now.Add(time.Minute).Truncate(time.Second), -59 * time.Second},
		"no date":             {time.Time{}, 0},
	} {
		login := serve(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header()["Date"] = nil // else it is the machine's own
			if !test.date.IsZero() {
				w.Header().Set("Date", test.date.Format(http.TimeFormat))
			}
			answer(http.StatusForbidden, `refused`)(w, r)
		})
		source := rest.NewTokenSource(func(ctx context.Context) (rest.Token, error) {
			_, err := rest.Get[thing](ctx, login, []string{"login"}, nil)
			return rest.Token{}, err
		}, func() time.Time { return now })
		sent := false
		c := serve(t, func(http.ResponseWriter, *http.Request) { sent = true }, func(config *rest.Config) { config.Authorizer = source })
		_, err := rest.Get[thing](soon(t), c, []string{"things"}, nil)
		failed, ok := rest.AsLogin(err)
		if !ok || !rest.IsLogin(err) || failed.Ahead != test.ahead || !rest.HasStatus(err, http.StatusForbidden) || sent {
			t.Errorf("%s: %+v, sent %t: %v", name, failed, sent, err)
		}
	}
}

func TestOtherErrorsAreNoLogin(t *testing.T) {
	t.Parallel()
	c := serve(t, answer(http.StatusUnauthorized, `{}`))
	_, refused := rest.Get[thing](soon(t), c, []string{"things"}, nil)
	for _, err := range []error{nil, errors.New("something"), refused} {
		if login, ok := rest.AsLogin(err); ok || login != nil || rest.IsLogin(err) {
			t.Errorf("%v is taken for a login", err)
		}
	}
	cause := errors.New("no token")
	wrapped := fmt.Errorf("reading: %w", &rest.LoginError{Cause: cause})
	if !rest.IsLogin(wrapped) || !errors.Is(wrapped, cause) || wrapped.Error() != "reading: logging in: no token" {
		t.Errorf("%v", wrapped)
	}
}

func TestAnIncompleteAnswer(t *testing.T) {
	t.Parallel()
	cause := errors.New("a number where a text was expected")
	for want, err := range map[string]*rest.IncompleteError{
		"the answer of Vendor about the key lacks its id":                                                       {System: "Vendor", Noun: "key", Missing: "id"},
		`the answer of Vendor about the key "k1" lacks its secret`:                                              {System: "Vendor", Noun: "key", Object: "k1", Missing: "secret"},
		`the answer of Vendor about the key "k1" cannot be read as a whole: a number where a text was expected`: {System: "Vendor", Noun: "key", Object: "k1", Cause: cause},
	} {
		if err.Error() != want || errors.Is(err, cause) != (err.Cause != nil) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
