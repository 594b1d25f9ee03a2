package keycardtest_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage/stagetest"
)

var unknownRoutes = [][2]string{
	{"GET", "/"},
	{"GET", "/zork"},
	{"GET", tokenPath},
	{"POST", "/organizations"},
	{"GET", "/organizations/"},
	{"DELETE", "/organizations/acme"},
	{"GET", accounts + "/"},
	{"PUT", accounts + "/x"},
	{"GET", accounts + "/x/zork"},
	{"POST", accounts + "/x/credentials/y"},
	{"POST", "/v1" + accounts},
	{"GET", "/organizations/my%2Forg/service-accounts"},
}

func TestUnknownRoutes(t *testing.T) {
	s := start(t)
	absent := s.Get(accounts + "/x").Text
	for _, route := range unknownRoutes {
		r := s.Do(route[0], route[1], s.Admin, nil)
		s.wantError(r, 404, "not found")
		s.WantEqual(r.Text, absent) // nothing tells it from a missing object
		s.wantError(s.Do(route[0], route[1], "", nil), 404, "not found")
	}
	s.Set("unknown_route", "html")
	for _, route := range unknownRoutes {
		s.wantPage(s.Do(route[0], route[1], s.Admin, nil), 404)
	}
	s.wantError(s.Get(accounts+"/x"), 404, "not found")
}

// wantPage checks an error that is a page of HTML.
func (s *server) wantPage(r stagetest.Reply, status int) {
	s.T.Helper()
	s.Want(r, status)
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") || !strings.HasPrefix(r.Text, "<!DOCTYPE html>") {
		s.T.Fatalf("got %s", r.Text)
	}
}

func TestErrorBodies(t *testing.T) {
	s := start(t)
	requests := map[int]func() stagetest.Reply{
		400: func() stagetest.Reply { return s.Post(accounts, `{}`) },
		401: func() stagetest.Reply { return s.Do("GET", accounts, "", nil) },
		403: func() stagetest.Reply { s.Set("caller_role", "member"); return s.Get(accounts) },
		404: func() stagetest.Reply { s.Set("caller_role", "admin"); return s.Get(accounts + "/x") },
		409: func() stagetest.Reply {
			s.Set("unique_names", "on", "caller_role", "admin")
			return s.Post(accounts, `{"name":"terraform"}`)
		},
	}
	for status, request := range requests {
		s.Set("caller_role", "admin", "error_body", "object")
		s.wantError(request(), status, "")
		s.Set("caller_role", "admin", "error_body", "empty")
		s.WantNothing(request(), status)
		s.Set("caller_role", "admin", "error_body", "html")
		s.wantPage(request(), status)
	}
	s.Set("caller_role", "admin", "error_body", "empty")
	s.WantNothing(s.Get("/zork"), 404)
	s.Want(s.Get(accounts), 200)
}

func TestEchoRequestID(t *testing.T) {
	s := start(t)
	const header = "X-Client-Request-ID"
	send := func(method, path string) string {
		return s.Do(method, path, s.Admin, nil, header, "abc").Header.Get(header)
	}
	s.WantEqual(send("GET", accounts), "")
	s.Set("echo_request_id", "on")
	s.WantEqual(send("GET", accounts), "abc")
	s.WantEqual(send("GET", accounts+"/x"), "abc")
	s.WantEqual(send("GET", "/zork"), "abc")
	s.WantEqual(send("POST", tokenPath), "abc")
	if _, present := s.Get(accounts).Header[http.CanonicalHeaderKey(header)]; present {
		t.Error("an id was made up")
	}
}

func TestRoute(t *testing.T) {
	s := start(t)
	for _, c := range []struct {
		method, path, template string
		token                  bool
	}{
		{"POST", tokenPath, tokenPath, true},
		{"GET", "/organizations", "/organizations", false},
		{"GET", "/organizations/acme", "/organizations/{organization}", false},
		{"POST", accounts, "/organizations/{organization}/service-accounts", false},
		{"PATCH", accounts + "/x", "/organizations/{organization}/service-accounts/{account}", false},
		{"GET", accounts + "/x/credentials", "/organizations/{organization}/service-accounts/{account}/credentials", false},
		{
			"DELETE", accounts + "/x/credentials/y",
			"/organizations/{organization}/service-accounts/{account}/credentials/{credential}", false,
		},
		{"GET", "/zork", "(unknown)", false},
	} {
		met := s.Route(httptest.NewRequest(c.method, c.path, nil))
		if met.Template() != c.template || met.Token() != c.token {
			t.Errorf("%s %s: got %s, %t", c.method, c.path, met.Template(), met.Token())
		}
	}
}
