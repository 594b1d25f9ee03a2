package dttest_test

import (
	"strings"
	"testing"
	"time"
)

func TestVisibility(t *testing.T) {
	s := start(t)
	s.Set("visibility_delay_ms", "1500")
	r := s.Post(s.project+"/serviceaccounts", nil)
	s.Want(r, 200)
	account, email := "/v2/"+r.Str("name"), r.Str("email")
	hidden := func(paths ...string) {
		t.Helper()
		for _, path := range paths {
			s.wantError(s.Get(path), 404, "not found")
		}
	}
	hidden(account, account+"/keys")
	s.Want(s.Post(account+"/keys", nil), 404)
	s.Want(s.Patch(account, `{}`), 404)
	s.Want(s.Del(account), 404)
	s.WantEqual(s.Get(s.project+"/serviceaccounts").Each("serviceAccounts", "displayName"), []any{"terraform"})
	s.wantError(s.Post(s.other+"/members", invite(email, userRole)), 404, "no such service account")
	s.Want(s.Get(s.organization+"/members/9201"), 200) // seeds were always there
	s.WantEqual(len(s.Objects()["service_accounts"]), 2)
	s.Clock.Move(1499 * time.Millisecond)
	hidden(account)

	s.Clock.Move(1500 * time.Millisecond)
	s.Want(s.Get(account), 200)
	made := s.Post(account+"/keys", nil)
	s.Want(made, 200)
	joined := s.Post(s.other+"/members", invite(email, userRole))
	s.Want(joined, 200)
	key, member := "/v2/"+made.Str("key.name"), "/v2/"+joined.Str("name")
	who := identity{made.Str("key.id"), made.Str("secret"), email}
	hidden(key, member)
	s.WantEqual(s.Get(account+"/keys").At("keys"), []any{})
	s.WantEqual(s.Get(s.other+"/members").At("members"), []any{})
	s.WantEqual(s.Get("/v2/projects/-/members").At("members"), []any{})
	s.wantGrantError(s.exchange(s.assertion(who, nil)), "invalid_grant", "untrusted entity")
	s.Want(s.Patch(account, `{"enableBasicAuth":true}`), 200)
	s.Want(s.Do("GET", "/v2/roles", basic(who), nil), 401)
	s.wantError(s.Post(s.other+"/members", invite(email, userRole)), 409, "already exists")

	s.Clock.Move(2999 * time.Millisecond)
	hidden(key, member)
	s.Clock.Move(3000 * time.Millisecond)
	s.Want(s.Get(key), 200)
	s.Want(s.Get(member), 200)
	s.Want(s.Do("GET", s.other, s.login(who), nil), 200)

	s.Del(member)
	s.member(s.other, email, userRole)
	s.Want(s.Do("GET", s.other, basic(who), nil), 403) // a new role takes a moment, too
	s.Set("visibility_delay_ms", "")
	s.Want(s.Do("GET", s.other, basic(who), nil), 200)
}

func TestConcurrentChanges(t *testing.T) {
	s := start(t)
	account, email := s.account("ci")
	key, _ := s.key(account)
	member := s.member(s.other, email, userRole)
	names := []string{strings.TrimPrefix(member, "/v2/")}
	entry := invite("b@example.com", userRole)
	entry["project"] = strings.TrimPrefix(s.other, "/v2/")
	for _, c := range []struct {
		method, path string
		body         any
	}{
		{"PATCH", account, `{"displayName":"x"}`},
		{"PATCH", member, `{"roles":["roles/project.admin"]}`},
		{"PATCH", s.project, `{"displayName":"x"}`},
		{"POST", account + "/keys", nil},
		{"POST", s.project + "/serviceaccounts", nil},
		{"POST", s.other + "/members", invite("a@example.com", userRole)},
		{"POST", "/v2/projects/-/members:batchCreate", map[string]any{"members": []any{entry}}},
		{"POST", "/v2/projects/-/members:batchDelete", map[string]any{"names": names}},
		{"DELETE", s.other + "/members/9203", nil},
		{"DELETE", key, nil},
		{"DELETE", account, nil},
	} {
		before, _ := s.Save()
		s.Set("concurrent_changes", "2")
		s.Want(s.Get(account), 200)
		s.wantError(s.Do(c.method, c.path, s.Admin, c.body), 409, "concurrent change")
		s.wantError(s.Do(c.method, c.path, s.Admin, c.body), 409, "concurrent change")
		if after, _ := s.Save(); string(after) != string(before) {
			t.Errorf("%s %s changed something", c.method, c.path)
		}
		s.Want(s.Do(c.method, c.path, s.Admin, c.body), 200)
		s.WantEqual(s.Options().Get("concurrent_changes"), "0")
	}
	s.Set("concurrent_changes", "1")
	r := s.Post("/v2/projects", map[string]any{"organization": strings.TrimPrefix(s.organization, "/v2/")})
	s.Want(r, 200)
	s.wantError(s.Del("/v2/"+r.Str("name")), 409, "concurrent change")
	s.Want(s.Del("/v2/"+r.Str("name")), 200)
}

func TestConflictWindow(t *testing.T) {
	s := start(t)
	account, _ := s.account("ci")
	other, _ := s.account("other")
	firstKey, _ := s.key(other)
	secondKey, _ := s.key(other)
	member := s.member(s.other, "new@example.com", userRole)
	s.member(s.other, "olga.operator@example.com", userRole)
	s.Set("conflict_ms", "200")
	s.Want(s.Patch(account, `{"displayName":"a"}`), 200)
	s.wantError(s.Patch(account, `{"displayName":"b"}`), 409, "concurrent change")
	s.WantEqual(s.Get(account).At("displayName"), "a")
	s.wantError(s.Del(account), 409, "concurrent change")
	s.Want(s.Patch(other, `{"displayName":"b"}`), 200)
	s.Want(s.Post(account+"/keys", nil), 200)
	s.wantError(s.Post(account+"/keys", nil), 409, "concurrent change")
	s.Want(s.Post(other+"/keys", nil), 200)
	s.Want(s.Patch(member, `{"roles":["roles/project.admin"]}`), 200)
	s.wantError(s.Del(member), 409, "concurrent change")
	for _, path := range []string{firstKey, secondKey, s.other + "/members/9201"} {
		s.Want(s.Del(path), 200) // each of them is a resource of its own
	}
	s.Want(s.Post(s.project+"/serviceaccounts", nil), 200)
	s.wantError(s.Post(s.project+"/serviceaccounts", nil), 409, "concurrent change")
	s.Want(s.Post(s.other+"/serviceaccounts", nil), 200)
	s.Want(s.Patch(s.project, `{"displayName":"a"}`), 200)
	s.wantError(s.Patch(s.project, `{"displayName":"b"}`), 409, "concurrent change")
	s.Want(s.Post(s.project+"/members", invite("a@example.com", userRole)), 200)
	s.wantError(s.Post(s.project+"/members", invite("b@example.com", userRole)), 409, "concurrent change")

	// A refused change is none, so that waiting helps.
	s.Clock.Move(199 * time.Millisecond)
	s.wantError(s.Patch(account, `{"displayName":"b"}`), 409, "concurrent change")
	s.Clock.Move(200 * time.Millisecond)
	s.Want(s.Patch(account, `{"displayName":"b"}`), 200)
	s.Want(s.Post(account+"/keys", nil), 200)
	s.Clock.Move(0)
	s.Want(s.Patch(account, `{"displayName":"c"}`), 200) // the clock was set back
	s.wantError(s.Patch(account, `{"displayName":"d"}`), 409, "concurrent change")
	s.Set("conflict_ms", "")
	s.Want(s.Patch(account, `{"displayName":"d"}`), 200)
}

func TestRateLimit(t *testing.T) {
	s := start(t)
	for range 30 {
		s.Want(s.Get(s.project), 200)
	}
	s.Set("rate_limit", "true")
	for range 10 {
		s.Want(s.Get(s.project), 200)
	}
	s.Clock.Move(1500 * time.Millisecond)
	for range 10 {
		s.Want(s.Do("GET", s.project, "", nil), 401)
	}
	for range 5 {
		s.Want(s.Get("/v2/zork"), 404)
	}
	for range 3 { // what is refused does not count
		r := s.Get(s.project)
		s.wantError(r, 429, "rate limit")
		s.WantEqual(r.Header.Get("Retry-After"), "4")
	}
	s.Want(s.Do("GET", "/v2/roles", "", nil), 429)
	s.login(s.seed) // on another host
	s.Clock.Move(4999 * time.Millisecond)
	r := s.Get(s.project)
	s.wantError(r, 429, "rate limit")
	s.WantEqual(r.Header.Get("Retry-After"), "1")
	s.Clock.Move(5 * time.Second)
	for range 10 {
		s.Want(s.Get(s.project), 200)
	}
	r = s.Get(s.project)
	s.wantError(r, 429, "rate limit")
	s.WantEqual(r.Header.Get("Retry-After"), "2")
	s.Clock.Move(0)
	s.Want(s.Get(s.project), 200) // the clock was set back
	s.Clock.Move(5 * time.Second)
	s.Set("rate_limit", "false")
	for range 30 {
		s.Want(s.Get(s.project), 200)
	}
	s.Set("rate_limit", "true")
	s.Want(s.Get(s.project), 200)
}
