package rest_test

import (
	"context"
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
		"refused, after one that was lost":  {&rest.Error{Method: http.MethodPost, Written: true, Unsure: true, Status: 403}, true},
		"turned away, after a lost one":     {&rest.Error{Method: http.MethodPost, Unsure: true, Status: 429}, true},
		"no login, after a lost one":        {&rest.Error{Method: http.MethodPost, Unsure: true, Cause: &rest.LoginError{Cause: lost}}, true},
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

// The transport repeats by itself what has an Idempotency-Key, if a connection ends that was used before.
func TestARepeatByTheTransportLeavesAnAnswerUnsure(t *testing.T) {
	t.Parallel()
	var count atomic.Int64
	c := serve(t, sequence(&count, answer(http.StatusOK, `{"name":"x"}`), cut, answer(http.StatusConflict, `{}`)), once)
	if _, err := rest.Get[thing](soon(t), c, []string{"things"}, nil); err != nil {
		t.Fatal(err)
	}
	request := creation
	request.Repeatable, request.Header = true, http.Header{"Idempotency-Key": {"k"}}
	_, err := rest.Create(soon(t), c, request)
	if failed, ok := rest.AsError(err); !ok || failed.Status != http.StatusConflict || failed.Attempts != 2 || !failed.Unsure || count.Load() != 3 {
		t.Errorf("%d requests, error %+v; want a conflict that may be with the first attempt", count.Load(), failed)
	}
}

// The renewal of a refused credential forgets nothing of the attempts before.
func TestARenewalLeavesAnAnswerUnsure(t *testing.T) {
	t.Parallel()
	failed, refused := answer(http.StatusInternalServerError, ``), answer(http.StatusUnauthorized, `{}`)
	for name, test := range map[string]struct {
		answers []http.HandlerFunc
		relogin error
		want    bool
	}{
		"a conflict after a failure":   {answers: []http.HandlerFunc{failed, refused, answer(http.StatusConflict, `{}`)}, want: true},
		"a conflict":                   {answers: []http.HandlerFunc{refused, answer(http.StatusConflict, `{}`)}},
		"no new login after a failure": {answers: []http.HandlerFunc{failed, refused}, relogin: errors.New("closed"), want: true},
		"no new login":                 {answers: []http.HandlerFunc{refused}, relogin: errors.New("closed")},
	} {
		var count, logins atomic.Int64
		c := serve(t, sequence(&count, test.answers...), func(config *rest.Config) {
			config.Authorizer = rest.NewTokenSource(func(context.Context) (rest.Token, error) {
				if logins.Add(1) > 1 && test.relogin != nil {
					return rest.Token{}, &rest.Error{System: "Vendor", Method: http.MethodPost, Written: true, Cause: test.relogin}
				}
				return rest.Token{Value: "token"}, nil
			}, nil)
		})
		request := creation
		request.Repeatable = true
		_, err := rest.Create(soon(t), c, request)
		if rest.IsUnsure(err) != test.want || rest.IsUnknownOutcome(err) != test.want || rest.IsLogin(err) != (test.relogin != nil) {
			t.Errorf("%s: %+v", name, err)
		}
	}
}

// A creation departs when it is sent and not turned away, and what comes after a lost attempt changes nothing of that.
func TestDeparture(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answers []http.HandlerFunc
		at      int // the attempt that counts
	}{
		"one attempt":            {[]http.HandlerFunc{answer(http.StatusCreated, `{}`)}, 0},
		"one that is refused":    {[]http.HandlerFunc{answer(http.StatusForbidden, `{}`)}, 0},
		"after a turn away":      {[]http.HandlerFunc{answer(http.StatusTooManyRequests, `{}`), cut, cut, cut}, 1},
		"the first that is lost": {[]http.HandlerFunc{cut, answer(http.StatusTooManyRequests, `{}`), answer(http.StatusForbidden, `{}`)}, 0},
	} {
		var count atomic.Int64
		var arrivals moments
		handler := sequence(&count, test.answers...)
		c := serve(t, func(w http.ResponseWriter, r *http.Request) {
			arrivals.add()
			handler(w, r)
		})
		request := creation
		request.Repeatable = true
		before := time.Now()
		ctx, departure := rest.WithDeparture(soon(t))
		if !departure.At().IsZero() {
			t.Errorf("%s: departed before it was sent", name)
		}
		_, _ = rest.Create(ctx, c, request)
		if test.at > 0 {
			before = arrivals.sorted()[test.at-1]
		}
		if at := departure.At(); at.Before(before) || at.After(arrivals.sorted()[test.at]) {
			t.Errorf("%s: departed at %s, want between %s and %s", name, at, before, arrivals.sorted()[test.at])
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
