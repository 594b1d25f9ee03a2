package zenmltest_test

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestKeyLife(t *testing.T) {
	s := start(t)
	owner := s.account("ci")
	created := s.do("POST", accounts+"/"+owner+"/api_keys", s.admin, map[string]any{"name": "k", "active": false})
	s.Want(created, 200)
	text := created.Str("body.key")
	content, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(text, "ZENKEY_"))
	if err != nil || len(text) != 167 || len(content) != 118 {
		t.Fatalf("the key has %d characters and holds %d bytes (%v)", len(text), len(content), err)
	}
	var parts map[string]string
	if err := json.Unmarshal(content, &parts); err != nil || parts["id"] != created.Str("id") || len(parts["key"]) != 64 {
		t.Fatal("the key does not hold its id and 64 characters of secret")
	}
	s.WantEqual(created.At("body.active"), true) // cannot be born inactive
	s.WantEqual(created.At("body.service_account.metadata"), nil)
	s.WantEqual(created.Str("body.service_account.id"), owner)
	s.WantEqual(created.At("metadata"), map[string]any{
		"description": "", "retain_period_minutes": 0.0, "last_login": nil, "last_rotated": nil,
	})

	path := accounts + "/" + owner + "/api_keys/k"
	read := s.do("GET", path, s.admin, nil)
	if value, there := read.Value.(map[string]any)["body"].(map[string]any)["key"]; value != nil || !there {
		t.Error("reading does not answer a null key")
	}
	listed := s.do("GET", accounts+"/"+owner+"/api_keys", s.admin, nil)
	s.WantEqual(listed.At("total"), 1.0)
	if strings.Contains(listed.Text, "ZENKEY_") || listed.At("items").([]any)[0].(map[string]any)["metadata"] != nil {
		t.Errorf("got %d items with a key or metadata", len(listed.At("items").([]any)))
	}

	changed := s.do("PUT", path, s.admin, map[string]any{"name": "k2", "description": "d", "active": false})
	s.Want(changed, 200)
	s.WantEqual([]any{changed.Str("name"), changed.Str("metadata.description"), changed.At("body.active"), changed.At("body.key")},
		[]any{"k2", "d", false, nil})
	r := s.do("DELETE", accounts+"/"+owner+"/api_keys/k2", s.admin, nil)
	s.WantEqual([]any{r.Status, r.Text}, []any{200, "null"})
	s.wantDetail(s.do("DELETE", accounts+"/"+owner+"/api_keys/k2", s.admin, nil), 404, "KeyError",
		`"An API key with ID or name 'k2' is not configured for service account with ID '`+owner+`'."`)
	s.wantDetail(s.form(url.Values{"password": {text}}), 401, "CredentialsNotValid", "error retrieving API key "+created.Str("id"))
}

func TestKeyConflictsAndPaths(t *testing.T) {
	s := start(t)
	owner, other := s.account("ci"), s.account("other")
	path, _ := s.key(owner, "k")
	s.key(owner, "K")
	s.key(other, "k")
	keys := accounts + "/" + owner + "/api_keys"
	s.wantDetail(s.do("POST", keys, s.admin, map[string]any{"name": "k"}), 409, "EntityExistsError",
		"Found an existing API key with the same name configured for the same 'ci' service account.")
	s.wantDetail(s.do("PUT", keys+"/K", s.admin, map[string]any{"name": "k"}), 409, "EntityExistsError",
		"Unable to update API key with name 'k'")
	foreign := strings.Replace(path, owner, other, 1)
	for _, c := range []struct{ method, path string }{
		{"GET", foreign},
		{"PUT", foreign},
		{"PUT", foreign + "/rotate"},
		{"DELETE", foreign},
		{"GET", strings.Replace(path, owner, "7df1a74d-ba81-42c0-b835-260607d66c2e", 1)},
	} {
		var body any
		if c.method == "PUT" {
			body = map[string]any{}
		}
		s.Want(s.do(c.method, c.path, s.admin, body), 404)
	}
	r := s.do("GET", accounts+"/ci/api_keys", s.admin, nil)
	s.Want(r, 422)
	if list, ok := r.Value.([]any); !ok || !strings.Contains(list[1].(string), "('path', 'service_account_id')") {
		t.Errorf("got %s for a name where only an id is taken", r.Text)
	}
	uuid := "7df1a74d-ba81-42c0-b835-260607d66c2e"
	s.key(owner, uuid)
	s.wantDetail(s.do("POST", keys, s.admin, map[string]any{"name": uuid}), 500, "RuntimeError", "UNIQUE constraint failed")
}

func TestUseOfAKeyShows(t *testing.T) {
	s := start(t)
	path, key := s.key(s.account("ci"), "k")
	at := func(minutes int) string {
		s.Clock.Move(time.Duration(minutes) * time.Minute)
		return time.Date(2026, 7, 2, 12, minutes, 0, 123456000, time.UTC).Format("2006-01-02T15:04:05.000000")
	}
	check := func(when string) {
		t.Helper()
		r := s.do("GET", path, s.admin, nil)
		s.WantEqual([]any{r.At("metadata.last_login"), r.Str("body.updated")}, []any{when, when})
	}
	now := at(1)
	token := s.keyLogin(key)
	check(now)
	now = at(2)
	s.do("GET", "/api/v1/current-user", token, nil)
	check(now)
	now = at(3)
	s.do("GET", accounts+"/missing", key, nil)
	check(now)
	at(4)
	content, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(key, "ZENKEY_"))
	wrong := base64.StdEncoding.EncodeToString(append(content[:len(content)-3], []byte(`!"}`)...))
	s.wantDetail(s.form(url.Values{"password": {wrong}}), 401, "CredentialsNotValid", "could not verify key value for API key k")
	check(now) // a failed login leaves no trace
}

func TestRotation(t *testing.T) {
	s := start(t)
	path, first := s.key(s.account("ci"), "k")
	firstToken := s.keyLogin(first)
	rotate := func(minutes int) string {
		t.Helper()
		r := s.do("PUT", path+"/rotate", s.admin, map[string]any{"retain_period_minutes": minutes})
		s.Want(r, 200)
		s.WantEqual(r.At("metadata"), nil)
		return r.Str("body.key")
	}
	accepted := func(key string) bool { return s.form(url.Values{"password": {key}}).Status == 200 }
	tokenGood := func(token string) bool { return s.do("GET", "/api/v1/current-user", token, nil).Status == 200 }

	second := rotate(10)
	r := s.do("GET", path, s.admin, nil)
	s.WantEqual([]any{r.At("metadata.retain_period_minutes"), r.At("metadata.last_rotated")}, []any{10.0, r.At("body.updated")})
	s.Clock.Move(10*time.Minute - time.Second)
	minted := s.keyLogin(first) // by the old key, but as of the present generation
	s.WantEqual([]bool{accepted(first), accepted(second), tokenGood(firstToken)}, []bool{true, true, true})
	s.Clock.Move(10 * time.Minute)
	s.WantEqual([]bool{accepted(first), accepted(second), tokenGood(firstToken), tokenGood(minted)},
		[]bool{false, true, false, true})
	s.wantDetail(s.do("GET", accounts, firstToken, nil), 401, "CredentialsNotValid", "generation that is no longer valid")

	// Only one previous key is kept.
	third := rotate(10)
	fourth := rotate(10)
	s.WantEqual([]bool{accepted(second), accepted(third), accepted(fourth)}, []bool{false, true, true})
	fifth := rotate(0)
	s.WantEqual([]bool{accepted(fourth), accepted(fifth)}, []bool{false, true})
	huge := rotate(1_000_000_000_000)
	s.WantEqual([]bool{accepted(fifth), accepted(huge)}, []bool{true, true})

	s.Set("generation_check", "false")
	old := s.keyLogin(huge)
	if claims := s.claims(old); claims["iat"] != nil || claims["key_gen"] != nil {
		t.Errorf("got claims %v of a server that knows no generations", claims)
	}
	rotate(0)
	s.WantEqual(tokenGood(old), true)
}

func TestRotationBodies(t *testing.T) {
	s := start(t)
	path, _ := s.key(s.account("ci"), "k")
	s.Want(s.do("PUT", path, s.admin, map[string]any{"active": false}), 200)
	for body, status := range map[string]int{
		``: 422, `null`: 422, `{"retain_period_minutes":null}`: 422, `{"retain_period_minutes":"x"}`: 422,
		`{"retain_period_minutes":1.5}`: 422, `{}`: 200, `{"retain_period_minutes":"3"}`: 200, `{"retain_period_minutes":-1}`: 200,
	} {
		if r := s.do("PUT", path+"/rotate", s.admin, body); r.Status != status {
			t.Errorf("%q: got status %d, want %d", body, r.Status, status)
		}
	}
}

func TestDeactivationIsImmediate(t *testing.T) {
	s := start(t)
	owner := s.account("ci")
	path, key := s.key(owner, "k")
	token := s.keyLogin(key)
	refused := func(who, part string) {
		t.Helper()
		s.wantDetail(s.do("GET", accounts, who, nil), 401, "CredentialsNotValid", part)
	}
	s.do("PUT", path, s.admin, map[string]any{"active": false})
	refused(token, "API key k associated with service account ci is not active")
	refused(key, "API key k associated with service account ci is not active")
	s.do("PUT", path, s.admin, map[string]any{"active": true})
	s.Want(s.do("GET", accounts, token, nil), 200)

	s.do("PUT", accounts+"/"+owner, s.admin, map[string]any{"active": false})
	refused(token, "account ci is not active")
	refused(key, "service account ci associated with API key k is not active")
	s.WantEqual(s.do("GET", path, s.admin, nil).At("body.active"), true)
	s.do("PUT", accounts+"/"+owner, s.admin, map[string]any{"active": true})
	s.Want(s.do("GET", accounts, token, nil), 200)

	s.Want(s.do("DELETE", accounts+"/"+owner, s.admin, nil), 200)
	refused(token, "error retrieving token account "+owner)
	refused(key, "error retrieving API key")
	s.Want(s.do("GET", path, s.admin, nil), 404)
	s.WantEqual(len(s.Objects()["api_keys"]), 0)
}
