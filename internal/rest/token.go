package rest

import (
	"context"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// Token is a bearer token and how long it lives from now; 0 means that it does not end.
type Token struct {
	Value    string
	Lifetime time.Duration
	// Expires is when it ends, by the system's own clock; zero if the system has not told.
	Expires time.Time
}

// renewBefore is how long before its end a token is renewed, so that it does not end on the way. A token of a few
// seconds is kept for three quarters of its life.
const renewBefore = 30 * time.Second

// fetchTimeout bounds one fetch with its retries. The fetch serves every waiting request, so it must not end with the
// context of the one that came first.
const fetchTimeout = 2 * time.Minute

// TokenSource fetches a bearer token when it is first needed, once under concurrency, and again before it ends or
// after it was refused. A credential that was refused is not tried again.
type TokenSource struct {
	fetch  func(context.Context) (Token, error)
	now    func() time.Time
	flight singleflight.Group

	mu      sync.Mutex
	token   string
	renew   time.Time // zero: never
	refusal error     // of the credential: asking again would be refused again, and may lock the caller out
}

// NewTokenSource returns a source over fetch. A nil now reads the system's clock.
func NewTokenSource(fetch func(context.Context) (Token, error), now func() time.Time) *TokenSource {
	if now == nil {
		now = time.Now
	}
	return &TokenSource{fetch: fetch, now: now}
}

// Authorize implements [Authorizer].
func (s *TokenSource) Authorize(ctx context.Context, header http.Header) error {
	token, err := s.current(ctx)
	if err != nil {
		return err
	}
	return Bearer(token).Authorize(ctx, header)
}

// Refused implements [Authorizer]. Only the token that was refused is dropped: another request may have renewed it
// already.
func (s *TokenSource) Refused(header http.Header) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if header.Get("Authorization") == "Bearer "+s.token {
		s.token = ""
	}
	return true
}

func (s *TokenSource) current(ctx context.Context) (string, error) {
	if token, err := s.cached(); token != "" || err != nil {
		return token, err
	}
	result := s.flight.DoChan("", func() (any, error) {
		if token, err := s.cached(); token != "" || err != nil {
			return token, err
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), fetchTimeout)
		defer cancel()
		token, err := s.fetch(ctx)
		if err != nil {
			failed := loginFailed(err, s.now())
			s.remember(failed)
			return "", failed
		}
		s.keep(token)
		return token.Value, nil
	})
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case outcome := <-result:
		token, _ := outcome.Val.(string)
		return token, outcome.Err
	}
}

// Mint fetches a token for somebody else, with its full lifetime: it is neither the one that the source holds, nor kept in
// it. A failure is a *[LoginError].
func (s *TokenSource) Mint(ctx context.Context) (Token, error) {
	if refusal := s.refused(); refusal != nil {
		return Token{}, refusal
	}
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	token, err := s.fetch(ctx)
	if err != nil {
		failed := loginFailed(err, s.now())
		s.remember(failed)
		return Token{}, failed
	}
	return token, nil
}

func (s *TokenSource) refused() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.refusal
}

func (s *TokenSource) keep(token Token) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.token, s.renew = token.Value, time.Time{}
	if token.Lifetime > 0 {
		s.renew = s.now().Add(token.Lifetime - min(renewBefore, token.Lifetime/4))
	}
}

func (s *TokenSource) remember(err error) {
	if !HasStatus(err, http.StatusUnauthorized) && !HasStatus(err, http.StatusBadRequest) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refusal = err
}

// cached returns the token that is held, "" if a new one is needed, or the refusal that makes asking pointless.
func (s *TokenSource) cached() (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refusal != nil {
		return "", s.refusal
	}
	if !s.renew.IsZero() && s.now().After(s.renew) {
		return "", nil
	}
	return s.token, nil
}
