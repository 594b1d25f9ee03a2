package neowittest_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/service/neowit/neowittest"
)

func TestSeeds(t *testing.T) {
	s := start(t)
	s.WantEqual(s.Name(), "neowit")
	variables := s.Environment("http://127.0.0.1:1/neowit")
	s.WantEqual(slices.Sorted(maps.Keys(variables)), []string{
		"NEOWIT_BASE_URL", "NEOWIT_KEY_ID", "NEOWIT_SECRET", "NEOWIT_SERVICE_ACCOUNT_ID", "TF_VAR_neowit_org_id",
	})
	s.WantEqual(variables["NEOWIT_BASE_URL"], "http://127.0.0.1:1/neowit/api")
	s.WantEqual(s.Get(accounts+"/"+s.seed.account).Value, map[string]any{
		"id": s.seed.account, "name": "terraform", "enableBasicAuth": false, "created": float64(noon.Unix()),
		"keys": []any{map[string]any{"keyId": s.seed.key, "created": float64(noon.Unix())}},
	})
	s.Want(s.Get(accounts+"?orgId="+s.own), 200)
	for noun, want := range map[string]int{"organizations": 3, "service_accounts": 1, "service_account_keys": 1} {
		list := s.Objects()[noun]
		s.WantEqual(len(list), want)
		for _, object := range list {
			if !object.Seeded || object.Created != noon {
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
		"list": "on", "get": "on", "update_verb": "both", "update_reply": "object", "unknown_route": "404",
		"html_errors": "off", "unique_names": "on", "id_for_unknown_account": "404", "empty_keys": "array",
		"omit_false": "off", "list_envelope": "serviceAccounts", "next_page": "off", "token_style": "snake",
		"token_error": "common", "caller_role": "admin", "clock_skew_s": "0", "read_delay_ms": "",
	})
	for name := range defaults {
		if s.Options().Check(map[string]string{name: "zork"}) == nil {
			t.Errorf("%s was set to zork", name)
		}
	}
}

func TestObjects(t *testing.T) {
	s := start(t)
	s.Clock.Move(time.Second)
	r := s.Post(accounts+"?orgId="+s.child, `{"name":"ci","enableBasicAuth":true}`)
	path := accounts + "/" + r.Str("id")
	s.Clock.Move(2 * time.Second)
	key, who := s.key(path + "?orgId=" + s.child)
	s.Clock.Move(3 * time.Second)
	s.account("late")
	s.key(path + "?orgId=" + s.child)
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
	s.WantEqual(objects["service_accounts"][1], map[string]any{
		"id": last(path), "parent": s.child, "name": "ci", "created": "2026-07-02T12:00:01.123456Z", "seeded": false,
		"org_id": s.child, "enable_basic_auth": true,
	})
	s.WantEqual(objects["service_account_keys"][1], map[string]any{
		"id": last(key), "parent": last(path), "name": last(key), "seeded": false,
		"created": "2026-07-02T12:00:02.123456Z",
	})
	s.WantEqual([]any{len(objects["service_accounts"]), len(objects["service_account_keys"])}, []any{3, 3})
	s.WantEqual(objects["service_accounts"][2]["name"], "late") // the newest is last
	s.WantEqual(objects["service_accounts"][2]["org_id"], s.own)
}

func TestSaveAndLoad(t *testing.T) {
	s := start(t)
	path := s.account("ci")
	_, who := s.key(path)
	token := s.login(who)
	s.Want(s.Post(accounts+"?orgId="+s.child, `{"name":"below"}`), 201)
	saved, err := s.Save()
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(saved), strings.TrimPrefix(token, "Bearer ")) {
		t.Fatal("an access token was saved")
	}

	restarted := another(t)
	before := restarted.Admin
	if err := restarted.Load(saved); err != nil {
		t.Fatal(err)
	}
	restarted.Want(restarted.Do("GET", accounts, before, nil), 401) // its own seed is gone
	restarted.readSeeds()
	restarted.WantEqual(
		[]any{restarted.seed, restarted.own, restarted.child, restarted.foreign}, []any{s.seed, s.own, s.child, s.foreign},
	)
	restarted.Admin = s.Admin
	for _, path := range []string{path, accounts, accounts + "?orgId=" + s.child} {
		r := restarted.Get(path)
		restarted.Want(r, 200)
		restarted.WantEqual(r.Value, s.Get(path).Value)
	}
	restarted.WantEqual(restarted.Objects(), s.Objects())
	restarted.Want(restarted.Do("GET", accounts, token, nil), 200)
	restarted.login(who)
	restarted.login(s.seed)

	bare := `{"seeds":{"organization_id":"x"},"organizations":{"x":{}}`
	for _, broken := range []string{
		`[]`, `{}`, bare + `}`, `{"accounts":{},"keys":{},"tokens":{}}`,
		bare + `,"keys":{},"tokens":{}}`, bare + `,"accounts":{},"tokens":{}}`, bare + `,"accounts":{},"keys":{}}`,
		bare + `,"accounts":{},"tokens":{},"keys":{"k":{"account_id":"a"}}}`, // a key without its account
	} {
		if err := neowittest.New(s.Clock).Load(json.RawMessage(broken)); err == nil {
			t.Errorf("%s was loaded", broken)
		}
	}
}

func TestManyAtOnce(t *testing.T) {
	s := start(t)
	path := s.account("ci")
	var all sync.WaitGroup
	for range 12 {
		all.Go(func() {
			s.Do("POST", path+"/key", s.Admin, nil)
			s.Objects()
			s.Do("POST", accounts, s.Admin, `{"name":"same"}`)
			s.Do("GET", accounts, s.Admin, nil)
			s.exchange(s.assertion(s.seed, nil))
			s.Options().Set(map[string]string{"omit_false": "on"})
			s.Objects()
			s.Environment(s.URL)
			_, _ = s.Save()
		})
	}
	all.Wait()
	s.WantEqual(len(s.Get(path).At("keys").([]any)), 12)
	s.WantEqual(names(s.Get(accounts)), []any{"terraform", "ci", "same"})
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
