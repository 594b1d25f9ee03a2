package dttest_test

import (
	"encoding/base64"
	"strings"
	"testing"
)

func basic(who identity) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(who.key+":"+who.secret))
}

func TestCredentials(t *testing.T) {
	s := start(t)
	for _, header := range []string{
		"", "Bearer", "Bearer ", "Bearer zork", "Zork " + strings.TrimPrefix(s.Admin, "Bearer "),
		another(t).Admin, basic(identity{"zork", "zork", ""}), basic(identity{s.seed.key, "zork", ""}),
		basic(identity{s.seed.secret, s.seed.key, ""}), "Basic zork",
	} {
		s.wantError(s.Do("GET", s.project, header, nil), 401, "unauthenticated")
	}
	s.Want(s.Do("GET", "/v2/roles", "", nil), 401)
}

func TestBasicAuth(t *testing.T) {
	s := start(t)
	path, email := s.account("ci")
	keyPath, who := s.key(path)
	s.member(s.other, email, "roles/project.user")

	s.wantError(s.Do("GET", s.other, basic(who), nil), 401, "not enabled")
	for _, status := range []string{"403", "400"} {
		s.Set("basic_auth_off_status", status)
		r := s.Do("GET", s.other, basic(who), nil)
		s.WantEqual(r.At("code"), map[string]any{"403": 403.0, "400": 400.0}[status])
	}
	s.Want(s.Patch(path, map[string]any{"enableBasicAuth": true}), 200)
	s.Want(s.Do("GET", s.other, basic(who), nil), 200) // for keys that are there already
	s.Want(s.Del(keyPath), 200)
	s.Want(s.Do("GET", s.other, basic(who), nil), 401)
}

func TestTokensEndWithTheirKey(t *testing.T) {
	s := start(t)
	account, email := s.account("ci")
	s.member(s.other, email, "roles/project.user")
	first, who := s.key(account)
	token := s.login(who)
	_, who = s.key(account)
	second := s.login(who)

	s.Want(s.Del(first), 200)
	s.wantError(s.Do("GET", s.other, token, nil), 401, "key of the access token")
	s.Want(s.Do("GET", s.other, second, nil), 200)
	s.Set("tokens_outlive_key", "true")
	s.Want(s.Do("GET", s.other, token, nil), 200)
	s.Want(s.Del(account), 200)
	s.Want(s.Do("GET", "/v2/roles", second, nil), 200)
	s.Want(s.Do("GET", s.other, second, nil), 403) // its memberships are gone all the same
	s.Set("tokens_outlive_key", "false")
	s.Want(s.Do("GET", "/v2/roles", second, nil), 401)
}

// TestPermissions sends every kind of request with every role, and without any.
func TestPermissions(t *testing.T) {
	s := start(t)
	path, email := s.account("subject")
	key, _ := s.key(path)
	member := s.member(s.project, email, "roles/project.user")
	spare := s.member(s.project, "spare@example.com", "roles/project.user")
	actors := map[string]string{
		"none":      s.actor(s.other, "roles/project.admin"), // elsewhere
		"user":      s.actor(s.project, "roles/project.user"),
		"developer": s.actor(s.project, "roles/project.developer"),
		"admin":     s.actor(s.project, "roles/project.admin"),
		"org":       s.actor(s.organization, "roles/organization.admin"),
	}
	const (
		readers = "user developer admin org"
		admins  = "admin org"
	)
	for _, c := range []struct {
		method, path string
		body         any
		allowed      string
	}{
		{"GET", s.project, nil, readers},
		{"PATCH", s.project, `{}`, admins},
		{"GET", s.project + "/permissions", nil, readers},
		{"GET", s.project + "/serviceaccounts", nil, readers},
		{"POST", s.project + "/serviceaccounts", nil, admins},
		{"GET", path, nil, readers},
		{"PATCH", path, `{}`, admins},
		{"GET", path + "/keys", nil, readers},
		{"GET", key, nil, readers},
		{"POST", path + "/keys", nil, admins},
		{"GET", s.project + "/members", nil, readers},
		{"GET", member, nil, readers},
		{"GET", spare + ":getInviteUrl", nil, readers},
		{"PATCH", member, `{}`, admins},
		{"POST", "/v2/projects", map[string]any{"organization": strings.TrimPrefix(s.organization, "/v2/")}, "org"},
		{"GET", s.organization, nil, "org"},
		{"GET", s.organization + "/permissions", nil, "org"},
		{"GET", s.organization + "/members", nil, "org"},
		{"GET", s.organization + "/members/9201", nil, "org"},
		{"GET", "/v2/roles", nil, "none " + readers},
		{"GET", "/v2/projects", nil, "none " + readers},
		{"GET", "/v2/organizations", nil, "none " + readers},
	} {
		for name, header := range actors {
			want := 403
			if strings.Contains(c.allowed, name) {
				want = 200
			}
			if r := s.Do(c.method, c.path, header, c.body); r.Status != want {
				t.Errorf("%s %s as %s: got %d, want %d: %s", c.method, c.path, name, r.Status, want, r.Text)
			}
		}
	}
	// What changes too much for a table: refused to all but admins, then done once.
	body := invite("new@example.com", "roles/project.user")
	for _, c := range []struct {
		method, path string
		body         any
	}{
		{"POST", s.project + "/members", body},
		{"DELETE", member, nil},
		{"DELETE", key, nil},
		{"DELETE", path, nil},
	} {
		for _, name := range []string{"none", "user", "developer"} {
			s.wantError(s.Do(c.method, c.path, actors[name], c.body), 403, "permission denied")
		}
		s.Want(s.Do(c.method, c.path, actors["admin"], c.body), 200)
	}
	for _, name := range []string{"none", "admin"} {
		s.Want(s.Do("POST", s.organization+"/members", actors[name], invite("x@example.com", "roles/organization.admin")), 403)
		s.Want(s.Do("DELETE", s.organization+"/members/9201", actors[name], nil), 403)
	}
	s.Want(s.Do("DELETE", s.organization+"/members/9201", actors["org"], nil), 200)
	s.Want(s.Do("GET", "/v2/organizations/zork", s.Admin, nil), 403)
}

func TestANewAccountSeesNothing(t *testing.T) {
	s := start(t)
	path, _ := s.account("ci")
	_, who := s.key(path)
	token := s.login(who)
	s.Want(s.Do("GET", s.project, token, nil), 403) // its own project included
	s.WantEqual(s.Do("GET", "/v2/projects", token, nil).At("projects"), []any{})
	s.WantEqual(s.Do("GET", "/v2/organizations", token, nil).At("organizations"), []any{})
	s.WantEqual(s.Do("GET", "/v2/projects/-/members", token, nil).At("members"), []any{})
}
