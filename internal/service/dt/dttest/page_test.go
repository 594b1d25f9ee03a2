package dttest_test

import (
	"fmt"
	"net/url"
	"slices"
	"testing"
	"time"
)

func TestPages(t *testing.T) {
	s := start(t)
	for i := range 104 {
		s.clock.Move(time.Duration(i+1) * time.Millisecond)
		s.account(fmt.Sprint(i))
	}
	list := s.project + "/serviceaccounts"
	for _, size := range []string{"", "?pageSize=100", "?page_size=100", "?pageSize=101", "?pageSize=0", "?pageSize="} {
		r := s.get(list + size)
		s.wantEqual(len(r.each("serviceAccounts", "name")), 100)
		if r.str("nextPageToken") == "" {
			t.Errorf("%q: there is no next page", size)
		}
	}
	for _, spelling := range [][2]string{{"pageSize", "pageToken"}, {"page_size", "page_token"}} {
		var seen []any
		var pages int
		for token := ""; pages == 0 || (token != "" && pages < 10); pages++ {
			r := s.get(list + "?" + url.Values{spelling[0]: {"20"}, spelling[1]: {token}}.Encode())
			s.want(r, 200)
			seen = append(seen, r.each("serviceAccounts", "displayName")...)
			token = r.str("nextPageToken")
		}
		want := []any{"terraform"}
		for i := range 104 {
			want = append(want, fmt.Sprint(i))
		}
		s.wantEqual(seen, want)
		s.wantEqual(pages, 6)
	}

	token := s.get(list + "?pageSize=105").str("nextPageToken")
	s.wantEqual(len(s.get(list+"?pageToken="+token).each("serviceAccounts", "name")), 5)
	for _, query := range []string{"?pageSize=-1", "?page_size=-1", "?pageSize=x", "?pageToken=zork", "?page_token=e30"} {
		s.wantError(s.get(list+query), 400, "page")
	}
	s.wantError(s.get(s.other+"/serviceaccounts?pageToken="+token), 400, "page token")
	// An object that goes in between takes no other with it.
	first := s.get(list + "?pageSize=2")
	s.want(s.del("/v2/"+first.each("serviceAccounts", "name")[1].(string)), 200)
	s.wantEqual(s.get(list+"?pageSize=2&pageToken="+first.str("nextPageToken")).each("serviceAccounts", "displayName"), []any{"1", "2"})
}

func TestEveryListHasPages(t *testing.T) {
	s := start(t)
	account, _ := s.account("ci")
	for range 3 {
		s.key(account)
	}
	for i := range 3 {
		s.member(s.project, fmt.Sprintf("p%d@example.com", i), userRole)
		s.member(s.organization, fmt.Sprintf("o%d@example.com", i), orgRole)
	}
	for path, name := range map[string]string{
		"/v2/projects":                 "projects",
		s.project + "/serviceaccounts": "serviceAccounts",
		account + "/keys":              "keys",
		s.project + "/members":         "members",
		s.organization + "/members":    "members",
		"/v2/projects/-/members":       "members",
	} {
		whole := s.get(path).each(name, "name")
		first := s.get(path + "?pageSize=1")
		second := s.get(path + "?pageSize=99&pageToken=" + first.str("nextPageToken"))
		s.wantEqual(second.at("nextPageToken"), "")
		if got := slices.Concat(first.each(name, "name"), second.each(name, "name")); len(whole) < 2 || !slices.Equal(got, whole) {
			t.Errorf("%s: got %v in two pages, want %v", path, got, whole)
		}
	}
}
