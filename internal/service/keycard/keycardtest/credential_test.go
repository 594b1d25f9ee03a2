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
	s.Clock.Move(time.Second)
	r := s.Post(list, `{"name":"deploy","description":"of the pipeline","client_id":"x","client_secret":"y"}`)
	s.Want(r, 201)
	id, clientID, secret := r.Str("id"), r.Str("client_id"), r.Str("client_secret")
	if !idForm.MatchString(id) || !clientIDForm.MatchString(clientID) || !secretForm.MatchString(secret) {
		t.Errorf("got %s", r.Text)
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
	s.WantEqual(r.Value, created)
	path := list + "/" + id
	s.WantEqual(s.Get(path).Value, want)
	s.WantEqual(s.Get(list).At("items"), []any{want})

	s.Clock.Move(time.Minute)
	r = s.Patch(path, `{"name":"release"}`)
	s.Want(r, 200)
	want["name"] = "release"
	s.WantEqual(r.Value, want)
	s.WantEqual(s.Get(path).Value, want)
	s.login(identity{clientID, secret}) // the secret is as it was

	s.WantNothing(s.Del(path), 204)
	s.wantError(s.Get(path), 404, "not found")
	s.wantError(s.Patch(path, `{}`), 404, "not found")
	s.wantError(s.Del(path), 404, "not found")
	s.WantEqual(s.Get(list).Each("items", "id"), []any{})
	s.WantEqual(s.Get(account).At("name"), "ci")
}

func TestCredentialOfAnotherAccount(t *testing.T) {
	s := start(t)
	account, other := s.account("ci"), s.account("other")
	path, who := s.credential(account, "deploy")
	wrong := other + "/credentials/" + last(path)
	s.wantError(s.Get(wrong), 404, "not found")
	s.wantError(s.Patch(wrong, `{"name":"x"}`), 404, "not found")
	s.wantError(s.Del(wrong), 404, "not found")
	s.wantError(s.Get(accounts+"/zork/credentials/"+last(path)), 404, "not found")
	s.WantEqual(s.Get(other+"/credentials").Each("items", "id"), []any{})
	s.WantEqual(s.Get(path).At("name"), "deploy")
	s.login(who)
}

func TestUniqueCredentialNames(t *testing.T) {
	s := start(t)
	account, other := s.account("ci"), s.account("other")
	s.credential(account, "same")
	second, _ := s.credential(account, "same")
	s.Set("unique_names", "on")
	s.wantError(s.Post(account+"/credentials", `{"name":"same"}`), 409, `"same"`)
	s.Want(s.Patch(second, `{"name":"next"}`), 200)
	s.wantError(s.Patch(second, `{"name":"same"}`), 409, `"same"`)
	s.Want(s.Patch(second, `{"name":"next"}`), 200)
	s.Want(s.Post(account+"/credentials", `{"name":"Same"}`), 201)
	s.credential(other, "same")
}

func TestMaxCredentials(t *testing.T) {
	s := start(t)
	account, other := s.account("ci"), s.account("other")
	s.Set("max_credentials", "2")
	first, _ := s.credential(account, "1")
	s.credential(account, "2")
	s.wantError(s.Post(account+"/credentials", `{"name":"3"}`), 409, "at most 2")
	s.credential(other, "1")
	s.Want(s.Del(first), 204)
	s.credential(account, "3")
	s.Set("max_credentials", "")
	s.credential(account, "4")
}
