package neowittest_test

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage"
	"github.com/machineid/terraform-provider-machineid/internal/service/neowit/neowittest"
)

// noon is when the clock of a fake under test stands still, unless it is moved.
var noon = time.Date(2026, 7, 2, 12, 0, 0, 123456000, time.UTC)

const (
	tokenPath = "/api/auth/oauth/token"
	accounts  = "/api/service-account/v1/service-account"
)

// server is a fake under test.
type server struct {
	t     *testing.T
	fake  stage.System
	url   string
	clock *stage.Clock
	seed  identity
	admin string // the Authorization header of the seeded account

	own, child, foreign string // organization ids
}

// identity is what an account logs in with.
type identity struct {
	account, key, secret string
}

func (i identity) basic() string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(i.key+":"+i.secret))
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
	fake := neowittest.New(clock)
	listener := httptest.NewServer(fake)
	t.Cleanup(listener.Close)
	s := &server{t: t, fake: fake, url: listener.URL, clock: clock}
	s.readSeeds()
	s.admin = s.login(s.seed)
	return s
}

func (s *server) readSeeds() {
	variables := s.fake.Environment(s.url)
	s.seed = identity{variables["NEOWIT_SERVICE_ACCOUNT_ID"], variables["NEOWIT_KEY_ID"], variables["NEOWIT_SECRET"]}
	s.own = variables["TF_VAR_neowit_org_id"]
	for _, object := range s.fake.Objects()["organizations"] {
		switch {
		case object.Parent == s.own:
			s.child = object.ID
		case object.ID != s.own:
			s.foreign = object.ID
		}
	}
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

// at returns a member of an object, nil if there is none.
func (r reply) at(name string) any {
	object, _ := r.value.(map[string]any)
	return object[name]
}

func (r reply) str(name string) string {
	text, _ := r.at(name).(string)
	return text
}

// names returns the name of every account in a list.
func (r reply) names() []any {
	list, bare := r.value.([]any)
	if !bare {
		list, _ = r.at("serviceAccounts").([]any)
	}
	names := []any{}
	for _, object := range list {
		names = append(names, object.(map[string]any)["name"])
	}
	return names
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

// get, post, patch, put and del are requests of the seeded account.
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

func (s *server) put(path string, body any) reply {
	s.t.Helper()
	return s.do("PUT", path, s.admin, body)
}

func (s *server) del(path string) reply {
	s.t.Helper()
	return s.do("DELETE", path, s.admin, nil)
}

// assertion signs claims with HS256. Each change overwrites a claim, or removes it by nil.
func (s *server) assertion(who identity, changes map[string]any) string {
	s.t.Helper()
	now := s.clock.Unmoved().Unix()
	claims := jwt.MapClaims{
		"iss": who.account, "sub": who.account, "aud": s.url + tokenPath, "iat": now, "exp": now + 3600,
	}
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
	return s.form(url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {assertion}})
}

func (s *server) form(fields url.Values) reply {
	s.t.Helper()
	return s.do("POST", tokenPath, "", fields.Encode(), "Content-Type", "application/x-www-form-urlencoded")
}

// login returns an Authorization header.
func (s *server) login(who identity) string {
	s.t.Helper()
	r := s.exchange(s.assertion(who, nil))
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

// key creates a key and returns its path and what to log in with. The account's path may have a query.
func (s *server) key(accountPath string) (path string, who identity) {
	s.t.Helper()
	account, query, _ := strings.Cut(accountPath, "?")
	r := s.post(account+"/key?"+query, `{}`)
	s.want(r, 201)
	return account + "/key/" + r.str("keyId"), identity{last(account), r.str("keyId"), r.str("secret")}
}

func last(path string) string { return path[strings.LastIndex(path, "/")+1:] }

func (s *server) want(r reply, status int) {
	s.t.Helper()
	if r.status != status {
		s.t.Fatalf("got status %d, want %d: %s", r.status, status, r.text)
	}
}

// wantNothing checks a success without a body.
func (s *server) wantNothing(r reply, status int) {
	s.t.Helper()
	s.want(r, status)
	if r.text != "" || r.header.Get("Content-Type") != "" {
		s.t.Fatalf("got %q of type %q, want no body", r.text, r.header.Get("Content-Type"))
	}
}

var traceForm = regexp.MustCompile(`^[0-9a-f]{32}$`)

// wantError checks a whole refusal. Hints on fields are given as name and text by turns.
func (s *server) wantError(r reply, status int, reason string, hints ...string) {
	s.t.Helper()
	s.want(r, status)
	if !traceForm.MatchString(r.str("traceID")) {
		s.t.Fatalf("got the traceID %q", r.str("traceID"))
	}
	want := map[string]any{
		"reason": reason, "status": strings.ToLower(http.StatusText(status)), "traceID": r.str("traceID"),
	}
	if len(hints) > 0 {
		validations := map[string]any{}
		for i := 0; i < len(hints); i += 2 {
			validations[hints[i]] = hints[i+1]
		}
		want["validations"] = validations
	}
	s.wantEqual(r.value, want)
}

func (s *server) wantEqual(got, want any) {
	s.t.Helper()
	if !reflect.DeepEqual(got, want) {
		s.t.Fatalf("got %#v, want %#v", got, want)
	}
}
