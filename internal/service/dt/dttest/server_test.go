package dttest_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/service/dt/dttest"
)

func TestUnknownPathsAndMethods(t *testing.T) {
	s := start(t)
	for _, path := range []string{
		"/v2", "/v2/", "/v2/zork", "/v2/projects/", "/roles", "/oauth2", s.project + "/serviceaccount", s.project + "/serviceaccounts/",
	} {
		s.wantError(s.Get(path), 404, "not found")
	}
	account, _ := s.account("ci")
	key, _ := s.key(account)
	for _, c := range []struct{ method, path string }{
		{"PUT", account},
		{"POST", account},
		{"PATCH", key},
		{"PUT", key},
		{"DELETE", s.project + "/members"},
		{"PATCH", s.organization},
		{"DELETE", s.organization},
		{"POST", "/v2/roles"},
		{"GET", "/v2/projects/-/members:batchCreate"},
	} {
		r := s.Do(c.method, c.path, s.Admin, `{}`)
		if r.Status != 405 || r.Text != "" || r.Header.Get("Allow") == "" {
			t.Errorf("%s %s: got %d, Allow %q, %s", c.method, c.path, r.Status, r.Header.Get("Allow"), r.Text)
		}
	}
	request, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://example.com/oauth2/token", nil)
	if met := s.Route(request); met.Template() != "/oauth2/token" || !met.Token() {
		t.Errorf("the token endpoint counts as %s, %t", met.Template(), met.Token())
	}
}

func TestSeeds(t *testing.T) {
	s := start(t)
	variables := s.Environment("http://127.0.0.1:1/dt")
	s.WantEqual([]any{len(variables), s.Name()}, []any{8, "dt"})
	s.WantEqual(variables["DT_BASE_URL"], "http://127.0.0.1:1/dt")
	s.WantEqual(variables["DT_TOKEN_URL"], "http://127.0.0.1:1/dt/oauth2/token")
	for _, path := range []string{s.project, s.other, s.organization, s.organization + "/members/9201"} {
		s.Want(s.Get(path), 200)
	}
	for noun, want := range map[string]int{
		"projects": 2, "service_accounts": 1, "service_account_keys": 1, "organization_members": 2, "project_members": 0,
	} {
		list, there := s.Objects()[noun]
		if len(list) != want || !there || list == nil {
			t.Errorf("there are %d %s, want %d", len(list), noun, want)
		}
		for _, object := range list {
			if !object.Seeded || object.Created != noon || object.Parent == "" {
				t.Errorf("got the seed %+v", object)
			}
		}
	}
	other := another(t)
	if other.seed == s.seed {
		t.Error("two servers have the same seeds")
	}
}

func TestObjects(t *testing.T) {
	s := start(t)
	path, email := s.account("ci")
	keyPath, who := s.key(path)
	s.member(s.other, email, userRole)
	s.Clock.Move(time.Second)
	s.member(s.organization, email, orgRole)
	s.Clock.Move(2 * time.Second)
	s.member(s.organization, "late@example.com", orgRole)
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
	name := func(path string) string { return strings.TrimPrefix(path, "/v2/") }
	last := func(path string) string { return path[strings.LastIndex(path, "/")+1:] }
	find := func(noun, id string) map[string]any {
		for _, object := range objects[noun] {
			if object["id"] == id {
				return object
			}
		}
		return nil
	}
	const created = "2026-07-02T12:00:00.123456Z"
	s.WantEqual(find("service_accounts", last(path)), map[string]any{
		"id": last(path), "parent": name(s.project), "name": "ci", "created": created, "seeded": false,
		"enable_basic_auth": false, "email": email,
	})
	s.WantEqual(find("service_account_keys", last(keyPath)), map[string]any{
		"id": last(keyPath), "parent": name(path), "name": last(keyPath), "created": created, "seeded": false,
	})
	member := map[string]any{
		"id": last(path), "parent": name(s.other), "name": email, "created": created, "seeded": false,
		"role": userRole, "account_type": "SERVICE_ACCOUNT", "status": "ACCEPTED",
	}
	s.WantEqual(objects["project_members"], []map[string]any{member})
	member["parent"], member["role"], member["created"] = name(s.organization), orgRole, "2026-07-02T12:00:01.123456Z"
	s.WantEqual(objects["organization_members"][2], member)
	s.WantEqual(objects["organization_members"][3]["id"], "9202") // the newest is last
	s.WantEqual(find("projects", last(s.other))["parent"], name(s.organization))
}

func TestSaveAndLoad(t *testing.T) {
	s := start(t)
	path, email := s.account("ci")
	key, who := s.key(path)
	member := s.member(s.other, email, userRole)
	s.member(s.other, "new@example.com", userRole)
	token := s.login(who)
	saved, err := s.Save()
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(saved), strings.TrimPrefix(token, "Bearer ")) {
		t.Fatal("an access token was saved")
	}

	restarted := another(t)
	if err := restarted.Load(saved); err != nil {
		t.Fatal(err)
	}
	restarted.readEnvironment()
	restarted.WantEqual(restarted.seed, s.seed)
	restarted.Want(restarted.Get(path), 401) // its own seed is gone
	restarted.Admin = s.Admin
	for _, path := range []string{path, key, member, s.organization + "/members/9201"} {
		restarted.WantEqual(restarted.Get(path).Value, s.Get(path).Value)
	}
	restarted.Want(restarted.Do("GET", s.other, token, nil), 200)
	restarted.login(who)
	restarted.login(s.seed)
	restarted.WantEqual(restarted.member(s.other, "newer@example.com", userRole), s.other+"/members/9203")

	for _, broken := range []string{`[]`, `{}`, `{"seeds":{"organization":"x"}}`} {
		if err := dttest.New(s.Clock).Load(json.RawMessage(broken)); err == nil {
			t.Errorf("%s was loaded", broken)
		}
	}
}

func TestManyAtOnce(t *testing.T) {
	s := start(t)
	account, _ := s.account("ci")
	var all sync.WaitGroup
	for range 12 {
		all.Go(func() {
			s.Do("POST", account+"/keys", s.Admin, nil)
			s.Do("POST", s.project+"/members", s.Admin, invite("same@example.com", userRole))
			s.Do("GET", s.project+"/serviceaccounts", s.Admin, nil)
			s.exchange(s.assertion(s.seed, nil))
			s.Objects()
			_, _ = s.Save()
		})
	}
	all.Wait()
	s.WantEqual(len(s.Get(account+"/keys").Each("keys", "id")), 10)
	s.WantEqual(len(s.Objects()["project_members"]), 1)
}
