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
	s.clock.Move(2 * time.Second)
	r := s.post(path+"/key", `{}`)
	s.want(r, 201)
	id, secret := r.str("keyId"), r.str("secret")
	if !idForm.MatchString(id) {
		t.Errorf("got the id %s", id)
	}
	if !regexp.MustCompile(`^[0-9A-Za-z_-]{32,}$`).MatchString(secret) {
		t.Errorf("the secret has %d characters", len(secret))
	}
	created := float64(noon.Unix() + 2)
	s.wantEqual(r.value, map[string]any{"keyId": id, "created": created, "secret": secret})
	s.wantEqual(s.get(path).at("keys"), []any{map[string]any{"keyId": id, "created": created}})
	if strings.Contains(s.get(path).text+s.get(accounts).text, secret) {
		t.Error("a secret is shown twice")
	}

	s.clock.Move(3 * time.Second)
	second, who := s.key(path)
	s.clock.Move(4 * time.Second)
	third, _ := s.key(path)
	if who.secret == secret {
		t.Error("two keys have the same secret")
	}
	var order []any
	for _, key := range s.get(path).at("keys").([]any) {
		order = append(order, key.(map[string]any)["keyId"])
	}
	s.wantEqual(order, []any{id, last(second), last(third)})
	for _, key := range []string{path + "/key/" + id, second, third} { // the last one, too
		s.wantNothing(s.del(key), 204)
		s.wantError(s.del(key), 404, "not found")
	}
	s.wantEqual(s.get(path).at("keys"), []any{})
}

func TestKeyBodies(t *testing.T) {
	s := start(t)
	path := s.account("ci")
	for _, body := range []any{nil, ``, `{}`, `{"keyId":"x","secret":"y"}`} {
		r := s.post(path+"/key", body)
		s.want(r, 201)
		if r.str("keyId") == "x" || r.str("secret") == "y" {
			t.Errorf("the answer repeats %v", body)
		}
	}
	for _, body := range []string{`[]`, `null`, `{`, `x`} {
		s.wantError(s.post(path+"/key", body), 400, "invalid serviceAccount data")
	}
	s.wantEqual(len(s.get(path).at("keys").([]any)), 4)
}

func TestKeysStayWithTheirAccount(t *testing.T) {
	s := start(t)
	path, other := s.account("ci"), s.account("other")
	key, _ := s.key(path)
	s.wantError(s.del(other+"/key/"+last(key)), 404, "not found")
	s.wantError(s.del(accounts+"/"+strings.Repeat("z", 22)+"/key/"+last(key)), 404, "not found")
	s.wantEqual(len(s.get(path).at("keys").([]any)), 1)
	s.wantEqual(s.get(other).at("keys"), []any{})
}

func TestAccountsTakeTheirKeysAlong(t *testing.T) {
	s := start(t)
	path, other := s.account("ci"), s.account("other")
	key, who := s.key(path)
	s.key(other)
	token := s.login(who)
	s.want(s.do("GET", accounts, token, nil), 200)
	s.want(s.del(path), 204)
	s.wantError(s.del(key), 404, "not found")
	s.wantError(s.do("GET", accounts, token, nil), 401, "unauthorized")
	s.wantGrant(s.exchange(s.assertion(who, nil)), 401, "no service account with this id")
	s.wantEqual(len(s.fake.Objects()["service_account_keys"]), 2)
}

func TestIDs(t *testing.T) {
	s := start(t)
	path := s.account("ci")
	key, _ := s.key(path)
	for _, id := range []string{"a%20b", "a.b", "..", "a%25b", "%C3%A4", "a:b"} {
		one := accounts + "/" + id
		s.wantError(s.get(one), 400, "invalid serviceAccount id")
		s.wantError(s.patch(one, `{}`), 400, "invalid serviceAccount id")
		s.wantError(s.put(one, `{"name":"x"}`), 400, "invalid serviceAccount id")
		s.wantError(s.del(one), 400, "invalid serviceAccount id")
		s.wantError(s.post(one+"/key", `{}`), 400, "invalid serviceAccount id")
		s.wantError(s.del(one+"/key/"+last(key)), 400, "invalid serviceAccount id")
		s.wantError(s.del(path+"/key/"+id), 400, "invalid serviceAccount key id")
	}
	for _, id := range []string{"zork", "_-", swapCase(last(path))} {
		one := accounts + "/" + id
		s.wantError(s.get(one), 404, "not found")
		s.wantError(s.del(one), 404, "not found")
		s.wantError(s.post(one+"/key", `{}`), 404, "not found")
	}
	s.wantError(s.del(path+"/key/"+swapCase(last(key))), 404, "not found")

	s.set("id_for_unknown_account", "400")
	s.wantError(s.post(accounts+"/zork/key", `{}`), 400, "invalid serviceAccount id")
	s.wantError(s.get(accounts+"/zork"), 404, "not found")
	s.wantError(s.post(path+"/key?orgId="+s.foreign, `{}`), 403, "forbidden")
	s.want(s.post(path+"/key", `{}`), 201)
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
