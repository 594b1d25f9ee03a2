package sandbox

import (
	"bytes"
	"net/http"
	"strconv"
)

// reply holds a system's answer back, so that it can be counted, kept or spoiled before it leaves.
type reply struct {
	status int
	header http.Header
	body   bytes.Buffer
}

func newReply() *reply {
	return &reply{status: http.StatusOK, header: http.Header{}}
}

func (a *reply) Header() http.Header { return a.header }

func (a *reply) WriteHeader(status int) { a.status = status }

func (a *reply) Write(part []byte) (int, error) { return a.body.Write(part) }

func (a *reply) send(w http.ResponseWriter) {
	a.sendPart(w, a.body.Len(), a.body.Len())
}

// sendPart announces a body of the given length and writes only the first bytes of it.
func (a *reply) sendPart(w http.ResponseWriter, announced, written int) {
	for name, values := range a.header {
		w.Header()[name] = values
	}
	if a.status != http.StatusNoContent && a.status != http.StatusNotModified {
		w.Header().Set("Content-Length", strconv.Itoa(announced))
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body.Bytes()[:written])
}
