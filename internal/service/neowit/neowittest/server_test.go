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
	s.wantEqual(s.fake.Name(), "neowit")
	variables := s.fake.Environment("http://127.0.0.1:1/neowit")
	s.wantEqual(slices.Sorted(maps.Keys(variables)), []string{
		"NEOWIT_BASE_URL", "NEOWIT_KEY_ID", "NEOWIT_SECRET", "NEOWIT_SERVICE_ACCOUNT_ID", "TF_VAR_neowit_org_id",
	})
	s.wantEqual(variables["NEOWIT_BASE_URL"], "http://127.0.0.1:1/neowit/api")
	s.wantEqual(s.get(accounts+"/"+s.seed.account).value, map[string]any{
		"id": s.seed.account, "name": "terraform", "enableBasicAuth": false, "created": float64(noon.Unix()),
		"keys": []any{map[string]any{"keyId": s.seed.key, "created": float64(noon.Unix())}},
	})
	s.want(s.get(accounts+"?orgId="+s.own), 200)
	for noun, want := range map[string]int{"organizations": 3, "service_accounts": 1, "service_account_keys": 1} {
		list := s.fake.Objects()[noun]
		s.wantEqual(len(list), want)
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
	for name, setting := range s.fake.Options().Settings() {
		defaults[name] = setting.Default
		if setting.About == "" {
			t.Errorf("nothing tells what %s is about", name)
		}
	}
	s.wantEqual(defaults, map[string]string{
		"list": "on", "get": "on", "update_verb": "both", "update_reply": "object", "unknown_route": "404",
		"html_errors": "off", "unique_names": "on", "id_for_unknown_account": "404", "empty_keys": "array",
		"omit_false": "off", "list_envelope": "serviceAccounts", "next_page": "off", "token_style": "snake",
		"token_error": "common", "caller_role": "admin", "clock_skew_s": "0", "read_delay_ms": "",
	})
	for name := range defaults {
		if s.fake.Options().Check(map[string]string{name: "zork"}) == nil {
			t.Errorf("%s was set to zork", name)
		}
	}
}

func TestObjects(t *testing.T) {
	s := start(t)
	s.clock.Move(time.Second)
	r := s.post(accounts+"?orgId="+s.child, `{"name":"ci","enableBasicAuth":true}`)
	path := accounts + "/" + r.str("id")
	s.clock.Move(2 * time.Second)
	key, who := s.key(path + "?orgId=" + s.child)
	s.clock.Move(3 * time.Second)
	s.account("late")
	s.key(path + "?orgId=" + s.child)
	seen, err := json.Marshal(s.fake.Objects())
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
	s.wantEqual(objects["service_accounts"][1], map[string]any{
		"id": last(path), "parent": s.child, "name": "ci", "created": "2026-07-02T12:00:01.123456Z", "seeded": false,
		"org_id": s.child, "enable_basic_auth": true,
	})
	s.wantEqual(objects["service_account_keys"][1], map[string]any{
		"id": last(key), "parent": last(path), "name": last(key), "seeded": false,
		"created": "2026-07-02T12:00:02.123456Z",
	})
	s.wantEqual([]any{len(objects["service_accounts"]), len(objects["service_account_keys"])}, []any{3, 3})
	s.wantEqual(objects["service_accounts"][2]["name"], "late") // the newest is last
	s.wantEqual(objects["service_accounts"][2]["org_id"], s.own)
}

func TestSaveAndLoad(t *testing.T) {
	s := start(t)
	path := s.account("ci")
	_, who := s.key(path)
	token := s.login(who)
	s.want(s.post(accounts+"?orgId="+s.child, `{"name":"below"}`), 201)
	saved, err := s.fake.Save()
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(saved), strings.TrimPrefix(token, "Bearer ")) {
		t.Fatal("an access token was saved")
	}

	restarted := another(t)
	before := restarted.admin
	if err := restarted.fake.Load(saved); err != nil {
		t.Fatal(err)
	}
	restarted.want(restarted.do("GET", accounts, before, nil), 401) // its own seed is gone
	restarted.readSeeds()
	restarted.wantEqual(
		[]any{restarted.seed, restarted.own, restarted.child, restarted.foreign}, []any{s.seed, s.own, s.child, s.foreign},
	)
	restarted.admin = s.admin
	for _, path := range []string{path, accounts, accounts + "?orgId=" + s.child} {
		r := restarted.get(path)
		restarted.want(r, 200)
		restarted.wantEqual(r.value, s.get(path).value)
	}
	restarted.wantEqual(restarted.fake.Objects(), s.fake.Objects())
	restarted.want(restarted.do("GET", accounts, token, nil), 200)
	restarted.login(who)
	restarted.login(s.seed)

	bare := `{"seeds":{"organization_id":"x"},"organizations":{"x":{}}`
	for _, broken := range []string{
		`[]`, `{}`, bare + `}`, `{"accounts":{},"keys":{},"tokens":{}}`,
		bare + `,"keys":{},"tokens":{}}`, bare + `,"accounts":{},"tokens":{}}`, bare + `,"accounts":{},"keys":{}}`,
		bare + `,"accounts":{},"tokens":{},"keys":{"k":{"account_id":"a"}}}`, // a key without its account
	} {
		if err := neowittest.New(s.clock).Load(json.RawMessage(broken)); err == nil {
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
			s.do("POST", path+"/key", s.admin, nil)
			s.fake.Objects()
			s.do("POST", accounts, s.admin, `{"name":"same"}`)
			s.do("GET", accounts, s.admin, nil)
			s.exchange(s.assertion(s.seed, nil))
			s.fake.Options().Set(map[string]string{"omit_false": "on"})
			s.fake.Objects()
			s.fake.Environment(s.url)
			_, _ = s.fake.Save()
		})
	}
	all.Wait()
	s.wantEqual(len(s.get(path).at("keys").([]any)), 12)
	s.wantEqual(s.get(accounts).names(), []any{"terraform", "ci", "same"})
}

func TestLoadWhileServing(t *testing.T) {
	s := start(t)
	saved, err := s.fake.Save()
	if err != nil {
		t.Fatal(err)
	}
	before := s.fake.Environment(s.url)
	var all sync.WaitGroup
	for range 12 {
		all.Go(func() {
			if err := s.fake.Load(saved); err != nil {
				t.Error(err)
			}
			if !maps.Equal(s.fake.Environment(s.url), before) {
				t.Error("the environment changed")
			}
			s.do("GET", accounts, s.admin, nil)
		})
	}
	all.Wait()
	s.want(s.get(accounts), 200)
}
