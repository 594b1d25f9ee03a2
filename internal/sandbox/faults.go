package sandbox

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// kinds are the ways to spoil a request.
var kinds = []string{
	"refuse",     // reset the connection, as if nobody listened
	"cut_before", // close the connection without having done anything
	"cut_after",  // do what was asked, then close the connection without a reply
	"cut_middle", // do what was asked, then close the connection in the middle of the reply
	"delay",      // wait delay_ms, then go on as usual, whether or not anybody still waits
	"stall",      // do what was asked, then wait delay_ms before the reply
	"status",     // answer with status, and with Retry-After if retry_after is set; do nothing
	"malformed",  // do what was asked, and answer 200 with broken JSON
	"html",       // do what was asked, and answer 200 with a page for people
	"truncated",  // do what was asked, and answer 200 with the first half of the reply as if it were all
	"empty",      // do what was asked, and answer 200 with nothing
	"lacking",    // do what was asked, and answer without the members named field; replies that have none do not count
}

// fault is one armed fault. Empty fields fit every request.
type fault struct {
	System string `json:"system"`
	Method string `json:"method"`
	// Path is compared with the path below the system's prefix and with the whole path. In it, * stands for any part
	// of a segment, ** for anything including slashes, and {name} for one whole segment.
	Path       string  `json:"path"`
	Skip       int     `json:"skip"`  // how many requests that fit pass unharmed before
	Times      int     `json:"times"` // how many requests are left to spoil; 0 for all until disarmed
	Allow      int     `json:"allow"` // how many requests that fit pass unharmed in each window_ms, as under a rate limit
	WindowMS   int     `json:"window_ms"`
	Kind       string  `json:"kind"`
	Status     int     `json:"status"`
	RetryAfter seconds `json:"retry_after"`
	DelayMS    int     `json:"delay_ms"`
	Page       bool    `json:"page"`  // answer the status with a page for people
	Echo       bool    `json:"echo"`  // repeat in the answer of kind status what was sent, credentials included
	Field      string  `json:"field"` // what kind lacking takes out of the reply, at any depth

	pattern *regexp.Regexp
	window  time.Time // when the present window began
	allowed int       // in it
}

// seconds is the value of a Retry-After header, given as a number or as text.
type seconds string

func (s *seconds) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err == nil {
		*s = seconds(text)
		return nil
	}
	var number json.Number
	if err := json.Unmarshal(data, &number); err != nil {
		return fmt.Errorf("retry_after is a number of seconds or the text of the header")
	}
	*s = seconds(number)
	return nil
}

func (f *fault) check(systems []string) error {
	switch {
	case !slices.Contains(kinds, f.Kind):
		return fmt.Errorf("there is no fault of kind %q; there are: %s", f.Kind, strings.Join(kinds, ", "))
	case f.System != "" && !slices.Contains(systems, f.System):
		return fmt.Errorf("there is no system %q; there are: %s", f.System, strings.Join(systems, ", "))
	case f.Times < 0:
		return fmt.Errorf("times cannot be negative; leave it out for a fault that lasts until it is disarmed")
	case f.Skip < 0:
		return fmt.Errorf("skip cannot be negative; leave it out for a fault that begins at once")
	case f.Allow < 0 || f.WindowMS < 0 || (f.Allow > 0) != (f.WindowMS > 0):
		return fmt.Errorf("allow and window_ms are positive, and go together")
	case f.Kind == "status" && (f.Status < 200 || f.Status > 599):
		return fmt.Errorf("kind status needs a status from 200 to 599")
	case (f.Kind == "delay" || f.Kind == "stall") && f.DelayMS <= 0:
		return fmt.Errorf("kind %s needs a positive delay_ms", f.Kind)
	case f.Kind == "lacking" && f.Field == "":
		return fmt.Errorf("kind lacking needs a field")
	}
	f.pattern = pattern(f.Path)
	return nil
}

var wild = regexp.MustCompile(`\*\*|\*|\{[^/{}]*\}|[^*{]+|\{`)

func pattern(path string) *regexp.Regexp {
	if path == "" {
		path = "**"
	}
	return regexp.MustCompile("^" + wild.ReplaceAllStringFunc(path, func(part string) string {
		switch {
		case part == "**":
			return ".*"
		case part == "*":
			return "[^/]*"
		case strings.HasPrefix(part, "{") && strings.HasSuffix(part, "}"):
			return "[^/]+"
		}
		return regexp.QuoteMeta(part)
	}) + "$")
}

// faults holds the armed faults in the order in which they were armed.
type faults struct {
	mu    sync.Mutex
	armed []fault
}

func (l *faults) arm(f fault) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.armed = append(l.armed, f)
}

func (l *faults) disarm() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.armed = nil
}

// unused is what is to be armed again of a fault that was taken, and found nothing to spoil.
func (f fault) unused() fault {
	f.Skip, f.Times = 0, min(f.Times, 1)
	return f
}

func (l *faults) list() []fault {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]fault{}, l.armed...)
}

// allows counts a request that fits, and tells whether it passes unharmed.
func (f *fault) allows(now time.Time) bool {
	if f.Allow == 0 {
		return false
	}
	if now.Sub(f.window) >= time.Duration(f.WindowMS)*time.Millisecond {
		f.window, f.allowed = now, 0
	}
	f.allowed++
	return f.allowed <= f.Allow
}

// take finds the first armed fault that fits, and uses one of its times up.
func (l *faults) take(system, method string, paths ...string) (fault, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	for i, f := range l.armed {
		fits := (f.System == "" || f.System == system) && (f.Method == "" || strings.EqualFold(f.Method, method)) &&
			slices.ContainsFunc(paths, f.pattern.MatchString)
		if !fits {
			continue
		}
		if f.Skip > 0 {
			l.armed[i].Skip--
			continue
		}
		if l.armed[i].allows(now) {
			continue
		}
		switch f.Times {
		case 0:
		case 1:
			l.armed = slices.Delete(l.armed, i, i+1)
		default:
			l.armed[i].Times--
		}
		return f, true
	}
	return fault{}, false
}
