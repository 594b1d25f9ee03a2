package keycardtest_test

import (
	"regexp"
	"slices"
	"testing"
	"time"
)

var idForm = regexp.MustCompile(`^[a-z0-9]{26}$`)

func TestAccountLife(t *testing.T) {
	s := start(t)
	s.Clock.Move(time.Second)
	r := s.Post(accounts, map[string]any{"name": "ci", "description": "builds", "zork": 1, "id": "x", "Name": "y"})
	s.Want(r, 201)
	s.WantEqual(r.Header.Get("Date"), "Thu, 02 Jul 2026 12:00:01 GMT")
	id := r.Str("id")
	if !idForm.MatchString(id) {
		t.Errorf("got the id %s", id)
	}
	want := map[string]any{
		"id": id, "name": "ci", "description": "builds",
		"created_at": "2026-07-02T12:00:01.123Z", "updated_at": "2026-07-02T12:00:01.123Z",
	}
	s.WantEqual(r.Value, want)
	path := accounts + "/" + id
	for _, same := range []string{path, "/organizations/" + s.organization + "/service-accounts/" + id} {
		r = s.Get(same)
		s.Want(r, 200)
		s.WantEqual(r.Value, want)
	}
	r = s.Get(accounts)
	s.Want(r, 200)
	s.WantEqual(r.At("items").([]any)[1], want)
	s.WantEqual(r.Each("items", "name"), []any{"terraform", "ci"})

	s.Clock.Move(time.Minute)
	r = s.Patch(path, `{"name":"cd"}`)
	s.Want(r, 200)
	want["name"], want["updated_at"] = "cd", "2026-07-02T12:01:00.123Z"
	s.WantEqual(r.Value, want)
	// Each change is later than the one before, even if the clock stands still or goes back.
	s.Clock.Move(0)
	want["updated_at"] = "2026-07-02T12:01:00.124Z"
	s.WantEqual(s.Patch(path, `{}`).Value, want)
	s.WantEqual(s.Get(path).Value, want)

	s.WantNothing(s.Del(path), 204)
	s.wantError(s.Get(path), 404, "not found")
	s.wantError(s.Patch(path, `{}`), 404, "not found")
	s.wantError(s.Del(path), 404, "not found")
	s.WantEqual(s.Get(accounts).Each("items", "name"), []any{"terraform"})
}

func TestStatuses(t *testing.T) {
	s := start(t)
	s.Set("create_status", "200")
	r := s.Post(accounts, `{"name":"ci"}`)
	s.Want(r, 200)
	path := accounts + "/" + r.Str("id")
	for status, text := range map[int]string{200: "200", 202: "202", 204: "204"} {
		s.Set("delete_status", text)
		r := s.Post(path+"/credentials", `{"name":"x"}`)
		s.Want(r, 200)
		s.WantNothing(s.Del(path+"/credentials/"+r.Str("id")), status)
		s.wantError(s.Get(path+"/credentials/"+r.Str("id")), 404, "not found")
	}
	s.Set("delete_status", "202")
	s.WantNothing(s.Del(path), 202)
	s.wantError(s.Get(path), 404, "not found")
}

func TestUniqueAccountNames(t *testing.T) {
	s := start(t)
	first, second := s.account("same"), s.account("same")
	s.Set("unique_names", "on")
	s.wantError(s.Post(accounts, `{"name":"same"}`), 409, `"same"`)
	s.wantError(s.Patch(second, `{"description":"still the same"}`), 409, `"same"`)
	s.Want(s.Patch(second, `{"name":"other"}`), 200)
	s.wantError(s.Patch(second, `{"name":"same","description":"x"}`), 409, `"same"`)
	s.WantEqual([]any{s.Get(second).At("name"), s.Get(second).At("description")}, []any{"other", nil})
	s.Want(s.Patch(first, `{"name":"same"}`), 200) // its own name is free
	s.Want(s.Post(accounts, `{"name":"Same"}`), 201)
	s.Want(s.Post(accounts, `{"name":"elsewhere"}`), 201) // another organization has it
	s.Want(s.Del(first), 204)
	s.Want(s.Post(accounts, `{"name":"same"}`), 201)
}

func TestReplicaLag(t *testing.T) {
	s := start(t)
	s.Clock.Move(time.Minute)
	settled := s.account("settled")
	s.Set("replica_lag_ms", "1500")
	s.Want(s.Get(accounts+"/"+s.seeded("terraform").ID), 200) // what was there at the start
	s.Clock.Move(time.Hour)
	path := s.account("ci")
	credential, who := s.credential(settled, "deploy")
	for _, wait := range []time.Duration{0, 1499 * time.Millisecond} {
		s.Clock.Move(time.Hour + wait)
		for _, hidden := range []string{path, credential} {
			s.wantError(s.Get(hidden), 404, "not found")
			s.wantError(s.Patch(hidden, `{}`), 404, "not found")
			s.wantError(s.Del(hidden), 404, "not found")
		}
		s.wantError(s.Get(path+"/credentials"), 404, "not found")
		s.wantError(s.Post(path+"/credentials", `{"name":"x"}`), 404, "not found")
		s.WantEqual(s.Get(accounts).Each("items", "name"), []any{"terraform", "settled"})
		s.WantEqual(s.Get(settled+"/credentials").Each("items", "name"), []any{})
		s.wantGrant(s.exchange(who), 401, "invalid_client", true)
	}
	s.Clock.Move(time.Hour + 1500*time.Millisecond)
	s.Want(s.Get(path), 200)
	s.Want(s.Get(credential), 200)
	s.Want(s.Patch(path, `{}`), 200)
	s.WantEqual(s.Get(accounts).Each("items", "name"), []any{"terraform", "settled", "ci"})
	s.WantEqual(s.Get(settled+"/credentials").Each("items", "name"), []any{"deploy"})
	s.login(who)
	// Without a lag, an object is there even if the clock was set back since.
	s.Set("replica_lag_ms", "0")
	s.Clock.Move(0)
	s.Want(s.Get(path), 200)
}

func TestCascade(t *testing.T) {
	s := start(t)
	path, other := s.account("ci"), s.account("other")
	credential, who := s.credential(path, "deploy")
	kept, _ := s.credential(other, "deploy")
	s.Want(s.Del(path), 204)
	s.wantError(s.Get(credential), 404, "not found")
	s.wantError(s.Get(path+"/credentials"), 404, "not found")
	s.wantError(s.Post(path+"/credentials", `{"name":"x"}`), 404, "not found")
	s.wantError(s.Del(credential), 404, "not found")
	s.wantGrant(s.exchange(who), 401, "invalid_client", true)
	s.Want(s.Get(kept), 200)
	for _, object := range s.Objects()["service_account_credentials"] {
		if object.ID == last(credential) {
			t.Error("the credential is still there")
		}
	}
}

func TestOrder(t *testing.T) {
	s := start(t)
	var names []any
	for i, name := range []string{"c", "a", "b"} {
		s.Clock.Move(time.Duration(i+1) * time.Second)
		s.account(name)
		names = append(names, name)
	}
	names = append([]any{"terraform"}, names...)
	s.WantEqual(s.Get(accounts).Each("items", "name"), names)
	s.Set("order", "newest")
	slices.Reverse(names)
	s.WantEqual(s.Get(accounts).Each("items", "name"), names)

	// Of the same age, ids decide.
	path := s.account("twins")
	s.Set("order", "oldest")
	for range 8 {
		s.credential(path, "x")
	}
	ids := s.Get(path+"/credentials").Each("items", "id")
	sorted := slices.SortedFunc(slices.Values(ids), func(a, b any) int {
		if a.(string) < b.(string) {
			return -1
		}
		return 1
	})
	s.WantEqual(ids, sorted)
}
