package zenmltest

import (
	"bytes"
	"maps"
	"net/http"
	"time"
)

// replayFor is how long the server remembers the answer to an Idempotency-Key. A real one may remember it a few seconds
// longer, until its next cleaning.
const replayFor = 300 * time.Second

// replay is a remembered answer.
type replay struct {
	accountID, method, url string
	body                   []byte
	until                  time.Time
}

// once runs a POST that carries an Idempotency-Key only if its answer is not remembered. Only successes are; the same
// key with another caller, method or URL runs without being remembered.
func (f *Fake) once(c *call, run func()) {
	key, ok := asUUID(c.r.Header.Get("Idempotency-Key"))
	if !ok || c.r.Method != http.MethodPost || !f.options.On(optDeduplication) {
		run()
		return
	}
	url := c.r.Host + c.r.URL.RequestURI()
	seen, ok := f.replays[key]
	if ok && !f.now().Before(seen.until) {
		delete(f.replays, key)
		ok = false
	}
	switch {
	case ok && (seen.accountID != c.who.account.ID || seen.method != c.r.Method || seen.url != url):
		run()
	case ok:
		c.w.Header().Set("Content-Type", "application/json")
		_, _ = c.w.Write(seen.body)
	default:
		copied := &copier{ResponseWriter: c.w, status: http.StatusOK}
		c.w = copied
		run()
		maps.DeleteFunc(f.replays, func(_ string, old replay) bool { return !f.now().Before(old.until) })
		if copied.status == http.StatusOK {
			f.replays[key] = replay{c.who.account.ID, c.r.Method, url, copied.body.Bytes(), f.now().Add(replayFor)}
		}
	}
}

// copier keeps a copy of what is written.
type copier struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (c *copier) WriteHeader(status int) {
	c.status = status
	c.ResponseWriter.WriteHeader(status)
}

func (c *copier) Write(part []byte) (int, error) {
	c.body.Write(part)
	return c.ResponseWriter.Write(part)
}
