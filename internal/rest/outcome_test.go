package rest_test

import (
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

func TestUnknownOutcomes(t *testing.T) {
	t.Parallel()
	lost := errors.New("connection reset")
	for name, test := range map[string]struct {
		err  error
		want bool
	}{
		"cut after it was sent":             {&rest.Error{Method: http.MethodPost, Written: true, Cause: lost}, true},
		"cut, but never sent":               {&rest.Error{Method: http.MethodPost, Cause: lost}, false},
		"never sent, after one that was":    {&rest.Error{Method: http.MethodPost, Unsure: true, Cause: lost}, true},
		"the system failed":                 {&rest.Error{Method: http.MethodPost, Written: true, Status: 502}, true},
		"refused":                           {&rest.Error{Method: http.MethodPost, Written: true, Status: 403}, false},
		"refused, after one that was lost":  {&rest.Error{Method: http.MethodPost, Written: true, Unsure: true, Status: 403}, false},
		"a success that cannot be read":     {&rest.Error{Method: http.MethodPost, Written: true, Status: 201, Cause: lost}, true},
		"a success that names nothing":      {&rest.IncompleteError{Noun: "key", Missing: "id"}, true},
		"a success that names what is made": {&rest.IncompleteError{Noun: "key", Object: "k1", Missing: "secret"}, false},
		"a read":                            {&rest.Error{Method: http.MethodGet, Written: true, Cause: lost}, false},
		"a login":                           {&rest.LoginError{Cause: &rest.Error{Method: http.MethodPost, Written: true, Cause: lost}}, false},
		"something else":                    {lost, false},
	} {
		if got := rest.IsUnknownOutcome(test.err); got != test.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

// Only an attempt that may have had an effect makes the answer to the next one doubtful.
func TestAnAnswerAfterALostOneIsUnsure(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		first http.HandlerFunc
		want  bool
	}{
		"cut":         {cut, true},
		"half":        {half, true},
		"failed":      {answer(http.StatusBadGateway, ``), true},
		"turned away": {answer(http.StatusTooManyRequests, ``), false},
		"none":        {answer(http.StatusConflict, ``), false},
	} {
		var count atomic.Int64
		request := creation
		request.Repeatable = true
		_, err := rest.Create(soon(t), serve(t, sequence(&count, test.first, answer(http.StatusConflict, ``))), request)
		if failed, ok := rest.AsError(err); !ok || failed.Status != http.StatusConflict || failed.Unsure != test.want {
			t.Errorf("%s: %+v", name, err)
		}
	}
}

func TestServerNow(t *testing.T) {
	t.Parallel()
	date := time.Now().Add(-time.Hour).Truncate(time.Second)
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", date.UTC().Format(http.TimeFormat))
		answer(http.StatusOK, `{"name":"x"}`)(w, r)
	})
	if before := c.ServerNow(); time.Since(before) > time.Minute {
		t.Errorf("before any answer: %s, want our clock", before)
	}
	if _, err := rest.Get[thing](soon(t), c, []string{"things"}, nil); err != nil {
		t.Fatal(err)
	}
	if now := c.ServerNow(); now.Before(date) || now.Sub(date) > time.Minute {
		t.Errorf("%s, want the server's clock, %s", now, date)
	}
}
