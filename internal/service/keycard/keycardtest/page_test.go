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
	s.t.Helper()
	more, from := "has_next_page", "end_cursor"
	if way == "before" {
		more, from = "has_prev_page", "start_cursor"
	}
	var pages [][]any
	query := url.Values{"limit": {fmt.Sprint(limit)}}
	for range 20 {
		r := s.get(list + "?" + query.Encode())
		s.want(r, 200)
		pages = append(pages, r.each("name"))
		if r.at("page_info."+more) == false {
			return pages
		}
		query.Set(way, r.str("page_info."+from))
	}
	s.t.Fatal("the pages do not end")
	return nil
}

// fill makes objects at different times; the list's other objects are older.
func (s *server) fill(list string, count int) []string {
	s.t.Helper()
	var paths []string
	for i := range count {
		s.clock.Move(time.Duration(i+1) * time.Millisecond)
		paths = append(paths, s.make(list, fmt.Sprintf(`{"name":"%d"}`, i)))
	}
	return paths
}

func TestPagesForward(t *testing.T) {
	both(t, func(s *server, list string) {
		s.fill(list, 7)
		whole := s.get(list)
		s.wantEqual(whole.at("page_info.has_next_page"), false)
		s.wantEqual(whole.at("page_info.has_prev_page"), false)
		s.wantEqual(slices.Sorted(keys(whole.at("page_info"))), []string{"end_cursor", "has_next_page", "has_prev_page", "start_cursor"})
		s.wantEqual(slices.Sorted(keys(whole.value)), []string{"items", "page_info"})
		names := whole.each("name")
		for _, order := range []string{"oldest", "newest"} {
			s.set("order", order)
			if order == "newest" {
				slices.Reverse(names)
			}
			for _, limit := range []int{1, 3, len(names) - 1, len(names), 100} {
				pages := s.walk(list, limit, "after")
				s.wantEqual(slices.Concat(pages...), names)
				s.wantEqual(len(pages), (len(names)+limit-1)/limit)
			}
		}
	})
}

func TestPagesBackward(t *testing.T) {
	both(t, func(s *server, list string) {
		s.fill(list, 7)
		names := s.get(list).each("name")
		end := s.get(list).str("page_info.end_cursor")
		r := s.get(list + "?limit=3&before=" + end)
		n := len(names)
		s.wantEqual(r.each("name"), names[n-4:n-1])
		s.wantEqual([]any{r.at("page_info.has_prev_page"), r.at("page_info.has_next_page")}, []any{true, true})
		r = s.get(list + "?limit=100&before=" + end)
		s.wantEqual(r.each("name"), names[:n-1])
		s.wantEqual([]any{r.at("page_info.has_prev_page"), r.at("page_info.has_next_page")}, []any{false, true})
		// From the first page on there is nothing to walk.
		s.wantEqual(s.walk(list, 3, "before"), [][]any{names[:3]})
		// After and before meet at the same items.
		middle := s.get(list + "?limit=2&after=" + s.get(list+"?limit=2").str("page_info.end_cursor"))
		s.wantEqual(middle.at("page_info.has_prev_page"), true)
		back := s.get(list + "?limit=2&before=" + middle.str("page_info.start_cursor"))
		s.wantEqual(back.each("name"), names[:2])
	})
}

func TestEmptyPages(t *testing.T) {
	s := start(t)
	list := s.account("ci") + "/credentials"
	none := map[string]any{"has_next_page": false, "has_prev_page": false}
	r := s.get(list)
	s.wantEqual(r.value, map[string]any{"items": []any{}, "page_info": none})
	s.set("empty_cursors", "null")
	none["start_cursor"], none["end_cursor"] = nil, nil
	s.wantEqual(s.get(list).at("page_info"), any(none))

	s.credential(s.account("other"), "x")
	r = s.get(accounts)
	if r.str("page_info.end_cursor") == "" {
		t.Error("a page with items has no cursors")
	}
	s.wantEqual(s.get(accounts+"?after="+r.str("page_info.end_cursor")).at("page_info"), any(map[string]any{
		"has_next_page": false, "has_prev_page": true, "start_cursor": nil, "end_cursor": nil,
	}))
	s.wantEqual(s.get(accounts+"?before="+r.str("page_info.start_cursor")).at("page_info"), any(map[string]any{
		"has_next_page": true, "has_prev_page": false, "start_cursor": nil, "end_cursor": nil,
	}))
}

func TestCursorsOutliveTheirRows(t *testing.T) {
	both(t, func(s *server, list string) {
		paths := s.fill(list, 5)
		first := s.get(list + "?limit=100")
		cursor := s.get(list + "?limit=1&before=" + first.str("page_info.end_cursor")).str("page_info.end_cursor") // of "3"
		s.wantEqual(s.get(list+"?limit=1&before="+first.str("page_info.end_cursor")).str("page_info.end_cursor"), cursor)
		s.want(s.del(paths[3]), 204)
		s.wantEqual(s.get(list+"?after="+cursor).each("name"), []any{"4"})
		s.wantEqual(s.get(list+"?limit=1&before="+cursor).each("name"), []any{"2"})
	})
}

func TestLimits(t *testing.T) {
	s := start(t)
	s.fill(accounts, 101)
	s.wantEqual(len(s.get(accounts).each("id")), 100)
	s.wantEqual(len(s.get(accounts+"?limit=100").each("id")), 100)
	s.wantEqual(len(s.get(accounts+"?limit=1").each("id")), 1)
	for _, limit := range []string{"0", "-1", "101", "x", "", "1.5"} {
		s.wantError(s.get(accounts+"?limit="+limit), 400, "limit")
	}
	s.set("default_limit", "2")
	r := s.get(accounts)
	s.wantEqual(len(r.each("id")), 2)
	s.wantEqual(r.at("page_info.has_next_page"), true)
	s.wantEqual(len(s.get(accounts+"?limit=3").each("id")), 3)
	s.wantError(s.get("/organizations?limit=101"), 400, "limit")
}

func TestBadCursors(t *testing.T) {
	both(t, func(s *server, list string) {
		s.fill(list, 2)
		s.fill(s.account("other")+"/credentials", 1)
		good := s.get(list).str("page_info.end_cursor")
		if len(good) > 255 || strings.ContainsAny(good, "+/=") {
			t.Errorf("got the cursor %s", good)
		}
		elsewhere := s.get("/organizations").str("page_info.end_cursor")
		empty := base64.RawURLEncoding.EncodeToString([]byte(`{}`))
		for _, bad := range []string{"", "zork", "%", good[:len(good)-4], elsewhere, empty, strings.Repeat("A", 256)} {
			s.wantError(s.get(list+"?after="+url.QueryEscape(bad)), 400, "after")
			s.wantError(s.get(list+"?before="+url.QueryEscape(bad)), 400, "before")
		}
		s.wantError(s.get("/organizations?after="+empty), 400, "after") // the one list without a parent
		s.wantError(s.get(list+"?after="+good+"&before="+good), 400, "exclude")
		// A cursor is good under every name of its organization.
		s.want(s.get(strings.Replace(list, "acme", s.organization, 1)+"?after="+good), 200)
	})
}
