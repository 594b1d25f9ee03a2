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
		s.Clock.Move(time.Duration(i+1) * time.Millisecond)
		s.account(fmt.Sprint(i))
	}
	list := s.project + "/serviceaccounts"
	for _, size := range []string{"", "?pageSize=100", "?page_size=100", "?pageSize=101", "?pageSize=0", "?pageSize="} {
		r := s.Get(list + size)
		s.WantEqual(len(r.Each("serviceAccounts", "name")), 100)
		if r.Str("nextPageToken") == "" {
			t.Errorf("%q: there is no next page", size)
		}
	}
	for _, spelling := range [][2]string{{"pageSize", "pageToken"}, {"page_size", "page_token"}} {
		var seen []any
		var pages int
		for token := ""; pages == 0 || (token != "" && pages < 10); pages++ {
			r := s.Get(list + "?" + url.Values{spelling[0]: {"20"}, spelling[1]: {token}}.Encode())
			s.Want(r, 200)
			seen = append(seen, r.Each("serviceAccounts", "displayName")...)
			token = r.Str("nextPageToken")
		}
		want := []any{"terraform"}
		for i := range 104 {
			want = append(want, fmt.Sprint(i))
		}
		s.WantEqual(seen, want)
		s.WantEqual(pages, 6)
	}

	token := s.Get(list + "?pageSize=105").Str("nextPageToken")
	s.WantEqual(len(s.Get(list+"?pageToken="+token).Each("serviceAccounts", "name")), 5)
	for _, query := range []string{"?pageSize=-1", "?page_size=-1", "?pageSize=x", "?pageToken=zork", "?page_token=e30"} {
		s.wantError(s.Get(list+query), 400, "page")
	}
	s.wantError(s.Get(s.other+"/serviceaccounts?pageToken="+token), 400, "page token")
	// An object that goes in between takes no other with it.
	first := s.Get(list + "?pageSize=2")
	s.Want(s.Del("/v2/"+first.Each("serviceAccounts", "name")[1].(string)), 200)
	s.WantEqual(s.Get(list+"?pageSize=2&pageToken="+first.Str("nextPageToken")).Each("serviceAccounts", "displayName"), []any{"1", "2"})
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
		whole := s.Get(path).Each(name, "name")
		first := s.Get(path + "?pageSize=1")
		second := s.Get(path + "?pageSize=99&pageToken=" + first.Str("nextPageToken"))
		s.WantEqual(second.At("nextPageToken"), "")
		if got := slices.Concat(first.Each(name, "name"), second.Each(name, "name")); len(whole) < 2 || !slices.Equal(got, whole) {
			t.Errorf("%s: got %v in two pages, want %v", path, got, whole)
		}
	}
}
