package zenmltest_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/service/zenml/zenmltest"
)

const idempotency = "Idempotency-Key"

func TestReplay(t *testing.T) {
	s := start(t)
	owner := s.account("ci")
	keys := accounts + "/" + owner + "/api_keys"
	id := "0e2fa4e1-6a44-4b49-8bc5-7b1e7d8f4d11"
	first := s.do("POST", keys, s.admin, map[string]any{"name": "k"}, idempotency, id)
	s.Want(first, 200)
	again := s.do("POST", keys, s.admin, map[string]any{"name": "other"}, idempotency, strings.ToUpper(id))
	s.Want(again, 200)
	if again.Text != first.Text || first.Str("body.key") == "" {
		t.Error("the repeated request did not get the first answer with its key")
	}
	s.WantEqual(len(s.Objects()["api_keys"]), 1)

	// Another URL, another caller, another method: as if there were no key.
	s.Want(s.do("POST", keys+"?x=1", s.admin, map[string]any{"name": "k"}, idempotency, id), 409)
	s.Set("admin_only", "false")
	s.Want(s.do("POST", keys, s.keyLogin(first.Str("body.key")), map[string]any{"name": "k"}, idempotency, id), 409)
	fresh := "0e2fa4e1-6a44-4b49-8bc5-7b1e7d8f4d10"
	rotated := s.do("PUT", keys+"/k/rotate", s.admin, map[string]any{}, idempotency, fresh).Str("body.key")
	if rotated == s.do("PUT", keys+"/k/rotate", s.admin, map[string]any{}, idempotency, fresh).Str("body.key") {
		t.Error("a rotation was replayed")
	}

	// Refusals are not remembered, and answers only for a while.
	other := "0e2fa4e1-6a44-4b49-8bc5-7b1e7d8f4d12"
	s.Want(s.do("POST", keys, s.admin, map[string]any{"name": "k"}, idempotency, other), 409)
	s.Want(s.do("POST", keys, s.admin, map[string]any{"name": "k2"}, idempotency, other), 200)
	s.Clock.Move(299 * time.Second)
	s.Want(s.do("POST", keys, s.admin, map[string]any{"name": "k2"}, idempotency, other), 200)
	s.Clock.Move(300 * time.Second)
	s.Want(s.do("POST", keys, s.admin, map[string]any{"name": "k2"}, idempotency, other), 409)

	s.Want(s.do("POST", keys, "", map[string]any{"name": "k"}, idempotency, id), 401)
	r := s.do("POST", keys, s.admin, map[string]any{"name": "k3"}, idempotency, "zork")
	s.WantEqual([]any{r.Status, r.Text}, []any{500, "Internal Server Error"})
	s.Want(s.do("GET", keys+"/k3", s.admin, nil), 404)
	s.Set("deduplication", "false")
	s.Want(s.do("POST", keys, s.admin, map[string]any{"name": "k4"}, idempotency, other), 200)
	s.Want(s.do("POST", keys, s.admin, map[string]any{"name": "k4"}, idempotency, other), 409)
}

func TestServerPages(t *testing.T) {
	s := start(t)
	s.Set("version", "0.95.1")
	info := s.do("GET", "/api/v1/info", "", nil)
	s.WantEqual([]any{info.Str("version"), info.Str("auth_scheme")}, []any{"0.95.1", "OAUTH2_PASSWORD_BEARER"})
	for _, path := range []string{"/health", "/ready"} {
		r := s.do("GET", path, "", nil)
		s.WantEqual([]any{r.Status, r.Text}, []any{200, "ok"})
	}
	for _, c := range []struct {
		method, path string
		status       int
		allow, media string
	}{
		{"GET", "/api/v1/zork", 404, "", "application/json"},
		{"POST", "/api/v1/zork", 405, "GET", "application/json"},
		{"GET", accounts + "/", 404, "", "application/json"},
		{"POST", accounts + "/", 405, "GET", "application/json"},
		{"PATCH", accounts + "/x", 405, "GET", "application/json"},
		{"DELETE", accounts, 405, "POST", "application/json"},
		{"GET", "/api/v1/login", 404, "", "application/json"},
		{"GET", "/zork", 200, "", "text/html; charset=utf-8"},
		{"GET", "/", 200, "", "text/html; charset=utf-8"},
		{"GET", "//api/v1/info", 200, "", "text/html; charset=utf-8"},
		{"PUT", "/api/v1/activate", 403, "", "application/json"},
	} {
		r := s.do(c.method, c.path, s.admin, nil)
		if r.Status != c.status || r.Header.Get("Allow") != c.allow || r.Header.Get("Content-Type") != c.media {
			t.Errorf("%s %s: got %d, Allow %q, %s", c.method, c.path, r.Status, r.Header.Get("Allow"), r.Header.Get("Content-Type"))
		}
	}
	s.Set("html_for_unknown", "false")
	s.Want(s.do("GET", "/zork", "", nil), 404)
}

func TestSaveAndLoad(t *testing.T) {
	s := start(t)
	path, key := s.key(s.account("ci"), "k")
	token := s.keyLogin(key)
	saved, err := s.Save()
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(saved), key[7:60]) {
		t.Fatal("the key's text was saved")
	}
	restarted := another(t)
	if err := restarted.Load(saved); err != nil {
		t.Fatal(err)
	}
	restarted.admin = restarted.login(s.password())["access_token"].(string)
	restarted.Want(restarted.do("GET", path, token, nil), 200)
	restarted.Want(restarted.do("GET", path, restarted.admin, nil), 200)
	restarted.keyLogin(key)

	// The same secret is not enough: a token is for one server only.
	var database map[string]any
	if err := json.Unmarshal(saved, &database); err != nil {
		t.Fatal(err)
	}
	database["server_id"] = "7df1a74d-ba81-42c0-b835-260607d66c2e"
	saved, _ = json.Marshal(database)
	if err := restarted.Load(saved); err != nil {
		t.Fatal(err)
	}
	restarted.wantDetail(restarted.do("GET", path, token, nil), 401, "CredentialsNotValid", "Audience doesn't match.")

	for _, broken := range []string{`[]`, `{}`} {
		if err := zenmltest.New(s.Clock).Load(json.RawMessage(broken)); err == nil {
			t.Errorf("%s was loaded", broken)
		}
	}
}

func TestObjectsHoldNoSecret(t *testing.T) {
	s := start(t)
	owner := s.account("ci")
	s.key(owner, "k")
	seen, err := json.Marshal(s.Objects())
	if err != nil {
		t.Fatal(err)
	}
	var objects map[string][]map[string]any
	if err := json.Unmarshal(seen, &objects); err != nil {
		t.Fatal(err)
	}
	s.WantEqual(len(objects["service_accounts"]), 1) // and no users
	key := objects["api_keys"][0]
	delete(key, "id")
	s.WantEqual(key, map[string]any{"parent": owner, "name": "k", "created": "2026-07-02T12:00:00.123456Z", "seeded": false, "active": true})
}

func TestManyAtOnce(t *testing.T) {
	s := start(t)
	owner := s.account("ci")
	_, key := s.key(owner, "k")
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			s.do("POST", accounts, s.admin, map[string]any{"name": "same", "active": true})
			s.do("POST", accounts+"/"+owner+"/api_keys", s.admin, map[string]any{"name": fmt.Sprint(i)})
			s.do("GET", accounts+"?hydrate=true", key, nil)
			s.Objects()
		})
	}
	all.Wait()
	s.WantEqual(len(s.Objects()["service_accounts"]), 2)
	s.WantEqual(len(s.Objects()["api_keys"]), 9)
}
