package keycardtest_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/service/keycard/keycardtest"
)

func TestSeeds(t *testing.T) {
	s := start(t)
	s.WantEqual(s.Name(), "keycard")
	variables := s.Environment("http://127.0.0.1:1/keycard")
	s.WantEqual(slices.Sorted(maps.Keys(variables)), []string{
		"KEYCARD_CLIENT_ID", "KEYCARD_CLIENT_SECRET", "KEYCARD_ENDPOINT", "TF_VAR_keycard_organization_id",
	})
	s.WantEqual(variables["KEYCARD_ENDPOINT"], "http://127.0.0.1:1/keycard")
	s.WantEqual(s.Get("/organizations/acme").Str("id"), s.organization)

	objects := s.Objects()
	for noun, names := range map[string][]string{
		"service_accounts":            {"terraform", "elsewhere"},
		"service_account_credentials": {"bootstrap", "bootstrap"},
	} {
		s.WantEqual(len(objects[noun]), 2)
		for i, object := range objects[noun] {
			if !object.Seeded || object.Name != names[i] || object.Created != noon.Truncate(time.Millisecond) {
				t.Errorf("got the seed %+v", object)
			}
		}
	}
	if another(t).seed == s.seed {
		t.Error("two servers have the same seeds")
	}
}

func TestSwitches(t *testing.T) {
	s := start(t)
	defaults := map[string]string{}
	for name, setting := range s.Options().Settings() {
		defaults[name] = setting.Default
		if setting.About == "" {
			t.Errorf("nothing tells what %s is about", name)
		}
	}
	s.WantEqual(defaults, map[string]string{
		"create_status": "201", "delete_status": "204", "null_description": "refuse", "empty_description": "clear",
		"unique_names": "off", "max_credentials": "", "expand": "both", "default_limit": "100", "order": "oldest",
		"empty_cursors": "omit", "organizations": "one", "foreign_organization": "404", "caller_role": "admin",
		"client_auth": "both", "token_lifetime_s": "3600", "revoke_tokens": "on", "replica_lag_ms": "0",
		"error_body": "object", "unknown_route": "json", "echo_request_id": "off", "echo_secret": "off",
	})
	for name := range defaults {
		if s.Options().Check(map[string]string{name: "zork"}) == nil {
			t.Errorf("%s was set to zork", name)
		}
	}
	for name, values := range map[string][]string{
		"default_limit": {"", "0", "101"}, "token_lifetime_s": {"", "0", "-1"}, "replica_lag_ms": {"", "-1"}, "max_credentials": {"-1"},
	} {
		for _, value := range values {
			if s.Options().Check(map[string]string{name: value}) == nil {
				t.Errorf("%s was set to %q", name, value)
			}
		}
	}
}

func TestObjects(t *testing.T) {
	s := start(t)
	s.Clock.Move(time.Second)
	path := accounts + "/" + s.Post(accounts, `{"name":"ci","description":"builds"}`).Str("id")
	s.Clock.Move(2 * time.Second)
	credential, who := s.credential(path, "deploy")
	s.Clock.Move(-time.Hour)
	s.account("late")

	seen, err := json.Marshal(s.Objects())
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(seen), who.secret) || strings.Contains(string(seen), s.seed.secret) {
		t.Error("the objects hold a secret")
	}
	var objects map[string][]map[string]any
	if err := json.Unmarshal(seen, &objects); err != nil {
		t.Fatal(err)
	}
	s.WantEqual(objects["service_accounts"][2], map[string]any{
		"id": last(path), "parent": s.organization, "name": "ci", "created": "2026-07-02T12:00:01.123Z", "seeded": false,
		"organization_id": s.organization, "description": "builds",
	})
	s.WantEqual(objects["service_account_credentials"][2], map[string]any{
		"id": last(credential), "parent": last(path), "name": "deploy", "created": "2026-07-02T12:00:02.123Z", "seeded": false,
		"organization_id": s.organization, "client_id": who.clientID, "description": nil,
	})
	s.WantEqual(objects["service_accounts"][3]["name"], "late") // the newest is last, whatever its time
	foreign := objects["service_accounts"][1]
	if foreign["parent"] == s.organization || foreign["organization_id"] != foreign["parent"] {
		t.Errorf("got the foreign account %v", foreign)
	}
}

func TestSaveAndLoad(t *testing.T) {
	s := start(t)
	path := accounts + "/" + s.Post(accounts, `{"name":"ci","description":"builds"}`).Str("id")
	credential, who := s.credential(path, "deploy")
	token := s.login(who)
	saved, err := s.Save()
	if err != nil {
		t.Fatal(err)
	}
	for name, secret := range map[string]string{"a token": strings.TrimPrefix(token, "Bearer "), "a secret": who.secret} {
		if strings.Contains(string(saved), secret) {
			t.Errorf("%s was saved", name)
		}
	}

	restarted := another(t)
	before := restarted.Admin
	if err := restarted.Load(saved); err != nil {
		t.Fatal(err)
	}
	restarted.Want(restarted.Do("GET", accounts, before, nil), 401) // its own seed is gone
	restarted.readSeeds()
	restarted.WantEqual([]any{restarted.seed, restarted.organization}, []any{s.seed, s.organization})
	restarted.Admin = s.Admin
	for _, path := range []string{path, accounts, credential, path + "/credentials", "/organizations"} {
		r := restarted.Get(path)
		restarted.Want(r, 200)
		restarted.WantEqual(r.Value, s.Get(path).Value)
	}
	restarted.WantEqual(restarted.Objects(), s.Objects())
	restarted.Want(restarted.Do("GET", accounts, token, nil), 200)
	restarted.login(who)
	restarted.login(s.seed)

	bare := `{"seeds":{"organization_id":"x"},"organizations":{"x":{}}`
	key := bare + `,"signing_key":"k"`
	for _, broken := range []string{
		`[]`, `{}`, bare + `}`, key + `}`, key + `,"credentials":{}}`, key + `,"accounts":{}}`,
		bare + `,"accounts":{},"credentials":{}}`,
		`{"signing_key":"k","accounts":{},"credentials":{}}`,
		key + `,"accounts":{"a":{}},"credentials":{}}`, // an account without its organization
		key + `,"accounts":{"a":null},"credentials":{}}`,
		key + `,"accounts":{},"credentials":{"c":{"account_id":"a"}}}`, // a credential without its account
		key + `,"accounts":{},"credentials":{"c":null}}`,
	} {
		if err := keycardtest.New(s.Clock).Load(json.RawMessage(broken)); err == nil {
			t.Errorf("%s was loaded", broken)
		}
	}
	if err := keycardtest.New(s.Clock).Load(json.RawMessage(key + `,"accounts":{},"credentials":{}}`)); err != nil {
		t.Error(err)
	}
}

func TestManyAtOnce(t *testing.T) {
	s := start(t)
	path := s.account("ci")
	var all sync.WaitGroup
	for range 12 {
		all.Go(func() {
			s.Do("POST", path+"/credentials", s.Admin, `{"name":"x"}`)
			s.Objects()
			s.Do("GET", accounts, s.Admin, nil)
			s.exchange(s.seed)
			s.Options().Set(map[string]string{"order": "newest"})
			s.Environment(s.URL)
			_, _ = s.Save()
		})
	}
	all.Wait()
	s.WantEqual(len(s.Get(path+"/credentials").Each("items", "id")), 12)
}

func TestLoadWhileServing(t *testing.T) {
	s := start(t)
	saved, err := s.Save()
	if err != nil {
		t.Fatal(err)
	}
	before := s.Environment(s.URL)
	var all sync.WaitGroup
	for range 12 {
		all.Go(func() {
			if err := s.Load(saved); err != nil {
				t.Error(err)
			}
			if !maps.Equal(s.Environment(s.URL), before) {
				t.Error("the environment changed")
			}
			s.Do("GET", accounts, s.Admin, nil)
		})
	}
	all.Wait()
	s.Want(s.Get(accounts), 200)
}
