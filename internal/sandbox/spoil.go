package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage"
)

const page = "<!doctype html>\n<html><head><title>Sign in</title></head><body>Please sign in.</body></html>\n"

// spoil answers a request as an armed fault wants it, and counts it under the status that the client gets to see.
func (s *Sandbox) spoil(w http.ResponseWriter, r *http.Request, system stage.System, entry request, f fault) {
	switch f.Kind {
	case "refuse":
		s.requests.count(entry)
		reset(w)
	case "cut_before":
		s.requests.count(entry)
		// Read to the end first: closing over unread data would be a reset, and that is another fault.
		_, _ = io.Copy(io.Discard, r.Body)
		panic(http.ErrAbortHandler)
	case "cut_after":
		s.handle(system, r)
		s.requests.count(entry)
		panic(http.ErrAbortHandler)
	case "cut_middle":
		reply := s.handle(system, r)
		s.requests.count(entry)
		reply.sendPart(w, reply.body.Len(), reply.body.Len()/2)
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	case "status":
		entry.Status = f.Status
		s.requests.count(entry)
		if f.RetryAfter != "" {
			w.Header().Set("Retry-After", string(f.RetryAfter))
		}
		if f.Page {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.WriteHeader(f.Status)
			_, _ = io.WriteString(w, page)
			return
		}
		reason := fmt.Errorf("a fault armed in the sandbox: %d %s", f.Status, http.StatusText(f.Status))
		if f.Echo {
			sent, _ := io.ReadAll(r.Body)
			reason = fmt.Errorf("%w, to a request with %s and %s", reason, r.Header.Get("Authorization"), sent)
		}
		refuse(w, f.Status, reason)
	case "delay":
		// A slow system carries out what it was sent, also when nobody waits for it any more.
		pause(context.WithoutCancel(r.Context()), time.Duration(f.DelayMS)*time.Millisecond)
		reply := s.handle(system, r)
		entry.Status = reply.status
		s.requests.count(entry)
		reply.send(w)
	case "stall":
		reply := s.handle(system, r)
		if pause(r.Context(), time.Duration(f.DelayMS)*time.Millisecond) {
			entry.Status = reply.status
		}
		s.requests.count(entry)
		reply.send(w)
	case "lacking":
		reply := s.handle(system, r)
		if !reply.remove(f.Field) {
			s.faults.arm(f.unused())
		}
		entry.Status = reply.status
		s.requests.count(entry)
		reply.send(w)
	default:
		reply := disfigure(s.handle(system, r), f.Kind)
		entry.Status = reply.status
		s.requests.count(entry)
		reply.send(w)
	}
}

// disfigure makes a reply with status 200 and a body that is no good.
func disfigure(original *reply, kind string) *reply {
	spoiled := newReply()
	spoiled.header.Set("Content-Type", "application/json")
	switch kind {
	case "malformed":
		spoiled.body.WriteString(`{"id": ,}`)
	case "html":
		spoiled.header.Set("Content-Type", "text/html; charset=utf-8")
		spoiled.body.WriteString(page)
	case "truncated":
		spoiled.body.Write(original.body.Bytes()[:original.body.Len()/2])
	}
	return spoiled
}

// remove takes the members of a name out of a reply, wherever they stand in it, and tells whether there were any.
func (a *reply) remove(name string) bool {
	var whole any
	decoder := json.NewDecoder(bytes.NewReader(a.body.Bytes()))
	decoder.UseNumber()
	if err := decoder.Decode(&whole); err != nil || !lessen(whole, name) {
		return false
	}
	encoded, err := json.Marshal(whole)
	if err != nil {
		return false
	}
	a.body.Reset()
	a.body.Write(encoded)
	return true
}

func lessen(value any, name string) bool {
	found := false
	switch value := value.(type) {
	case map[string]any:
		_, found = value[name]
		delete(value, name)
		for _, member := range value {
			found = lessen(member, name) || found
		}
	case []any:
		for _, element := range value {
			found = lessen(element, name) || found
		}
	}
	return found
}

// reset ends the connection as a closed port would, so far as that can be done once it is accepted.
func reset(w http.ResponseWriter) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := connection.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = connection.Close()
}
