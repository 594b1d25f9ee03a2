package dttest_test

import (
	"strings"
	"testing"
	"time"
)

func TestVisibility(t *testing.T) {
	s := start(t)
	s.set("visibility_delay_ms", "1500")
	r := s.post(s.project+"/serviceaccounts", nil)
	s.want(r, 200)
	account, email := "/v2/"+r.str("name"), r.str("email")
	hidden := func(paths ...string) {
		t.Helper()
		for _, path := range paths {
			s.wantError(s.get(path), 404, "not found")
		}
	}
	hidden(account, account+"/keys")
	s.want(s.post(account+"/keys", nil), 404)
	s.want(s.patch(account, `{}`), 404)
	s.want(s.del(account), 404)
	s.wantEqual(s.get(s.project+"/serviceaccounts").each("serviceAccounts", "displayName"), []any{"terraform"})
	s.wantError(s.post(s.other+"/members", invite(email, userRole)), 404, "no such service account")
	s.want(s.get(s.organization+"/members/9201"), 200) // seeds were always there
	s.wantEqual(len(s.fake.Objects()["service_accounts"]), 2)
	s.clock.Move(1499 * time.Millisecond)
	hidden(account)

	s.clock.Move(1500 * time.Millisecond)
	s.want(s.get(account), 200)
	made := s.post(account+"/keys", nil)
	s.want(made, 200)
	joined := s.post(s.other+"/members", invite(email, userRole))
	s.want(joined, 200)
	key, member := "/v2/"+made.str("key.name"), "/v2/"+joined.str("name")
	who := identity{made.str("key.id"), made.str("secret"), email}
	hidden(key, member)
	s.wantEqual(s.get(account+"/keys").at("keys"), []any{})
	s.wantEqual(s.get(s.other+"/members").at("members"), []any{})
	s.wantEqual(s.get("/v2/projects/-/members").at("members"), []any{})
	s.wantGrantError(s.exchange(s.assertion(who, nil)), "invalid_grant", "untrusted entity")
	s.want(s.patch(account, `{"enableBasicAuth":true}`), 200)
	s.want(s.do("GET", "/v2/roles", basic(who), nil), 401)
	s.wantError(s.post(s.other+"/members", invite(email, userRole)), 409, "already exists")

	s.clock.Move(2999 * time.Millisecond)
	hidden(key, member)
	s.clock.Move(3000 * time.Millisecond)
	s.want(s.get(key), 200)
	s.want(s.get(member), 200)
	s.want(s.do("GET", s.other, s.login(who), nil), 200)

	s.del(member)
	s.member(s.other, email, userRole)
	s.want(s.do("GET", s.other, basic(who), nil), 403) // a new role takes a moment, too
	s.set("visibility_delay_ms", "")
	s.want(s.do("GET", s.other, basic(who), nil), 200)
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
		before, _ := s.fake.Save()
		s.set("concurrent_changes", "2")
		s.want(s.get(account), 200)
		s.wantError(s.do(c.method, c.path, s.admin, c.body), 409, "concurrent change")
		s.wantError(s.do(c.method, c.path, s.admin, c.body), 409, "concurrent change")
		if after, _ := s.fake.Save(); string(after) != string(before) {
			t.Errorf("%s %s changed something", c.method, c.path)
		}
		s.want(s.do(c.method, c.path, s.admin, c.body), 200)
		s.wantEqual(s.fake.Options().Get("concurrent_changes"), "0")
	}
	s.set("concurrent_changes", "1")
	r := s.post("/v2/projects", map[string]any{"organization": strings.TrimPrefix(s.organization, "/v2/")})
	s.want(r, 200)
	s.wantError(s.del("/v2/"+r.str("name")), 409, "concurrent change")
	s.want(s.del("/v2/"+r.str("name")), 200)
}

func TestConflictWindow(t *testing.T) {
	s := start(t)
	account, _ := s.account("ci")
	other, _ := s.account("other")
	firstKey, _ := s.key(other)
	secondKey, _ := s.key(other)
	member := s.member(s.other, "new@example.com", userRole)
	s.member(s.other, "olga.operator@example.com", userRole)
	s.set("conflict_ms", "200")
	s.want(s.patch(account, `{"displayName":"a"}`), 200)
	s.wantError(s.patch(account, `{"displayName":"b"}`), 409, "concurrent change")
	s.wantEqual(s.get(account).at("displayName"), "a")
	s.wantError(s.del(account), 409, "concurrent change")
	s.want(s.patch(other, `{"displayName":"b"}`), 200)
	s.want(s.post(account+"/keys", nil), 200)
	s.wantError(s.post(account+"/keys", nil), 409, "concurrent change")
	s.want(s.post(other+"/keys", nil), 200)
	s.want(s.patch(member, `{"roles":["roles/project.admin"]}`), 200)
	s.wantError(s.del(member), 409, "concurrent change")
	for _, path := range []string{firstKey, secondKey, s.other + "/members/9201"} {
		s.want(s.del(path), 200) // each of them is a resource of its own
	}
	s.want(s.post(s.project+"/serviceaccounts", nil), 200)
	s.wantError(s.post(s.project+"/serviceaccounts", nil), 409, "concurrent change")
	s.want(s.post(s.other+"/serviceaccounts", nil), 200)
	s.want(s.patch(s.project, `{"displayName":"a"}`), 200)
	s.wantError(s.patch(s.project, `{"displayName":"b"}`), 409, "concurrent change")
	s.want(s.post(s.project+"/members", invite("a@example.com", userRole)), 200)
	s.wantError(s.post(s.project+"/members", invite("b@example.com", userRole)), 409, "concurrent change")

	// A refused change is none, so that waiting helps.
	s.clock.Move(199 * time.Millisecond)
	s.wantError(s.patch(account, `{"displayName":"b"}`), 409, "concurrent change")
	s.clock.Move(200 * time.Millisecond)
	s.want(s.patch(account, `{"displayName":"b"}`), 200)
	s.want(s.post(account+"/keys", nil), 200)
	s.clock.Move(0)
	s.want(s.patch(account, `{"displayName":"c"}`), 200) // the clock was set back
	s.wantError(s.patch(account, `{"displayName":"d"}`), 409, "concurrent change")
	s.set("conflict_ms", "")
	s.want(s.patch(account, `{"displayName":"d"}`), 200)
}

func TestRateLimit(t *testing.T) {
	s := start(t)
	for range 30 {
		s.want(s.get(s.project), 200)
	}
	s.set("rate_limit", "true")
	for range 10 {
		s.want(s.get(s.project), 200)
	}
	s.clock.Move(1500 * time.Millisecond)
	for range 10 {
		s.want(s.do("GET", s.project, "", nil), 401)
	}
	for range 5 {
		s.want(s.get("/v2/zork"), 404)
	}
	for range 3 { // what is refused does not count
		r := s.get(s.project)
		s.wantError(r, 429, "rate limit")
		s.wantEqual(r.header.Get("Retry-After"), "4")
	}
	s.want(s.do("GET", "/v2/roles", "", nil), 429)
	s.login(s.seed) // on another host
	s.clock.Move(4999 * time.Millisecond)
	r := s.get(s.project)
	s.wantError(r, 429, "rate limit")
	s.wantEqual(r.header.Get("Retry-After"), "1")
	s.clock.Move(5 * time.Second)
	for range 10 {
		s.want(s.get(s.project), 200)
	}
	r = s.get(s.project)
	s.wantError(r, 429, "rate limit")
	s.wantEqual(r.header.Get("Retry-After"), "2")
	s.clock.Move(0)
	s.want(s.get(s.project), 200) // the clock was set back
	s.clock.Move(5 * time.Second)
	s.set("rate_limit", "false")
	for range 30 {
		s.want(s.get(s.project), 200)
	}
	s.set("rate_limit", "true")
	s.want(s.get(s.project), 200)
}
