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
	s.clock.Move(time.Second)
	r := s.post(accounts, map[string]any{"name": "ci", "description": "builds", "zork": 1, "id": "x", "Name": "y"})
	s.want(r, 201)
	s.wantEqual(r.header.Get("Date"), "Thu, 02 Jul 2026 12:00:01 GMT")
	id := r.str("id")
	if !idForm.MatchString(id) {
		t.Errorf("got the id %s", id)
	}
	want := map[string]any{
		"id": id, "name": "ci", "description": "builds",
		"created_at": "2026-07-02T12:00:01.123Z", "updated_at": "2026-07-02T12:00:01.123Z",
	}
	s.wantEqual(r.value, want)
	path := accounts + "/" + id
	for _, same := range []string{path, "/organizations/" + s.organization + "/service-accounts/" + id} {
		r = s.get(same)
		s.want(r, 200)
		s.wantEqual(r.value, want)
	}
	r = s.get(accounts)
	s.want(r, 200)
	s.wantEqual(r.at("items").([]any)[1], want)
	s.wantEqual(r.each("name"), []any{"terraform", "ci"})

	s.clock.Move(time.Minute)
	r = s.patch(path, `{"name":"cd"}`)
	s.want(r, 200)
	want["name"], want["updated_at"] = "cd", "2026-07-02T12:01:00.123Z"
	s.wantEqual(r.value, want)
	// Each change is later than the one before, even if the clock stands still or goes back.
	s.clock.Move(0)
	want["updated_at"] = "2026-07-02T12:01:00.124Z"
	s.wantEqual(s.patch(path, `{}`).value, want)
	s.wantEqual(s.get(path).value, want)

	s.wantNothing(s.del(path), 204)
	s.wantError(s.get(path), 404, "not found")
	s.wantError(s.patch(path, `{}`), 404, "not found")
	s.wantError(s.del(path), 404, "not found")
	s.wantEqual(s.get(accounts).each("name"), []any{"terraform"})
}

func TestStatuses(t *testing.T) {
	s := start(t)
	s.set("create_status", "200")
	r := s.post(accounts, `{"name":"ci"}`)
	s.want(r, 200)
	path := accounts + "/" + r.str("id")
	for status, text := range map[int]string{200: "200", 202: "202", 204: "204"} {
		s.set("delete_status", text)
		r := s.post(path+"/credentials", `{"name":"x"}`)
		s.want(r, 200)
		s.wantNothing(s.del(path+"/credentials/"+r.str("id")), status)
		s.wantError(s.get(path+"/credentials/"+r.str("id")), 404, "not found")
	}
	s.set("delete_status", "202")
	s.wantNothing(s.del(path), 202)
	s.wantError(s.get(path), 404, "not found")
}

func TestUniqueAccountNames(t *testing.T) {
	s := start(t)
	first, second := s.account("same"), s.account("same")
	s.set("unique_names", "on")
	s.wantError(s.post(accounts, `{"name":"same"}`), 409, `"same"`)
	s.wantError(s.patch(second, `{"description":"still the same"}`), 409, `"same"`)
	s.want(s.patch(second, `{"name":"other"}`), 200)
	s.wantError(s.patch(second, `{"name":"same","description":"x"}`), 409, `"same"`)
	s.wantEqual([]any{s.get(second).at("name"), s.get(second).at("description")}, []any{"other", nil})
	s.want(s.patch(first, `{"name":"same"}`), 200) // its own name is free
	s.want(s.post(accounts, `{"name":"Same"}`), 201)
	s.want(s.post(accounts, `{"name":"elsewhere"}`), 201) // another organization has it
	s.want(s.del(first), 204)
	s.want(s.post(accounts, `{"name":"same"}`), 201)
}

func TestReplicaLag(t *testing.T) {
	s := start(t)
	s.clock.Move(time.Minute)
	settled := s.account("settled")
	s.set("replica_lag_ms", "1500")
	s.want(s.get(accounts+"/"+s.seeded("terraform").ID), 200) // what was there at the start
	s.clock.Move(time.Hour)
	path := s.account("ci")
	credential, who := s.credential(settled, "deploy")
	for _, wait := range []time.Duration{0, 1499 * time.Millisecond} {
		s.clock.Move(time.Hour + wait)
		for _, hidden := range []string{path, credential} {
			s.wantError(s.get(hidden), 404, "not found")
			s.wantError(s.patch(hidden, `{}`), 404, "not found")
			s.wantError(s.del(hidden), 404, "not found")
		}
		s.wantError(s.get(path+"/credentials"), 404, "not found")
		s.wantError(s.post(path+"/credentials", `{"name":"x"}`), 404, "not found")
		s.wantEqual(s.get(accounts).each("name"), []any{"terraform", "settled"})
		s.wantEqual(s.get(settled+"/credentials").each("name"), []any{})
		s.wantGrant(s.exchange(who), 401, "invalid_client", true)
	}
	s.clock.Move(time.Hour + 1500*time.Millisecond)
	s.want(s.get(path), 200)
	s.want(s.get(credential), 200)
	s.want(s.patch(path, `{}`), 200)
	s.wantEqual(s.get(accounts).each("name"), []any{"terraform", "settled", "ci"})
	s.wantEqual(s.get(settled+"/credentials").each("name"), []any{"deploy"})
	s.login(who)
	// Without a lag, an object is there even if the clock was set back since.
	s.set("replica_lag_ms", "0")
	s.clock.Move(0)
	s.want(s.get(path), 200)
}

func TestCascade(t *testing.T) {
	s := start(t)
	path, other := s.account("ci"), s.account("other")
	credential, who := s.credential(path, "deploy")
	kept, _ := s.credential(other, "deploy")
	s.want(s.del(path), 204)
	s.wantError(s.get(credential), 404, "not found")
	s.wantError(s.get(path+"/credentials"), 404, "not found")
	s.wantError(s.post(path+"/credentials", `{"name":"x"}`), 404, "not found")
	s.wantError(s.del(credential), 404, "not found")
	s.wantGrant(s.exchange(who), 401, "invalid_client", true)
	s.want(s.get(kept), 200)
	for _, object := range s.fake.Objects()["service_account_credentials"] {
		if object.ID == last(credential) {
			t.Error("the credential is still there")
		}
	}
}

func TestOrder(t *testing.T) {
	s := start(t)
	var names []any
	for i, name := range []string{"c", "a", "b"} {
		s.clock.Move(time.Duration(i+1) * time.Second)
		s.account(name)
		names = append(names, name)
	}
	names = append([]any{"terraform"}, names...)
	s.wantEqual(s.get(accounts).each("name"), names)
	s.set("order", "newest")
	slices.Reverse(names)
	s.wantEqual(s.get(accounts).each("name"), names)

	// Of the same age, ids decide.
	path := s.account("twins")
	s.set("order", "oldest")
	for range 8 {
		s.credential(path, "x")
	}
	ids := s.get(path + "/credentials").each("id")
	sorted := slices.SortedFunc(slices.Values(ids), func(a, b any) int {
		if a.(string) < b.(string) {
			return -1
		}
		return 1
	})
	s.wantEqual(ids, sorted)
}
