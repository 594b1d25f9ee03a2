package keycardtest_test

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// walk follows a list in one direction and returns the names of each page.
func (s *server) walk(list string, limit int, way string) [][]any {
	s.T.Helper()
	more, from := "has_next_page", "end_cursor"
	if way == "before" {
		more, from = "has_prev_page", "start_cursor"
	}
	var pages [][]any
	query := url.Values{"limit": {fmt.Sprint(limit)}}
	for range 20 {
		r := s.Get(list + "?" + query.Encode())
		s.Want(r, 200)
		pages = append(pages, r.Each("items", "name"))
		if r.At("page_info."+more) == false {
			return pages
		}
		query.Set(way, r.Str("page_info."+from))
	}
	s.T.Fatal("the pages do not end")
	return nil
}

// fill makes objects at different times; the list's other objects are older.
func (s *server) fill(list string, count int) []string {
	s.T.Helper()
	var paths []string
	for i := range count {
		s.Clock.Move(time.Duration(i+1) * time.Millisecond)
		paths = append(paths, s.make(list, fmt.Sprintf(`{"name":"%d"}`, i)))
	}
	return paths
}

func TestPagesForward(t *testing.T) {
	both(t, func(s *server, list string) {
		s.fill(list, 7)
		whole := s.Get(list)
		s.WantEqual(whole.At("page_info.has_next_page"), false)
		s.WantEqual(whole.At("page_info.has_prev_page"), false)
		s.WantEqual(slices.Sorted(keys(whole.At("page_info"))), []string{"end_cursor", "has_next_page", "has_prev_page", "start_cursor"})
		s.WantEqual(slices.Sorted(keys(whole.Value)), []string{"items", "page_info"})
		names := whole.Each("items", "name")
		for _, order := range []string{"oldest", "newest"} {
			s.Set("order", order)
			if order == "newest" {
				slices.Reverse(names)
			}
			for _, limit := range []int{1, 3, len(names) - 1, len(names), 100} {
				pages := s.walk(list, limit, "after")
				s.WantEqual(slices.Concat(pages...), names)
				s.WantEqual(len(pages), (len(names)+limit-1)/limit)
			}
		}
	})
}

func TestPagesBackward(t *testing.T) {
	both(t, func(s *server, list string) {
		s.fill(list, 7)
		names := s.Get(list).Each("items", "name")
		end := s.Get(list).Str("page_info.end_cursor")
		r := s.Get(list + "?limit=3&before=" + end)
		n := len(names)
		s.WantEqual(r.Each("items", "name"), names[n-4:n-1])
		s.WantEqual([]any{r.At("page_info.has_prev_page"), r.At("page_info.has_next_page")}, []any{true, true})
		r = s.Get(list + "?limit=100&before=" + end)
		s.WantEqual(r.Each("items", "name"), names[:n-1])
		s.WantEqual([]any{r.At("page_info.has_prev_page"), r.At("page_info.has_next_page")}, []any{false, true})
		// From the first page on there is nothing to walk.
		s.WantEqual(s.walk(list, 3, "before"), [][]any{names[:3]})
		// After and before meet at the same items.
		middle := s.Get(list + "?limit=2&after=" + s.Get(list+"?limit=2").Str("page_info.end_cursor"))
		s.WantEqual(middle.At("page_info.has_prev_page"), true)
		back := s.Get(list + "?limit=2&before=" + middle.Str("page_info.start_cursor"))
		s.WantEqual(back.Each("items", "name"), names[:2])
	})
}

func TestEmptyPages(t *testing.T) {
	s := start(t)
	list := s.account("ci") + "/credentials"
	none := map[string]any{"has_next_page": false, "has_prev_page": false}
	r := s.Get(list)
	s.WantEqual(r.Value, map[string]any{"items": []any{}, "page_info": none})
	s.Set("empty_cursors", "null")
	none["start_cursor"], none["end_cursor"] = nil, nil
	s.WantEqual(s.Get(list).At("page_info"), any(none))

	s.credential(s.account("other"), "x")
	r = s.Get(accounts)
	if r.Str("page_info.end_cursor") == "" {
		t.Error("a page with items has no cursors")
	}
	s.WantEqual(s.Get(accounts+"?after="+r.Str("page_info.end_cursor")).At("page_info"), any(map[string]any{
		"has_next_page": false, "has_prev_page": true, "start_cursor": nil, "end_cursor": nil,
	}))
	s.WantEqual(s.Get(accounts+"?before="+r.Str("page_info.start_cursor")).At("page_info"), any(map[string]any{
		"has_next_page": true, "has_prev_page": false, "start_cursor": nil, "end_cursor": nil,
	}))
}

func TestCursorsOutliveTheirRows(t *testing.T) {
	both(t, func(s *server, list string) {
		paths := s.fill(list, 5)
		first := s.Get(list + "?limit=100")
		cursor := s.Get(list + "?limit=1&before=" + first.Str("page_info.end_cursor")).Str("page_info.end_cursor") // of "3"
		s.WantEqual(s.Get(list+"?limit=1&before="+first.Str("page_info.end_cursor")).Str("page_info.end_cursor"), cursor)
		s.Want(s.Del(paths[3]), 204)
		s.WantEqual(s.Get(list+"?after="+cursor).Each("items", "name"), []any{"4"})
		s.WantEqual(s.Get(list+"?limit=1&before="+cursor).Each("items", "name"), []any{"2"})
	})
}

func TestLimits(t *testing.T) {
	s := start(t)
	s.fill(accounts, 101)
	s.WantEqual(len(s.Get(accounts).Each("items", "id")), 100)
	s.WantEqual(len(s.Get(accounts+"?limit=100").Each("items", "id")), 100)
	s.WantEqual(len(s.Get(accounts+"?limit=1").Each("items", "id")), 1)
	for _, limit := range []string{"0", "-1", "101", "x", "", "1.5"} {
		s.wantError(s.Get(accounts+"?limit="+limit), 400, "limit")
	}
	s.Set("default_limit", "2")
	r := s.Get(accounts)
	s.WantEqual(len(r.Each("items", "id")), 2)
	s.WantEqual(r.At("page_info.has_next_page"), true)
	s.WantEqual(len(s.Get(accounts+"?limit=3").Each("items", "id")), 3)
	s.wantError(s.Get("/organizations?limit=101"), 400, "limit")
}

func TestBadCursors(t *testing.T) {
	both(t, func(s *server, list string) {
		s.fill(list, 2)
		s.fill(s.account("other")+"/credentials", 1)
		good := s.Get(list).Str("page_info.end_cursor")
		if len(good) > 255 || strings.ContainsAny(good, "+/=") {
			t.Errorf("got the cursor %s", good)
		}
		elsewhere := s.Get("/organizations").Str("page_info.end_cursor")
		empty := base64.RawURLEncoding.EncodeToString([]byte(`{}`))
		for _, bad := range []string{"", "zork", "%", good[:len(good)-4], elsewhere, empty, strings.Repeat("A", 256)} {
			s.wantError(s.Get(list+"?after="+url.QueryEscape(bad)), 400, "after")
			s.wantError(s.Get(list+"?before="+url.QueryEscape(bad)), 400, "before")
		}
		s.wantError(s.Get("/organizations?after="+empty), 400, "after") // the one list without a parent
		s.wantError(s.Get(list+"?after="+good+"&before="+good), 400, "exclude")
		// A cursor is good under every name of its organization.
		s.Want(s.Get(strings.Replace(list, "acme", s.organization, 1)+"?after="+good), 200)
	})
}
