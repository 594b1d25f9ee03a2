package dttest_test

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage"
	"github.com/machineid/terraform-provider-machineid/internal/service/dt/dttest"
)

// noon is when the clock of a fake under test stands still, unless it is moved.
var noon = time.Date(2026, 7, 2, 12, 0, 0, 123456000, time.UTC)

// server is a fake under test.
type server struct {
	t     *testing.T
	fake  stage.System
	url   string
	clock *stage.Clock
	seed  identity
	admin string // the Authorization header of the seeded account

	project, other, organization string // paths, as in /v2/projects/<id>
}

// identity is what an account logs in with.
type identity struct {
	key, secret, email string
}

func start(t *testing.T) *server {
	t.Helper()
	t.Parallel()
	return another(t)
}

// another is a second server in a test that is parallel already.
func another(t *testing.T) *server {
	t.Helper()
	clock := stage.NewClock(func() time.Time { return noon })
	fake := dttest.New(clock)
	listener := httptest.NewServer(fake)
	t.Cleanup(listener.Close)
	s := &server{t: t, fake: fake, url: listener.URL, clock: clock}
	s.readEnvironment()
	s.admin = s.login(s.seed)
	return s
}

func (s *server) readEnvironment() {
	variables := s.fake.Environment(s.url)
	s.seed = identity{
		variables["DT_SERVICE_ACCOUNT_KEY_ID"], variables["DT_SERVICE_ACCOUNT_SECRET"], variables["DT_SERVICE_ACCOUNT_EMAIL"],
	}
	s.project, s.other = "/v2/"+variables["TF_VAR_dt_project"], "/v2/"+variables["TF_VAR_dt_other_project"]
	s.organization = "/v2/" + variables["TF_VAR_dt_organization"]
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

// at follows a path of members such as key.name.
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

// each returns one member of every object of a list.
func (r reply) each(list, member string) []any {
	var values []any
	objects, _ := r.at(list).([]any)
	for _, object := range objects {
		values = append(values, object.(map[string]any)[member])
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

// assertion signs claims with HS256. Each change overwrites a claim, or removes it by nil.
func (s *server) assertion(who identity, changes map[string]any) string {
	s.t.Helper()
	now := s.clock.Unmoved().Unix()
	claims := jwt.MapClaims{"iss": who.email, "aud": s.url + "/oauth2/token", "iat": now, "exp": now + 3600}
	maps.Copy(claims, changes)
	maps.DeleteFunc(claims, func(_ string, value any) bool { return value == nil })
	unsigned := jwt.NewWithClaims(jwt.SigningMethodHS256, claims)
	unsigned.Header["kid"] = who.key
	signed, err := unsigned.SignedString([]byte(who.secret))
	if err != nil {
		s.t.Fatal(err)
	}
	return signed
}

// exchange posts an assertion to the token endpoint.
func (s *server) exchange(assertion string) reply {
	s.t.Helper()
	form := url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {assertion}}
	return s.form(form)
}

func (s *server) form(fields url.Values) reply {
	s.t.Helper()
	return s.do("POST", "/oauth2/token", "", fields.Encode(), "Content-Type", "application/x-www-form-urlencoded")
}

// login returns an Authorization header.
func (s *server) login(who identity) string {
	s.t.Helper()
	r := s.exchange(s.assertion(who, nil))
	s.want(r, 200)
	return "Bearer " + r.str("access_token")
}

// account creates a service account in the first project and returns its path and e-mail.
func (s *server) account(displayName string) (path, email string) {
	s.t.Helper()
	r := s.post(s.project+"/serviceaccounts", map[string]any{"displayName": displayName})
	s.want(r, 200)
	return "/v2/" + r.str("name"), r.str("email")
}

// key creates a key and returns its path and what to log in with.
func (s *server) key(accountPath string) (path string, who identity) {
	s.t.Helper()
	r := s.post(accountPath+"/keys", nil)
	s.want(r, 200)
	return "/v2/" + r.str("key.name"), identity{r.str("key.id"), r.str("secret"), s.get(accountPath).str("email")}
}

// member gives a role and returns the path of the membership.
func (s *server) member(parent, email, role string) string {
	s.t.Helper()
	r := s.post(parent+"/members", invite(email, role))
	s.want(r, 200)
	return "/v2/" + r.str("name")
}

// actor returns the Authorization header of a new account that has one role.
func (s *server) actor(parent, role string) string {
	s.t.Helper()
	path, email := s.account(role)
	_, who := s.key(path)
	s.member(parent, email, role)
	return s.login(who)
}

func invite(email string, roles ...string) map[string]any {
	return map[string]any{"email": email, "roles": roles}
}

func (s *server) want(r reply, status int) {
	s.t.Helper()
	if r.status != status {
		s.t.Fatalf("got status %d, want %d: %s", r.status, status, r.text)
	}
}

// wantError checks a whole refusal, and what its text holds.
func (s *server) wantError(r reply, status int, part string) {
	s.t.Helper()
	s.want(r, status)
	s.wantEqual(r.at("code"), float64(status))
	s.wantEqual(r.at("help"), "https://docs.d21s.com/error/#"+strconv.Itoa(status))
	if !strings.Contains(r.str("error"), part) || r.str("error") == "" {
		s.t.Fatalf("got %s, want %q in the error", r.text, part)
	}
}

func (s *server) wantEqual(got, want any) {
	s.t.Helper()
	if !reflect.DeepEqual(got, want) {
		s.t.Fatalf("got %#v, want %#v", got, want)
	}
}
