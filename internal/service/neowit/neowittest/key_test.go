package neowittest_test

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestKeyLife(t *testing.T) {
	s := start(t)
	path := s.account("ci")
	s.Clock.Move(2 * time.Second)
	r := s.Post(path+"/key", `{}`)
	s.Want(r, 201)
	id, secret := r.Str("keyId"), r.Str("secret")
	if !idForm.MatchString(id) {
		t.Errorf("got the id %s", id)
	}
	if !regexp.MustCompile(`^[0-9A-Za-z_-]{32,}$`).MatchString(secret) {
		t.Errorf("the secret has %d characters", len(secret))
	}
	created := float64(noon.Unix() + 2)
	s.WantEqual(r.Value, map[string]any{"keyId": id, "created": created, "secret": secret})
	s.WantEqual(s.Get(path).At("keys"), []any{map[string]any{"keyId": id, "created": created}})
	if strings.Contains(s.Get(path).Text+s.Get(accounts).Text, secret) {
		t.Error("a secret is shown twice")
	}

	s.Clock.Move(3 * time.Second)
	second, who := s.key(path)
	s.Clock.Move(4 * time.Second)
	third, _ := s.key(path)
	if who.secret == secret {
		t.Error("two keys have the same secret")
	}
	var order []any
	for _, key := range s.Get(path).At("keys").([]any) {
		order = append(order, key.(map[string]any)["keyId"])
	}
	s.WantEqual(order, []any{id, last(second), last(third)})
	for _, key := range []string{path + "/key/" + id, second, third} { // the last one, too
		s.WantNothing(s.Del(key), 204)
		s.wantError(s.Del(key), 404, "not found")
	}
	s.WantEqual(s.Get(path).At("keys"), []any{})
}

func TestKeyBodies(t *testing.T) {
	s := start(t)
	path := s.account("ci")
	for _, body := range []any{nil, ``, `{}`, `{"keyId":"x","secret":"y"}`} {
		r := s.Post(path+"/key", body)
		s.Want(r, 201)
		if r.Str("keyId") == "x" || r.Str("secret") == "y" {
			t.Errorf("the answer repeats %v", body)
		}
	}
	for _, body := range []string{`[]`, `null`, `{`, `x`} {
		s.wantError(s.Post(path+"/key", body), 400, "invalid serviceAccount data")
	}
	s.WantEqual(len(s.Get(path).At("keys").([]any)), 4)
}

func TestKeysStayWithTheirAccount(t *testing.T) {
	s := start(t)
	path, other := s.account("ci"), s.account("other")
	key, _ := s.key(path)
	s.wantError(s.Del(other+"/key/"+last(key)), 404, "not found")
	s.wantError(s.Del(accounts+"/"+strings.Repeat("z", 22)+"/key/"+last(key)), 404, "not found")
	s.WantEqual(len(s.Get(path).At("keys").([]any)), 1)
	s.WantEqual(s.Get(other).At("keys"), []any{})
}

func TestAccountsTakeTheirKeysAlong(t *testing.T) {
	s := start(t)
	path, other := s.account("ci"), s.account("other")
	key, who := s.key(path)
	s.key(other)
	token := s.login(who)
	s.Want(s.Do("GET", accounts, token, nil), 200)
	s.Want(s.Del(path), 204)
	s.wantError(s.Del(key), 404, "not found")
	s.wantError(s.Do("GET", accounts, token, nil), 401, "unauthorized")
	s.wantGrant(s.exchange(s.assertion(who, nil)), 401, "no service account with this id")
	s.WantEqual(len(s.Objects()["service_account_keys"]), 2)
}

func TestIDs(t *testing.T) {
	s := start(t)
	path := s.account("ci")
	key, _ := s.key(path)
	for _, id := range []string{"a%20b", "a.b", "..", "a%25b", "%C3%A4", "a:b"} {
		one := accounts + "/" + id
		s.wantError(s.Get(one), 400, "invalid serviceAccount id")
		s.wantError(s.Patch(one, `{}`), 400, "invalid serviceAccount id")
		s.wantError(s.put(one, `{"name":"x"}`), 400, "invalid serviceAccount id")
		s.wantError(s.Del(one), 400, "invalid serviceAccount id")
		s.wantError(s.Post(one+"/key", `{}`), 400, "invalid serviceAccount id")
		s.wantError(s.Del(one+"/key/"+last(key)), 400, "invalid serviceAccount id")
		s.wantError(s.Del(path+"/key/"+id), 400, "invalid serviceAccount key id")
	}
	for _, id := range []string{"zork", "_-", swapCase(last(path))} {
		one := accounts + "/" + id
		s.wantError(s.Get(one), 404, "not found")
		s.wantError(s.Del(one), 404, "not found")
		s.wantError(s.Post(one+"/key", `{}`), 404, "not found")
	}
	s.wantError(s.Del(path+"/key/"+swapCase(last(key))), 404, "not found")

	s.Set("id_for_unknown_account", "400")
	s.wantError(s.Post(accounts+"/zork/key", `{}`), 400, "invalid serviceAccount id")
	s.wantError(s.Get(accounts+"/zork"), 404, "not found")
	s.wantError(s.Post(path+"/key?orgId="+s.foreign, `{}`), 403, "forbidden")
	s.Want(s.Post(path+"/key", `{}`), 201)
}

// swapCase turns capitals into small letters and the other way round.
func swapCase(id string) string {
	return strings.Map(func(r rune) rune {
		if small := strings.ToLower(string(r)); small != string(r) {
			return rune(small[0])
		}
		return rune(strings.ToUpper(string(r))[0])
	}, id)
}
