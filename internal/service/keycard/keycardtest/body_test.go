package keycardtest_test

import (
	"strings"
	"testing"
)

// both runs a test on the list of accounts and on a list of credentials, for their bodies are the same.
func both(t *testing.T, check func(s *server, list string)) {
	t.Helper()
	t.Parallel()
	t.Run("accounts", func(t *testing.T) {
		check(start(t), accounts)
	})
	t.Run("credentials", func(t *testing.T) {
		s := start(t)
		check(s, s.account("parent")+"/credentials")
	})
}

// make creates an object in a list and returns its path.
func (s *server) make(list, body string) string {
	s.t.Helper()
	r := s.post(list, body)
	s.want(r, 201)
	return list + "/" + r.str("id")
}

func TestBadBodies(t *testing.T) {
	both(t, func(s *server, list string) {
		path := s.make(list, `{"name":"good","description":"kept"}`)
		before := s.get(list).text
		for body, part := range map[string]string{
			``:                                "JSON object",
			`{`:                               "JSON object",
			`[]`:                              "JSON object",
			`null`:                            "JSON object",
			`"x"`:                             "JSON object",
			`{"name":"x"}x`:                   "JSON object",
			`{"name":null}`:                   "name must be a string",
			`{"name":1}`:                      "name must be a string",
			`{"name":""}`:                     "name is required",
			`{"name":"x","description":1}`:    "description must be a string",
			`{"name":"x","description":{}}`:   "description must be a string",
			`{"name":"x","description":null}`: "description must not be null",
			`{"name":"x","description":"` + strings.Repeat("ä", 501) + `"}`: "at most 500",
		} {
			s.wantError(s.post(list, body), 400, part)
			s.wantError(s.patch(path, body), 400, part)
		}
		s.wantError(s.post(list, `{}`), 400, "name is required")
		s.wantError(s.post(list, `{"description":"x"}`), 400, "name is required")
		s.wantEqual(s.get(list).text, before)

		for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded", "application/merge-patch+json", "", ";"} {
			s.wantError(s.do("POST", list, s.admin, `{"name":"x"}`, "Content-Type", kind), 400, "content type")
			s.wantError(s.do("PATCH", path, s.admin, `{"name":"x"}`, "Content-Type", kind), 400, "content type")
		}
		s.want(s.do("PATCH", path, s.admin, `{}`, "Content-Type", "application/json; charset=utf-8"), 200)
	})
}

func TestPartialUpdate(t *testing.T) {
	both(t, func(s *server, list string) {
		path := s.make(list, `{"name":" a ","description":"`+strings.Repeat("ä", 500)+`"}`)
		s.wantEqual(s.get(path).at("name"), " a ")
		s.wantEqual(s.get(path).at("description"), strings.Repeat("ä", 500))
		s.want(s.patch(path, `{"description":"b"}`), 200)
		s.want(s.patch(path, `{"zork":null,"Name":"x","id":"y","created_at":1}`), 200)
		s.want(s.patch(path, `{}`), 200)
		r := s.get(path)
		s.wantEqual([]any{r.at("id"), r.at("name"), r.at("description")}, []any{last(path), " a ", "b"})
		s.want(s.patch(path, `{"name":"c"}`), 200)
		r = s.get(path)
		s.wantEqual([]any{r.at("name"), r.at("description")}, []any{"c", "b"})
	})
}

func TestNullDescription(t *testing.T) {
	both(t, func(s *server, list string) {
		path := s.make(list, `{"name":"a","description":"b"}`)
		s.wantError(s.patch(path, `{"description":null}`), 400, "null")
		s.wantEqual(s.get(path).at("description"), "b")
		s.set("null_description", "clear", "empty_description", "refuse")
		r := s.patch(path, `{"description":null}`)
		s.want(r, 200)
		if r.has("description") || s.get(path).has("description") {
			t.Error("the description is still there")
		}
		if s.get(s.make(list, `{"name":"c","description":null}`)).has("description") {
			t.Error("there is a description")
		}
	})
}

func TestEmptyDescription(t *testing.T) {
	both(t, func(s *server, list string) {
		path := s.make(list, `{"name":"a","description":"b"}`)
		s.set("empty_description", "refuse")
		s.wantError(s.patch(path, `{"description":""}`), 400, "empty")
		s.wantError(s.post(list, `{"name":"x","description":""}`), 400, "empty")
		s.wantEqual(s.get(path).at("description"), "b")
		s.set("empty_description", "keep")
		s.wantEqual(s.patch(path, `{"description":""}`).at("description"), "")
		s.wantEqual(s.get(path).at("description"), "")
		s.wantEqual(s.get(s.make(list, `{"name":"x","description":""}`)).at("description"), "")
		s.set("empty_description", "clear")
		s.wantEqual(s.get(path).at("description"), "") // of what was stored, nothing changes
		if s.patch(path, `{"description":""}`).has("description") || s.get(path).has("description") {
			t.Error("the description is still there")
		}
		if s.get(s.make(list, `{"name":"x","description":""}`)).has("description") {
			t.Error("there is a description")
		}
	})
}

func TestEchoSecret(t *testing.T) {
	both(t, func(s *server, list string) {
		token := strings.TrimPrefix(s.admin, "Bearer ")
		path := s.make(list, `{"name":"a"}`)
		if r := s.post(list, `{}`); strings.Contains(r.text, token) {
			t.Error("the token was told")
		}
		s.set("echo_secret", "on")
		s.wantError(s.post(list, `{}`), 400, token)
		s.wantError(s.post(list, `{}`), 400, "name is required")
		if r := s.patch(path, `{"name":""}`); strings.Contains(r.text, token) {
			t.Error("the token was told about a change")
		}
		s.set("unique_names", "on")
		if r := s.post(list, `{"name":"a"}`); r.status != 409 || strings.Contains(r.text, token) {
			t.Errorf("got %d with or without the token", r.status)
		}
	})
}
