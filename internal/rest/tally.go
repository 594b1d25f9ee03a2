package rest

import "sync/atomic"

// Tally counts the requests of one system. It is safe for concurrent use.
type Tally struct{ sent, saved atomic.Int64 }

// Saved notes that a request was not necessary, because a list had its answer. It shows in the log line of the next one.
func (t *Tally) Saved() { t.saved.Add(1) }
