package rest

import (
	"encoding/base64"
	"errors"
	"net/url"
	"strings"
	"sync"
)

// Secrets are texts that must not reach an error message. A server may repeat in its message what it was sent.
type Secrets struct {
	mu    sync.RWMutex
	texts map[string]struct{}
}

// minSecret is the shortest text that is masked: shorter ones would blank ordinary words and hide nothing.
const minSecret = 4

// Add remembers secrets. Empty and very short ones are ignored.
func (s *Secrets) Add(texts ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.texts == nil {
		s.texts = map[string]struct{}{}
	}
	for _, text := range texts {
		if len(text) >= minSecret {
			s.texts[text] = struct{}{}
		}
	}
}

// Scrub replaces each secret in a text, plain, URL-encoded or in base64.
func (s *Secrets) Scrub(text string) string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for secret := range s.texts {
		for _, spelling := range []string{secret, url.QueryEscape(secret), base64.StdEncoding.EncodeToString([]byte(secret))} {
			text = strings.ReplaceAll(text, spelling, "(secret)")
		}
	}
	return text
}

// scrubError keeps an error as it is unless its text holds a secret, or more of an answer than can be shown.
func (s *Secrets) scrubError(err error) error {
	if clean := harmless(s.Scrub(err.Error()), maxCause); clean != err.Error() {
		return errors.New(clean)
	}
	return err
}
