package zenmltest_test

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage"
	"github.com/machineid/terraform-provider-machineid/internal/service/zenml/zenmltest"
)

const accounts = "/api/v1/service_accounts"

// server is a fake under test, with a clock that stands still unless moved.
type server struct {
	t     *testing.T
	fake  stage.System
	url   string
	clock *stage.Clock
	admin string // access token
}

func start(t *testing.T) *server {
	t.Helper()
	t.Parallel()
	return another(t)
}

// another is a second server in a test that is parallel already.
func another(t *testing.T) *server {
	t.Helper()
	noon := time.Date(2026, 7, 2, 12, 0, 0, 123456000, time.UTC)
	clock := stage.NewClock(func() time.Time { return noon })
	fake := zenmltest.New(clock)
	listener := httptest.NewServer(fake)
	t.Cleanup(listener.Close)
	s := &server{t: t, fake: fake, url: listener.URL, clock: clock}
	s.admin = s.login(s.password())["access_token"].(string)
	return s
}

// set turns switches, given as name and value by turns.
func (s *server) set(switches ...string) {
	s.t.Helper()
	wanted := map[string]string{}
	for i := 0; i < len(switches); i += 2 {
		wanted[switches[i]] = switches[i+1]
	}
	if err := s.fake.Options().Check(wanted); err != nil {
		s.t.Fatal(err)
	}
	s.fake.Options().Set(wanted)
}

// reply is an answer with its body as text and, if it is JSON, as a value.
type reply struct {
	status int
	header http.Header
	text   string
	value  any
}

// at follows a path of members such as body.service_account.id.
func (r reply) at(path string) any {
	value := r.value
	for name := range strings.SplitSeq(path, ".") {
		object, ok := value.(map[string]any)
		if !ok {
			return nil
		}
		value = object[name]
	}
	return value
}

func (r reply) str(path string) string {
	text, _ := r.at(path).(string)
	return text
}

// do sends a request. A body that is a string goes out as it is.
func (s *server) do(method, path, bearer string, body any, headers ...string) reply {
	s.t.Helper()
	var content io.Reader
	switch body := body.(type) {
	case nil:
	case string:
		content = strings.NewReader(body)
	default:
		encoded, err := json.Marshal(body)
		if err != nil {
			s.t.Fatal(err)
		}
		content = strings.NewReader(string(encoded))
	}
	request, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, content)
	if err != nil {
		s.t.Fatal(err)
	}
	if bearer != "" {
		request.Header.Set("Authorization", "Bearer "+bearer)
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	return s.send(request)
}

func (s *server) send(request *http.Request) reply {
	s.t.Helper()
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	r := reply{status: response.StatusCode, header: response.Header, text: string(text)}
	if strings.HasPrefix(response.Header.Get("Content-Type"), "application/json") {
		if err := json.Unmarshal(text, &r.value); err != nil {
			s.t.Fatalf("%s %s: %v", request.Method, request.URL.Path, err)
		}
	}
	return r
}

// form posts a login form.
func (s *server) form(fields url.Values) reply {
	s.t.Helper()
	return s.do("POST", "/api/v1/login", "", fields.Encode(), "Content-Type", "application/x-www-form-urlencoded")
}

func (s *server) password() url.Values {
	variables := s.fake.Environment("http://example.invalid")
	return url.Values{"username": {variables["ZENML_USERNAME"]}, "password": {variables["ZENML_PASSWORD"]}}
}

func (s *server) login(fields url.Values) map[string]any {
	s.t.Helper()
	r := s.form(fields)
	s.want(r, 200)
	return r.value.(map[string]any)
}

func (s *server) keyLogin(key string) string {
	s.t.Helper()
	return s.login(url.Values{"password": {key}})["access_token"].(string)
}

// account creates a service account and returns its id.
func (s *server) account(name string) string {
	s.t.Helper()
	r := s.do("POST", accounts, s.admin, map[string]any{"name": name, "active": true})
	s.want(r, 200)
	return r.str("id")
}

// key creates an API key and returns its path and text.
func (s *server) key(accountID, name string) (path, text string) {
	s.t.Helper()
	r := s.do("POST", accounts+"/"+accountID+"/api_keys", s.admin, map[string]any{"name": name})
	s.want(r, 200)
	return accounts + "/" + accountID + "/api_keys/" + r.str("id"), r.str("body.key")
}

func (s *server) want(r reply, status int) {
	s.t.Helper()
	if r.status != status {
		s.t.Fatalf("got status %d, want %d: %s", r.status, status, r.text)
	}
}

// wantDetail checks a refusal of the server's own: its class and what the message holds.
func (s *server) wantDetail(r reply, status int, class, part string) {
	s.t.Helper()
	s.want(r, status)
	detail, _ := r.at("detail").([]any)
	if len(detail) != 2 || detail[0] != class || !strings.Contains(detail[1].(string), part) {
		s.t.Fatalf("got %s, want class %s and %q in the message", r.text, class, part)
	}
}

func (s *server) wantEqual(got, want any) {
	s.t.Helper()
	if !reflect.DeepEqual(got, want) {
		s.t.Fatalf("got %#v, want %#v", got, want)
	}
}

// claims reads an access token without verifying it.
func (s *server) claims(token string) map[string]any {
	s.t.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		s.t.Fatal("not a JWT")
	}
	content, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		s.t.Fatal(err)
	}
	var claims map[string]any
	if err := json.Unmarshal(content, &claims); err != nil {
		s.t.Fatal(err)
	}
	return claims
}
