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
	s.T.Helper()
	r := s.Post(list, body)
	s.Want(r, 201)
	return list + "/" + r.Str("id")
}

func TestBadBodies(t *testing.T) {
	both(t, func(s *server, list string) {
		path := s.make(list, `{"name":"good","description":"kept"}`)
		before := s.Get(list).Text
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
			s.wantError(s.Post(list, body), 400, part)
			s.wantError(s.Patch(path, body), 400, part)
		}
		s.wantError(s.Post(list, `{}`), 400, "name is required")
		s.wantError(s.Post(list, `{"description":"x"}`), 400, "name is required")
		s.WantEqual(s.Get(list).Text, before)

		for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded", "application/merge-patch+json", "", ";"} {
			s.wantError(s.Do("POST", list, s.Admin, `{"name":"x"}`, "Content-Type", kind), 400, "content type")
			s.wantError(s.Do("PATCH", path, s.Admin, `{"name":"x"}`, "Content-Type", kind), 400, "content type")
		}
		s.Want(s.Do("PATCH", path, s.Admin, `{}`, "Content-Type", "application/json; charset=utf-8"), 200)
	})
}

func TestPartialUpdate(t *testing.T) {
	both(t, func(s *server, list string) {
		path := s.make(list, `{"name":" a ","description":"`+strings.Repeat("ä", 500)+`"}`)
		s.WantEqual(s.Get(path).At("name"), " a ")
		s.WantEqual(s.Get(path).At("description"), strings.Repeat("ä", 500))
		s.Want(s.Patch(path, `{"description":"b"}`), 200)
		s.Want(s.Patch(path, `{"zork":null,"Name":"x","id":"y","created_at":1}`), 200)
		s.Want(s.Patch(path, `{}`), 200)
		r := s.Get(path)
		s.WantEqual([]any{r.At("id"), r.At("name"), r.At("description")}, []any{last(path), " a ", "b"})
		s.Want(s.Patch(path, `{"name":"c"}`), 200)
		r = s.Get(path)
		s.WantEqual([]any{r.At("name"), r.At("description")}, []any{"c", "b"})
	})
}

func TestNullDescription(t *testing.T) {
	both(t, func(s *server, list string) {
		path := s.make(list, `{"name":"a","description":"b"}`)
		s.wantError(s.Patch(path, `{"description":null}`), 400, "null")
		s.WantEqual(s.Get(path).At("description"), "b")
		s.Set("null_description", "clear", "empty_description", "refuse")
		r := s.Patch(path, `{"description":null}`)
		s.Want(r, 200)
		if has(r, "description") || has(s.Get(path), "description") {
			t.Error("the description is still there")
		}
		if has(s.Get(s.make(list, `{"name":"c","description":null}`)), "description") {
			t.Error("there is a description")
		}
	})
}

func TestEmptyDescription(t *testing.T) {
	both(t, func(s *server, list string) {
		path := s.make(list, `{"name":"a","description":"b"}`)
		s.Set("empty_description", "refuse")
		s.wantError(s.Patch(path, `{"description":""}`), 400, "empty")
		s.wantError(s.Post(list, `{"name":"x","description":""}`), 400, "empty")
		s.WantEqual(s.Get(path).At("description"), "b")
		s.Set("empty_description", "keep")
		s.WantEqual(s.Patch(path, `{"description":""}`).At("description"), "")
		s.WantEqual(s.Get(path).At("description"), "")
		s.WantEqual(s.Get(s.make(list, `{"name":"x","description":""}`)).At("description"), "")
		s.Set("empty_description", "clear")
		s.WantEqual(s.Get(path).At("description"), "") // of what was stored, nothing changes
		if has(s.Patch(path, `{"description":""}`), "description") || has(s.Get(path), "description") {
			t.Error("the description is still there")
		}
		if has(s.Get(s.make(list, `{"name":"x","description":""}`)), "description") {
			t.Error("there is a description")
		}
	})
}

func TestEchoSecret(t *testing.T) {
	both(t, func(s *server, list string) {
		token := strings.TrimPrefix(s.Admin, "Bearer ")
		path := s.make(list, `{"name":"a"}`)
		if r := s.Post(list, `{}`); strings.Contains(r.Text, token) {
			t.Error("the token was told")
		}
		s.Set("echo_secret", "on")
		s.wantError(s.Post(list, `{}`), 400, token)
		s.wantError(s.Post(list, `{}`), 400, "name is required")
		if r := s.Patch(path, `{"name":""}`); strings.Contains(r.Text, token) {
			t.Error("the token was told about a change")
		}
		s.Set("unique_names", "on")
		if r := s.Post(list, `{"name":"a"}`); r.Status != 409 || strings.Contains(r.Text, token) {
			t.Errorf("got %d with or without the token", r.Status)
		}
	})
}
