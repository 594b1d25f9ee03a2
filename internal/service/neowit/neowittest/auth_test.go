package neowittest_test

import (
	"strings"
	"testing"
	"time"
)

func TestCredentials(t *testing.T) {
	s := start(t)
	token := strings.TrimPrefix(s.admin, "Bearer ")
	for _, header := range []string{
		"", token, "Bearer", "Bearer ", "Bearer zork", "Zork " + token, another(t).admin, "Basic zork",
		identity{"", "zork", "zork"}.basic(), identity{"", s.seed.key, "zork"}.basic(),
		identity{"", s.seed.secret, s.seed.key}.basic(), identity{"", s.seed.account, s.seed.secret}.basic(),
	} {
		s.wantError(s.do("GET", accounts, header, nil), 401, "unauthorized")
	}
	path := s.account("ci")
	for _, c := range []struct{ method, path string }{
		{"GET", accounts},
		{"POST", accounts},
		{"GET", path},
		{"PATCH", path},
		{"PUT", path},
		{"DELETE", path},
		{"POST", path + "/key"},
		{"DELETE", path + "/key/" + s.seed.key},
	} {
		s.wantError(s.do(c.method, c.path, "", `{}`), 401, "unauthorized")
	}
	s.want(s.get(path), 200)
	s.want(s.do("GET", path, "bearer "+token, nil), 200)
}

func TestBasicAuth(t *testing.T) {
	s := start(t)
	path := s.account("ci")
	keyPath, who := s.key(path)
	s.wantError(s.do("GET", accounts, who.basic(), nil), 401, "basic auth not enabled")
	s.want(s.patch(path, `{"enableBasicAuth":true}`), 200)
	s.want(s.do("GET", accounts, who.basic(), nil), 200) // for keys that are there already
	s.want(s.do("PATCH", path, who.basic(), `{"enableBasicAuth":false}`), 200)
	s.wantError(s.do("GET", accounts, who.basic(), nil), 401, "basic auth not enabled")
	s.want(s.patch(path, `{"enableBasicAuth":true}`), 200)
	s.want(s.del(keyPath), 204)
	s.wantError(s.do("GET", accounts, who.basic(), nil), 401, "unauthorized")
}

func TestTokensEnd(t *testing.T) {
	s := start(t)
	path := s.account("ci")
	first, who := s.key(path)
	token := s.login(who)
	_, who = s.key(path)
	second := s.login(who)

	s.want(s.del(first), 204)
	s.wantError(s.do("GET", accounts, token, nil), 401, "unauthorized")
	s.clock.Move(time.Hour - time.Second)
	s.want(s.do("GET", accounts, second, nil), 200)
	s.clock.Move(time.Hour)
	s.wantError(s.do("GET", accounts, second, nil), 401, "unauthorized")
	s.login(who)
	s.clock.Move(0)
	s.wantError(s.do("GET", accounts, second, nil), 401, "unauthorized") // forgotten by now
}

func TestNothingStopsALockout(t *testing.T) {
	s := start(t)
	s.want(s.del(accounts+"/"+s.seed.account), 204)
	s.want(s.get(accounts), 401)
	s.wantGrant(s.exchange(s.assertion(s.seed, nil)), 401, "no service account with this id")
}

func TestOrganizations(t *testing.T) {
	s := start(t)
	below := "?orgId=" + s.child
	r := s.post(accounts+below, `{"name":"ci"}`)
	s.want(r, 201)
	s.wantEqual(len(r.value.(map[string]any)), 5) // nothing tells the organization
	path := accounts + "/" + r.str("id")
	key, who := s.key(path + below)
	own := s.account("own")

	// Without orgId, and with the other one, it does not exist.
	for _, query := range []string{"", "?orgId=", "?orgId=" + s.own} {
		s.wantError(s.get(path+query), 404, "not found")
		s.wantError(s.patch(path+query, `{}`), 404, "not found")
		s.wantError(s.put(path+query, `{"name":"x"}`), 404, "not found")
		s.wantError(s.post(path+"/key"+query, `{}`), 404, "not found")
		s.wantError(s.del(key+query), 404, "not found")
		s.wantError(s.del(path+query), 404, "not found")
		s.wantEqual(s.get(accounts+query).names(), []any{"terraform", "own"})
		s.want(s.get(own+query), 200)
	}
	s.wantError(s.get(own+below), 404, "not found")
	s.wantEqual(s.get(accounts+below).names(), []any{"ci"})
	s.wantEqual(s.get(path+below).at("name"), "ci")

	// In a foreign organization, and in none at all, nothing is allowed.
	for _, id := range []string{s.foreign, "zork", swapCase(s.own), "..", "%00"} {
		query := "?orgId=" + id
		s.wantError(s.get(accounts+query), 403, "forbidden")
		s.wantError(s.post(accounts+query, `{"name":"x"}`), 403, "forbidden")
		s.wantError(s.get(own+query), 403, "forbidden")
		s.wantError(s.patch(own+query, `{}`), 403, "forbidden")
		s.wantError(s.put(own+query, `{"name":"own"}`), 403, "forbidden")
		s.wantError(s.del(own+query), 403, "forbidden")
		s.wantError(s.post(own+"/key"+query, `{}`), 403, "forbidden")
		s.wantError(s.del(accounts+"/"+s.seed.account+"/key/"+s.seed.key+query), 403, "forbidden")
	}

	// A child does not reach its parent.
	token := s.login(who)
	s.wantEqual(s.do("GET", accounts, token, nil).names(), []any{"ci"})
	s.wantEqual(s.do("GET", accounts+below, token, nil).names(), []any{"ci"})
	s.wantError(s.do("GET", accounts+"?orgId="+s.own, token, nil), 403, "forbidden")
	s.wantError(s.do("GET", own, token, nil), 404, "not found")

	s.wantNothing(s.del(key+below), 204)
	s.wantNothing(s.del(path+below), 204)
}

func TestMembersMayDoNothing(t *testing.T) {
	s := start(t)
	path := s.account("ci")
	key, _ := s.key(path)
	s.set("caller_role", "member")
	for _, c := range []struct{ method, path, body string }{
		{"GET", accounts, ""},
		{"POST", accounts, `{"name":"x"}`},
		{"GET", path, ""},
		{"GET", accounts + "/a.b", ""},
		{"PATCH", path, `{}`},
		{"PUT", path, `{"name":"x"}`},
		{"POST", path + "/key", `{}`},
		{"DELETE", key, ""},
		{"DELETE", path, ""},
	} {
		s.wantError(s.do(c.method, c.path, s.admin, c.body), 403, "forbidden")
	}
	s.wantError(s.do("GET", accounts, "", nil), 401, "unauthorized")
	s.login(s.seed) // members log in like others
	s.set("caller_role", "admin")
	s.want(s.get(path), 200)
}
