package sandbox

import (
	"cmp"
	"slices"
	"sync"
)

// request is what the log remembers of a request: never a concrete path, a query or a body, for these may hold secrets.
type request struct {
	System string `json:"system"`
	Method string `json:"method"`
	Route  string `json:"route"`
	Token  bool   `json:"token"`  // a login or a token exchange
	Status int    `json:"status"` // 0 when no reply was sent
}

// requests counts requests that are alike.
type requests struct {
	mu     sync.Mutex
	counts map[request]int
}

type requestCount struct {
	request
	Count int `json:"count"`
}

type requestLog struct {
	Total int            `json:"total"`
	By    []requestCount `json:"by"`
}

func (l *requests) count(entry request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.counts == nil {
		l.counts = map[request]int{}
	}
	l.counts[entry]++
}

func (l *requests) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.counts = nil
}

func (l *requests) log() requestLog {
	l.mu.Lock()
	defer l.mu.Unlock()
	log := requestLog{By: []requestCount{}}
	for entry, count := range l.counts {
		log.Total += count
		log.By = append(log.By, requestCount{entry, count})
	}
	slices.SortFunc(log.By, func(a, b requestCount) int {
		return cmp.Or(cmp.Compare(a.System, b.System), cmp.Compare(a.Route, b.Route), cmp.Compare(a.Method, b.Method),
			cmp.Compare(a.Status, b.Status))
	})
	return log
}
