package keycardtest_test

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"iter"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage"
	"github.com/machineid/terraform-provider-machineid/internal/service/keycard/keycardtest"
)

// noon is what the machine's clock tells at the start of a test.
var noon = time.Date(2026, 7, 2, 12, 0, 0, 123456000, time.UTC)

const (
	tokenPath = "/service-account-token"
	accounts  = "/organizations/acme/service-accounts"
)

// server is a fake under test.
type server struct {
	t      *testing.T
	fake   stage.System
	url    string
	clock  *stage.Clock
	passed *atomic.Int64 // since noon, for the machine's clock too

	organization string // the id of the main one
	seed         identity
	admin        string // the Authorization header of the seeded account
}

// identity is what one logs in with.
type identity struct {
	clientID, secret string
}

func (i identity) basic() string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(i.clientID+":"+i.secret))
}

func start(t *testing.T) *server {
	t.Helper()
	t.Parallel()
	return another(t)
}

// another is a second server in a test that is parallel already.
func another(t *testing.T) *server {
	t.Helper()
	passed := &atomic.Int64{}
	clock := stage.NewClock(func() time.Time { return noon.Add(time.Duration(passed.Load())) })
	fake := keycardtest.New(clock)
	listener := httptest.NewServer(fake)
	t.Cleanup(listener.Close)
	s := &server{t: t, fake: fake, url: listener.URL, clock: clock, passed: passed}
	s.readSeeds()
	s.admin = s.login(s.seed)
	return s
}

func (s *server) readSeeds() {
	variables := s.fake.Environment(s.url)
	s.seed = identity{variables["KEYCARD_CLIENT_ID"], variables["KEYCARD_CLIENT_SECRET"]}
	s.organization = variables["TF_VAR_keycard_organization_id"]
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

// at returns a member of an object, nil if there is none. A dot leads into the object below.
func (r reply) at(path string) any {
	value := r.value
	for name := range strings.SplitSeq(path, ".") {
		object, _ := value.(map[string]any)
		value = object[name]
	}
	return value
}

func (r reply) has(name string) bool {
	object, _ := r.value.(map[string]any)
	_, present := object[name]
	return present
}

func (r reply) str(path string) string {
	text, _ := r.at(path).(string)
	return text
}

// each returns a member of every item of a list.
func (r reply) each(name string) []any {
	list, _ := r.at("items").([]any)
	values := []any{}
	for _, object := range list {
		values = append(values, object.(map[string]any)[name])
	}
	return values
}

// do sends a request. A body that is a string goes out as it is.
func (s *server) do(method, path, authorization string, body any, headers ...string) reply {
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
	if authorization != "" {
		request.Header.Set("Authorization", authorization)
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
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
	if response.Header.Get("Content-Type") == "application/json" {
		if err := json.Unmarshal(text, &r.value); err != nil {
			s.t.Fatalf("%s %s: %v", method, path, err)
		}
	}
	return r
}

// get, post, patch and del are requests of the seeded account.
func (s *server) get(path string) reply {
	s.t.Helper()
	return s.do("GET", path, s.admin, nil)
}

func (s *server) post(path string, body any) reply {
	s.t.Helper()
	return s.do("POST", path, s.admin, body)
}

func (s *server) patch(path string, body any) reply {
	s.t.Helper()
	return s.do("PATCH", path, s.admin, body)
}

func (s *server) del(path string) reply {
	s.t.Helper()
	return s.do("DELETE", path, s.admin, nil)
}

// exchange logs in by HTTP Basic.
func (s *server) exchange(who identity) reply {
	s.t.Helper()
	return s.form(who.basic(), url.Values{"grant_type": {"client_credentials"}})
}

func (s *server) form(authorization string, fields url.Values) reply {
	s.t.Helper()
	return s.do("POST", tokenPath, authorization, fields.Encode(), "Content-Type", "application/x-www-form-urlencoded")
}

// login returns an Authorization header.
func (s *server) login(who identity) string {
	s.t.Helper()
	r := s.exchange(who)
	s.want(r, 200)
	return "Bearer " + r.str("access_token")
}

// account creates a service account and returns its path.
func (s *server) account(name string) string {
	s.t.Helper()
	r := s.post(accounts, map[string]any{"name": name})
	s.want(r, 201)
	return accounts + "/" + r.str("id")
}

// credential creates a credential and returns its path and what to log in with.
func (s *server) credential(account, name string) (path string, who identity) {
	s.t.Helper()
	r := s.post(account+"/credentials", map[string]any{"name": name})
	s.want(r, 201)
	return account + "/credentials/" + r.str("id"), identity{r.str("client_id"), r.str("client_secret")}
}

// seeded finds a seeded account by its name.
func (s *server) seeded(name string) stage.Object {
	s.t.Helper()
	for _, object := range s.fake.Objects()["service_accounts"] {
		if object.Seeded && object.Name == name {
			return object
		}
	}
	s.t.Fatalf("there is no account %s", name)
	return stage.Object{}
}

func last(path string) string { return path[strings.LastIndex(path, "/")+1:] }

func (s *server) want(r reply, status int) {
	s.t.Helper()
	if r.status != status {
		s.t.Fatalf("got status %d, want %d: %s", r.status, status, r.text)
	}
}

// wantNothing checks an answer without a body.
func (s *server) wantNothing(r reply, status int) {
	s.t.Helper()
	s.want(r, status)
	if r.text != "" || r.header.Get("Content-Type") != "" {
		s.t.Fatalf("got %q of type %q, want no body", r.text, r.header.Get("Content-Type"))
	}
}

var codes = map[int]string{400: "bad_request", 401: "unauthorized", 403: "forbidden", 404: "not_found", 409: "conflict"}

// wantError checks a whole refusal of the API, and what its message holds.
func (s *server) wantError(r reply, status int, part string) {
	s.t.Helper()
	s.want(r, status)
	s.wantEqual(r.value, map[string]any{"message": r.at("message"), "code": codes[status], "status": float64(status)})
	if !strings.Contains(r.str("message"), part) {
		s.t.Fatalf("got %s, want %q in the message", r.text, part)
	}
}

func (s *server) wantEqual(got, want any) {
	s.t.Helper()
	if !reflect.DeepEqual(got, want) {
		s.t.Fatalf("got  %#v\nwant %#v", got, want)
	}
}

// keys are the names of an object's members.
func keys(value any) iter.Seq[string] {
	object, _ := value.(map[string]any)
	return maps.Keys(object)
}
