package keycardtest

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
)

const (
	maxLimit  = 100
	maxCursor = 255
)

// item is an object in a list. Lists are sorted by age, then by id.
type item struct {
	position
	wire any
}

// position is where an item stands in its list. As a cursor it stays good when the item goes.
type position struct {
	Parent  string    `json:"parent"` // a cursor is of no use in another list
	Created time.Time `json:"created"`
	ID      string    `json:"id"`
}

func newItem(id string, created time.Time, wire any) item {
	return item{position{Created: created, ID: id}, wire}
}

// span is a part of a sorted list.
type span struct {
	from, to int
}

// page answers a list. Items need not be sorted.
func (f *Fake) page(c *call, parent string, items []item, granted permissions) (answer, *failure) {
	compare := f.order()
	slices.SortFunc(items, func(a, b item) int { return compare(a.position, b.position) })
	part, failed := f.cut(c.r.URL.Query(), parent, items, compare)
	if failed != nil {
		return answer{}, failed
	}
	shown := []any{}
	for _, i := range items[part.from:part.to] {
		shown = append(shown, i.wire)
	}
	info := map[string]any{"has_next_page": part.to < len(items), "has_prev_page": part.from > 0}
	switch {
	case len(shown) > 0:
		info["start_cursor"] = encodeCursor(parent, items[part.from].position)
		info["end_cursor"] = encodeCursor(parent, items[part.to-1].position)
	case f.options.Get(optEmptyCursors) == cursorsNull:
		info["start_cursor"], info["end_cursor"] = nil, nil
	}
	whole := map[string]any{"items": shown, "page_info": info}
	if c.granted {
		whole["permissions"] = granted
	}
	return answer{http.StatusOK, whole}, nil
}

// order returns how positions compare.
func (f *Fake) order() func(a, b position) int {
	oldest := func(a, b position) int {
		return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID))
	}
	if f.options.Get(optOrder) == newestFirst {
		return func(a, b position) int { return oldest(b, a) }
	}
	return oldest
}

// cut finds the items that a query asks for: those just behind one cursor, or those just ahead of the other.
func (f *Fake) cut(query url.Values, parent string, items []item, compare func(a, b position) int) (span, *failure) {
	limit, failed := f.limit(query)
	if failed != nil {
		return span{}, failed
	}
	find := func(name string) (int, bool, *failure) {
		at, failed := decodeCursor(parent, name, query.Get(name))
		if failed != nil {
			return 0, false, failed
		}
		i, exact := slices.BinarySearchFunc(items, at, func(i item, p position) int { return compare(i.position, p) })
		return i, exact, nil
	}
	switch {
	case query.Has("after") && query.Has("before"):
		return span{}, badRequest("after and before exclude each other")
	case query.Has("before"):
		end, _, failed := find("before")
		return span{max(0, end-limit), end}, failed
	case query.Has("after"):
		start, exact, failed := find("after")
		if exact {
			start++
		}
		return span{start, min(start+limit, len(items))}, failed
	}
	return span{0, min(limit, len(items))}, nil
}

func (f *Fake) limit(query url.Values) (int, *failure) {
	if !query.Has("limit") {
		return f.number(optDefaultLimit), nil
	}
	limit, err := strconv.Atoi(query.Get("limit"))
	if err != nil || limit < 1 || limit > maxLimit {
		return 0, badRequest("limit must be a whole number from 1 to %d", maxLimit)
	}
	return limit, nil
}

func encodeCursor(parent string, at position) string {
	at.Parent = parent
	content, _ := json.Marshal(at) // strings and a time: cannot fail
	return base64.RawURLEncoding.EncodeToString(content)
}

func decodeCursor(parent, name, text string) (position, *failure) {
	var at position
	content, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(text) > maxCursor || json.Unmarshal(content, &at) != nil || at.ID == "" || at.Parent != parent {
		return position{}, badRequest("%s is no cursor of this list", name)
	}
	return at, nil
}
