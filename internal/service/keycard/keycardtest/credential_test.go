package keycardtest_test

import (
	"regexp"
	"testing"
	"time"
)

var (
	clientIDForm = regexp.MustCompile(`^[A-Za-z0-9]{21}$`)
	secretForm   = regexp.MustCompile(`^[A-Za-z0-9]{64}$`)
	mixedForm    = regexp.MustCompile(`[a-z].*[A-Z]|[A-Z].*[a-z]`)
)

func TestCredentialLife(t *testing.T) {
	s := start(t)
	account := s.account("ci")
	list := account + "/credentials"
	s.clock.Move(time.Second)
	r := s.post(list, `{"name":"deploy","description":"of the pipeline","client_id":"x","client_secret":"y"}`)
	s.want(r, 201)
	id, clientID, secret := r.str("id"), r.str("client_id"), r.str("client_secret")
	if !idForm.MatchString(id) || !clientIDForm.MatchString(clientID) || !secretForm.MatchString(secret) {
		t.Errorf("got %s", r.text)
	}
	if !mixedForm.MatchString(secret) {
		t.Error("the secret does not mix capitals and small letters")
	}
	want := map[string]any{
		"id": id, "name": "deploy", "description": "of the pipeline", "client_id": clientID,
		"created_at": "2026-07-02T12:00:01.123Z",
	}
	created := map[string]any{"client_secret": secret}
	for name, value := range want {
		created[name] = value
	}
	s.wantEqual(r.value, created)
	path := list + "/" + id
	s.wantEqual(s.get(path).value, want)
	s.wantEqual(s.get(list).at("items"), []any{want})

	s.clock.Move(time.Minute)
	r = s.patch(path, `{"name":"release"}`)
	s.want(r, 200)
	want["name"] = "release"
	s.wantEqual(r.value, want)
	s.wantEqual(s.get(path).value, want)
	s.login(identity{clientID, secret}) // the secret is as it was

	s.wantNothing(s.del(path), 204)
	s.wantError(s.get(path), 404, "not found")
	s.wantError(s.patch(path, `{}`), 404, "not found")
	s.wantError(s.del(path), 404, "not found")
	s.wantEqual(s.get(list).each("id"), []any{})
	s.wantEqual(s.get(account).at("name"), "ci")
}

func TestCredentialOfAnotherAccount(t *testing.T) {
	s := start(t)
	account, other := s.account("ci"), s.account("other")
	path, who := s.credential(account, "deploy")
	wrong := other + "/credentials/" + last(path)
	s.wantError(s.get(wrong), 404, "not found")
	s.wantError(s.patch(wrong, `{"name":"x"}`), 404, "not found")
	s.wantError(s.del(wrong), 404, "not found")
	s.wantError(s.get(accounts+"/zork/credentials/"+last(path)), 404, "not found")
	s.wantEqual(s.get(other+"/credentials").each("id"), []any{})
	s.wantEqual(s.get(path).at("name"), "deploy")
	s.login(who)
}

func TestUniqueCredentialNames(t *testing.T) {
	s := start(t)
	account, other := s.account("ci"), s.account("other")
	s.credential(account, "same")
	second, _ := s.credential(account, "same")
	s.set("unique_names", "on")
	s.wantError(s.post(account+"/credentials", `{"name":"same"}`), 409, `"same"`)
	s.want(s.patch(second, `{"name":"next"}`), 200)
	s.wantError(s.patch(second, `{"name":"same"}`), 409, `"same"`)
	s.want(s.patch(second, `{"name":"next"}`), 200)
	s.want(s.post(account+"/credentials", `{"name":"Same"}`), 201)
	s.credential(other, "same")
}

func TestMaxCredentials(t *testing.T) {
	s := start(t)
	account, other := s.account("ci"), s.account("other")
	s.set("max_credentials", "2")
	first, _ := s.credential(account, "1")
	s.credential(account, "2")
	s.wantError(s.post(account+"/credentials", `{"name":"3"}`), 409, "at most 2")
	s.credential(other, "1")
	s.want(s.del(first), 204)
	s.credential(account, "3")
	s.set("max_credentials", "")
	s.credential(account, "4")
}
