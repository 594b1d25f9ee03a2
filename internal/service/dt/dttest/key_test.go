package dttest_test

import (
	"regexp"
	"strings"
	"testing"
)

func TestKeyLife(t *testing.T) {
	s := start(t)
	account, _ := s.account("ci")
	for _, body := range []any{nil, `{}`} {
		r := s.post(account+"/keys", body)
		s.want(r, 200)
		id, secret := r.str("key.id"), r.str("secret")
		if !regexp.MustCompile(`^[0-9a-f]{32}$`).MatchString(secret) || !regexp.MustCompile(`^[0-9a-v]{20}$`).MatchString(id) {
			t.Errorf("got the id %s and a secret of %d characters", id, len(secret))
		}
		flat := map[string]any{
			"name": strings.TrimPrefix(account, "/v2/") + "/keys/" + id, "id": id, "createTime": "2026-07-02T12:00:00.123456Z",
		}
		s.wantEqual(r.value, map[string]any{"key": flat, "secret": secret})
		s.wantEqual(s.get(account+"/keys/"+id).value, flat)
		if list := s.get(account + "/keys"); strings.Contains(list.text, secret) || !strings.Contains(list.text, id) {
			t.Error("the list lacks the key, or holds its secret")
		}
	}
	s.wantError(s.post(account+"/keys", `[]`), 400, "no JSON object")

	path, _ := s.key(account)
	sibling, _ := s.account("sibling")
	s.want(s.get(sibling+path[strings.LastIndex(path, "/keys/"):]), 404)
	s.wantEqual(s.del(path).text, "{}")
	s.wantError(s.get(path), 404, "not found")
	s.wantError(s.del(path), 404, "not found")
	s.want(s.patch(account+"/keys/x", `{}`), 405)
}

func TestTenKeys(t *testing.T) {
	s := start(t)
	account, _ := s.account("ci")
	var last string
	for range 10 {
		last, _ = s.key(account)
	}
	s.wantError(s.post(account+"/keys", nil), 400, "at most 10 keys")
	s.set("key_limit_status", "409")
	s.wantError(s.post(account+"/keys", nil), 409, "at most 10 keys")
	s.set("key_limit_status", "429")
	r := s.post(account+"/keys", nil)
	s.wantError(r, 429, "at most 10 keys")
	s.wantEqual(r.header.Get("Retry-After"), "")
	s.wantEqual(len(s.get(account+"/keys").at("keys").([]any)), 10)
	s.want(s.del(last), 200)
	s.key(account)
	other, _ := s.account("other")
	s.key(other)
}
