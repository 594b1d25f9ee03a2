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
		r := s.Post(account+"/keys", body)
		s.Want(r, 200)
		id, secret := r.Str("key.id"), r.Str("secret")
		if !regexp.MustCompile(`^[0-9a-f]{32}$`).MatchString(secret) || !regexp.MustCompile(`^[0-9a-v]{20}$`).MatchString(id) {
			t.Errorf("got the id %s and a secret of %d characters", id, len(secret))
		}
		flat := map[string]any{
			"name": strings.TrimPrefix(account, "/v2/") + "/keys/" + id, "id": id, "createTime": "2026-07-02T12:00:00.123456Z",
		}
		s.WantEqual(r.Value, map[string]any{"key": flat, "secret": secret})
		s.WantEqual(s.Get(account+"/keys/"+id).Value, flat)
		if list := s.Get(account + "/keys"); strings.Contains(list.Text, secret) || !strings.Contains(list.Text, id) {
			t.Error("the list lacks the key, or holds its secret")
		}
	}
	s.wantError(s.Post(account+"/keys", `[]`), 400, "no JSON object")

	path, _ := s.key(account)
	sibling, _ := s.account("sibling")
	s.Want(s.Get(sibling+path[strings.LastIndex(path, "/keys/"):]), 404)
	s.WantEqual(s.Del(path).Text, "{}")
	s.wantError(s.Get(path), 404, "not found")
	s.wantError(s.Del(path), 404, "not found")
	s.Want(s.Patch(account+"/keys/x", `{}`), 405)
}

func TestTenKeys(t *testing.T) {
	s := start(t)
	account, _ := s.account("ci")
	var last string
	for range 10 {
		last, _ = s.key(account)
	}
	s.wantError(s.Post(account+"/keys", nil), 400, "at most 10 keys")
	s.Set("key_limit_status", "409")
	s.wantError(s.Post(account+"/keys", nil), 409, "at most 10 keys")
	s.Set("key_limit_status", "429")
	r := s.Post(account+"/keys", nil)
	s.wantError(r, 429, "at most 10 keys")
	s.WantEqual(r.Header.Get("Retry-After"), "")
	s.WantEqual(len(s.Get(account+"/keys").At("keys").([]any)), 10)
	s.Want(s.Del(last), 200)
	s.key(account)
	other, _ := s.account("other")
	s.key(other)
}
