package neowittest_test

import (
	"strings"
	"testing"
	"time"
)

func TestCredentials(t *testing.T) {
	s := start(t)
	token := strings.TrimPrefix(s.Admin, "Bearer ")
	for _, header := range []string{
		"", token, "Bearer", "Bearer ", "Bearer zork", "Zork " + token, another(t).Admin, "Basic zork",
		identity{"", "zork", "zork"}.basic(), identity{"", s.seed.key, "zork"}.basic(),
		identity{"", s.seed.secret, s.seed.key}.basic(), identity{"", s.seed.account, s.seed.secret}.basic(),
	} {
		s.wantError(s.Do("GET", accounts, header, nil), 401, "unauthorized")
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
		s.wantError(s.Do(c.method, c.path, "", `{}`), 401, "unauthorized")
	}
	s.Want(s.Get(path), 200)
	s.Want(s.Do("GET", path, "bearer "+token, nil), 200)
}

func TestBasicAuth(t *testing.T) {
	s := start(t)
	path := s.account("ci")
	keyPath, who := s.key(path)
	s.wantError(s.Do("GET", accounts, who.basic(), nil), 401, "basic auth not enabled")
	s.Want(s.Patch(path, `{"enableBasicAuth":true}`), 200)
	s.Want(s.Do("GET", accounts, who.basic(), nil), 200) // for keys that are there already
	s.Want(s.Do("PATCH", path, who.basic(), `{"enableBasicAuth":false}`), 200)
	s.wantError(s.Do("GET", accounts, who.basic(), nil), 401, "basic auth not enabled")
	s.Want(s.Patch(path, `{"enableBasicAuth":true}`), 200)
	s.Want(s.Del(keyPath), 204)
	s.wantError(s.Do("GET", accounts, who.basic(), nil), 401, "unauthorized")
}

func TestTokensEnd(t *testing.T) {
	s := start(t)
	path := s.account("ci")
	first, who := s.key(path)
	token := s.login(who)
	_, who = s.key(path)
	second := s.login(who)

	s.Want(s.Del(first), 204)
	s.wantError(s.Do("GET", accounts, token, nil), 401, "unauthorized")
	s.Clock.Move(time.Hour - time.Second)
	s.Want(s.Do("GET", accounts, second, nil), 200)
	s.Clock.Move(time.Hour)
	s.wantError(s.Do("GET", accounts, second, nil), 401, "unauthorized")
	s.login(who)
	s.Clock.Move(0)
	s.wantError(s.Do("GET", accounts, second, nil), 401, "unauthorized") // forgotten by now
}

func TestNothingStopsALockout(t *testing.T) {
	s := start(t)
	s.Want(s.Del(accounts+"/"+s.seed.account), 204)
	s.Want(s.Get(accounts), 401)
	s.wantGrant(s.exchange(s.assertion(s.seed, nil)), 401, "no service account with this id")
}

func TestOrganizations(t *testing.T) {
	s := start(t)
	below := "?orgId=" + s.child
	r := s.Post(accounts+below, `{"name":"ci"}`)
	s.Want(r, 201)
	s.WantEqual(len(r.Value.(map[string]any)), 5) // nothing tells the organization
	path := accounts + "/" + r.Str("id")
	key, who := s.key(path + below)
	own := s.account("own")

	// Without orgId, and with the other one, it does not exist.
	for _, query := range []string{"", "?orgId=", "?orgId=" + s.own} {
		s.wantError(s.Get(path+query), 404, "not found")
		s.wantError(s.Patch(path+query, `{}`), 404, "not found")
		s.wantError(s.put(path+query, `{"name":"x"}`), 404, "not found")
		s.wantError(s.Post(path+"/key"+query, `{}`), 404, "not found")
		s.wantError(s.Del(key+query), 404, "not found")
		s.wantError(s.Del(path+query), 404, "not found")
		s.WantEqual(names(s.Get(accounts+query)), []any{"terraform", "own"})
		s.Want(s.Get(own+query), 200)
	}
	s.wantError(s.Get(own+below), 404, "not found")
	s.WantEqual(names(s.Get(accounts+below)), []any{"ci"})
	s.WantEqual(s.Get(path+below).At("name"), "ci")

	// In a foreign organization, and in none at all, nothing is allowed.
	for _, id := range []string{s.foreign, "zork", swapCase(s.own), "..", "%00"} {
		query := "?orgId=" + id
		s.wantError(s.Get(accounts+query), 403, "forbidden")
		s.wantError(s.Post(accounts+query, `{"name":"x"}`), 403, "forbidden")
		s.wantError(s.Get(own+query), 403, "forbidden")
		s.wantError(s.Patch(own+query, `{}`), 403, "forbidden")
		s.wantError(s.put(own+query, `{"name":"own"}`), 403, "forbidden")
		s.wantError(s.Del(own+query), 403, "forbidden")
		s.wantError(s.Post(own+"/key"+query, `{}`), 403, "forbidden")
		s.wantError(s.Del(accounts+"/"+s.seed.account+"/key/"+s.seed.key+query), 403, "forbidden")
	}

	// A child does not reach its parent.
	token := s.login(who)
	s.WantEqual(names(s.Do("GET", accounts, token, nil)), []any{"ci"})
	s.WantEqual(names(s.Do("GET", accounts+below, token, nil)), []any{"ci"})
	s.wantError(s.Do("GET", accounts+"?orgId="+s.own, token, nil), 403, "forbidden")
	s.wantError(s.Do("GET", own, token, nil), 404, "not found")

	s.WantNothing(s.Del(key+below), 204)
	s.WantNothing(s.Del(path+below), 204)
}

func TestMembersMayDoNothing(t *testing.T) {
	s := start(t)
	path := s.account("ci")
	key, _ := s.key(path)
	s.Set("caller_role", "member")
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
		s.wantError(s.Do(c.method, c.path, s.Admin, c.body), 403, "forbidden")
	}
	s.wantError(s.Do("GET", accounts, "", nil), 401, "unauthorized")
	s.login(s.seed) // members log in like others
	s.Set("caller_role", "admin")
	s.Want(s.Get(path), 200)
}
