package keycardtest_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
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
	absent := s.get(accounts + "/x").text
	for _, route := range unknownRoutes {
		r := s.do(route[0], route[1], s.admin, nil)
		s.wantError(r, 404, "not found")
		s.wantEqual(r.text, absent) // nothing tells it from a missing object
		s.wantError(s.do(route[0], route[1], "", nil), 404, "not found")
	}
	s.set("unknown_route", "html")
	for _, route := range unknownRoutes {
		s.wantPage(s.do(route[0], route[1], s.admin, nil), 404)
	}
	s.wantError(s.get(accounts+"/x"), 404, "not found")
}

// wantPage checks an error that is a page of HTML.
func (s *server) wantPage(r reply, status int) {
	s.t.Helper()
	s.want(r, status)
	if !strings.HasPrefix(r.header.Get("Content-Type"), "text/html") || !strings.HasPrefix(r.text, "<!DOCTYPE html>") {
		s.t.Fatalf("got %s", r.text)
	}
}

func TestErrorBodies(t *testing.T) {
	s := start(t)
	requests := map[int]func() reply{
		400: func() reply { return s.post(accounts, `{}`) },
		401: func() reply { return s.do("GET", accounts, "", nil) },
		403: func() reply { s.set("caller_role", "member"); return s.get(accounts) },
		404: func() reply { s.set("caller_role", "admin"); return s.get(accounts + "/x") },
		409: func() reply {
			s.set("unique_names", "on", "caller_role", "admin")
			return s.post(accounts, `{"name":"terraform"}`)
		},
	}
	for status, request := range requests {
		s.set("caller_role", "admin", "error_body", "object")
		s.wantError(request(), status, "")
		s.set("caller_role", "admin", "error_body", "empty")
		s.wantNothing(request(), status)
		s.set("caller_role", "admin", "error_body", "html")
		s.wantPage(request(), status)
	}
	s.set("error_body", "empty")
	s.wantNothing(s.get("/zork"), 404)
	s.want(s.get(accounts), 200)
}

func TestEchoRequestID(t *testing.T) {
	s := start(t)
	const header = "X-Client-Request-ID"
	send := func(method, path string) string {
		return s.do(method, path, s.admin, nil, header, "abc").header.Get(header)
	}
	s.wantEqual(send("GET", accounts), "")
	s.set("echo_request_id", "on")
	s.wantEqual(send("GET", accounts), "abc")
	s.wantEqual(send("GET", accounts+"/x"), "abc")
	s.wantEqual(send("GET", "/zork"), "abc")
	s.wantEqual(send("POST", tokenPath), "abc")
	if _, present := s.get(accounts).header[http.CanonicalHeaderKey(header)]; present {
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
		met := s.fake.Route(httptest.NewRequest(c.method, c.path, nil))
		if met.Template() != c.template || met.Token() != c.token {
			t.Errorf("%s %s: got %s, %t", c.method, c.path, met.Template(), met.Token())
		}
	}
}
