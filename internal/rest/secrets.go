package rest

import (
	"cmp"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Secrets are texts that must reach neither an error message nor the log. A server may repeat what it was sent. There may be
// thousands of them, and each request is looked through, so that what a look costs must not grow with their number.
type Secrets struct {
	mu sync.RWMutex
	// spellings are what is masked, by their first [minSecret] bytes.
	spellings map[string][]string
	// begins tells of each pair of bytes whether a spelling begins with it: most places of a text need no closer look.
	begins [1 << 16]bool
}

// minSecret is the shortest text that is masked: shorter ones would blank ordinary words and hide nothing.
const minSecret = 4

// Add remembers secrets. Empty and very short ones are ignored.
func (s *Secrets) Add(texts ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.spellings == nil {
		s.spellings = map[string][]string{}
	}
	for _, text := range texts {
		if len(text) < minSecret || slices.Contains(s.spellings[text[:minSecret]], text) {
			continue
		}
		for _, spelling := range spellings(text) {
			if len(spelling) < minSecret {
				continue
			}
			start := spelling[:minSecret]
			if alike := s.spellings[start]; !slices.Contains(alike, spelling) {
				s.spellings[start] = append(alike, spelling)
				s.begins[pair(spelling)] = true
			}
		}
	}
}

// addSent remembers the credential that a request carries, whoever has put it there.
func (s *Secrets) addSent(request *http.Request) {
	_, credential, _ := strings.Cut(request.Header.Get("Authorization"), " ")
	s.Add(credential)
	if user, password, ok := request.BasicAuth(); ok {
		s.Add(password, Basic{User: user, Password: password}.pair())
	}
}

// Scrub replaces each secret in a text: as it is, quoted, URL-encoded, or in base64, be it by itself or within a pair of
// user and password.
func (s *Secrets) Scrub(text string) string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var begun []string
	for i := range len(text) - minSecret + 1 {
		if s.begins[pair(text[i:])] {
			begun = append(begun, s.spellings[text[i:i+minSecret]]...)
		}
	}
	// The longest first: what holds another must not be left with the rest of itself.
	slices.SortFunc(begun, longestFirst)
	for _, spelling := range begun {
		text = strings.ReplaceAll(text, spelling, "(secret)")
	}
	return text
}

func pair(text string) uint16 { return uint16(text[0])<<8 | uint16(text[1]) }

// ScrubError keeps an error as it is unless its text holds a secret, or more of an answer than can be shown.
func (s *Secrets) ScrubError(err error) error {
	if clean := harmless(s.Scrub(err.Error()), maxCause); clean != err.Error() {
		return errors.New(clean)
	}
	return err
}

func longestFirst(a, b string) int {
	return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b))
}

// spellings are the forms in which a text may be repeated.
func spellings(text string) []string {
	form := url.QueryEscape(text)
	all := []string{text, form, strings.ReplaceAll(form, "+", "%20"), url.PathEscape(text), unquoted(strconv.Quote(text)), unquoted(strconv.QuoteToASCII(text))}
	for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		all = append(all, encoding.EncodeToString([]byte(text)))
	}
	return append(all, within(text, base64.RawStdEncoding, base64.RawURLEncoding)...)
}

func unquoted(text string) string { return text[1 : len(text)-1] }

// within are the parts of base64 by which a text is recognized behind another, such as a user's name: what stands before it
// shifts it by no, one or two bytes, and the characters at its edges hold bits of its neighbours.
func within(text string, encodings ...*base64.Encoding) []string {
	var parts []string
	for shift := range 3 {
		shifted := append(make([]byte, shift), text...)
		first, end := (8*shift+5)/6, 8*len(shifted)/6
		for _, encoding := range encodings {
			parts = append(parts, encoding.EncodeToString(shifted)[first:end])
		}
	}
	return parts
}
