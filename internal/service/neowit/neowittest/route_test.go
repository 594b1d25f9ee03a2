package neowittest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage/stagetest"
)

// wrong are requests of a method that their path does not have, with those that it has.
func wrong(path string) []struct{ method, path, allow string } {
	return []struct{ method, path, allow string }{
		{"DELETE", accounts, "GET, POST"},
		{"POST", path, "DELETE, GET, PATCH, PUT"},
		{"GET", path + "/key", "POST"},
		{"PUT", path + "/key/x", "DELETE"},
		{"GET", path + "/key/x", "DELETE"},
		{"GET", tokenPath, "POST"},
	}
}

func TestUnknownRoutes(t *testing.T) {
	s := start(t)
	path := s.account("ci")
	missing := s.Get(accounts + "/zork")
	s.wantError(missing, 404, "not found")
	unknown := []string{
		"/", "/api", "/api/zork", accounts + "/", path + "/", path + "/keys", accounts + "s", strings.TrimPrefix(accounts, "/api"),
		"/api/swagger/doc.json", path + "%2Fkey%2Fa%2Fb", "/api/service-account/v2/service-account",
	}
	for _, path := range unknown {
		s.wantError(s.Get(path), 404, "not found")
	}
	for _, c := range wrong(path) {
		r := s.Do(c.method, c.path, s.Admin, `{}`)
		s.wantError(r, 404, "not found") // just like a missing object
		s.WantEqual([]any{r.Header.Get("Allow"), r.Header.Get("Content-Type")}, []any{"", missing.Header.Get("Content-Type")})
	}

	s.Set("unknown_route", "405")
	for _, c := range wrong(path) {
		r := s.Do(c.method, c.path, "", `{}`) // nobody is asked to log in
		s.wantError(r, 405, "method not allowed")
		s.WantEqual(r.Header.Get("Allow"), c.allow)
	}
	for _, path := range unknown {
		s.wantError(s.Get(path), 404, "not found")
	}
	s.wantError(s.Get(accounts+"/zork"), 404, "not found")
}

func TestReadsSwitchedOff(t *testing.T) {
	s := start(t)
	path := s.account("ci")
	for _, c := range []struct {
		list, get string
		statuses  [2]int
	}{
		{"on", "on", [2]int{200, 200}},
		{"on", "off", [2]int{200, 404}},
		{"off", "on", [2]int{404, 200}},
		{"off", "off", [2]int{404, 404}},
	} {
		s.Set("list", c.list, "get", c.get)
		s.WantEqual([2]int{s.Get(accounts).Status, s.Get(path).Status}, c.statuses)
		s.Want(s.Patch(path, `{"name":"x"}`), 200)
		s.key(path)
	}
	s.wantError(s.Get(accounts), 404, "not found")
	s.wantError(s.Get(path), 404, "not found")
	s.wantError(s.Get(accounts+"/a.b"), 404, "not found") // nobody looks at the id
	s.wantError(s.Do("GET", path, "", nil), 404, "not found")

	s.Set("unknown_route", "405", "update_verb", "put")
	for path, allow := range map[string]string{accounts: "POST", path: "DELETE, PUT"} {
		r := s.Get(path)
		s.wantError(r, 405, "method not allowed")
		s.WantEqual(r.Header.Get("Allow"), allow)
	}
	s.wantError(s.Patch(path, `{}`), 405, "method not allowed")
	s.WantNothing(s.Del(path), 204)
}

func TestPagesOfAGateway(t *testing.T) {
	s := start(t)
	path := s.account("ci")
	s.Set("html_errors", "on", "get", "off")
	page := func(r stagetest.Reply, status int, title string) {
		t.Helper()
		s.Want(r, status)
		s.WantEqual(r.Header.Get("Content-Type"), "text/html; charset=utf-8")
		if !strings.HasPrefix(r.Text, "<!DOCTYPE html>") || !strings.Contains(r.Text, "<h1>"+title+"</h1>") {
			t.Errorf("got %s", r.Text)
		}
	}
	page(s.Get("/api/zork"), 404, "404 Not Found")
	page(s.Get(path), 404, "404 Not Found")
	s.Set("unknown_route", "405")
	page(s.Get(path), 405, "405 Method Not Allowed")
	s.WantEqual(s.Get(path).Header.Get("Allow"), "DELETE, PATCH, PUT")
	// The errors of routes that do exist are the API's own.
	s.wantError(s.Del(accounts+"/zork"), 404, "not found")
	s.wantError(s.Post(accounts, `{`), 400, "invalid serviceAccount data")
}

func TestTemplates(t *testing.T) {
	s := start(t)
	s.Set("get", "off")
	for _, c := range []struct {
		method, path, template string
		token                  bool
	}{
		{"POST", tokenPath, tokenPath, true},
		{"GET", accounts + "/x", accounts + "/{account}", false}, // also while it is switched off
		{"DELETE", accounts + "/x/key/y", accounts + "/{account}/key/{key}", false},
		{"GET", "/api/zork", "(unknown)", false},
	} {
		request, err := http.NewRequestWithContext(t.Context(), c.method, "http://example.com"+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		met := s.Route(request)
		s.WantEqual([]any{met.Template(), met.Token()}, []any{c.template, c.token})
	}
}
