package dttest_test

import (
	"maps"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage/stagetest"
	"github.com/machineid/terraform-provider-machineid/internal/service/dt/dttest"
)

// noon is when the clock of a fake under test stands still, unless it is moved.
var noon = time.Date(2026, 7, 2, 12, 0, 0, 123456000, time.UTC)

// server is a fake under test.
type server struct {
	*stagetest.Fake
	seed identity

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
	s := &server{Fake: stagetest.Serve(t, dttest.New, func() time.Time { return noon })}
	s.readEnvironment()
	s.Admin = s.login(s.seed)
	return s
}

func (s *server) readEnvironment() {
	variables := s.Environment(s.URL)
	s.seed = identity{
		variables["DT_SERVICE_ACCOUNT_KEY_ID"], variables["DT_SERVICE_ACCOUNT_SECRET"], variables["DT_SERVICE_ACCOUNT_EMAIL"],
	}
	s.project, s.other = "/v2/"+variables["TF_VAR_dt_project"], "/v2/"+variables["TF_VAR_dt_other_project"]
	s.organization = "/v2/" + variables["TF_VAR_dt_organization"]
}

// assertion signs claims with HS256. Each change overwrites a claim, or removes it by nil.
func (s *server) assertion(who identity, changes map[string]any) string {
	s.T.Helper()
	now := s.Clock.Unmoved().Unix()
	claims := jwt.MapClaims{"iss": who.email, "aud": s.URL + "/oauth2/token", "iat": now, "exp": now + 3600}
	maps.Copy(claims, changes)
	maps.DeleteFunc(claims, func(_ string, value any) bool { return value == nil })
	unsigned := jwt.NewWithClaims(jwt.SigningMethodHS256, claims)
	unsigned.Header["kid"] = who.key
	signed, err := unsigned.SignedString([]byte(who.secret))
	if err != nil {
		s.T.Fatal(err)
	}
	return signed
}

// exchange posts an assertion to the token endpoint.
func (s *server) exchange(assertion string) stagetest.Reply {
	s.T.Helper()
	form := url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {assertion}}
	return s.form(form)
}

func (s *server) form(fields url.Values) stagetest.Reply {
	s.T.Helper()
	return s.Do("POST", "/oauth2/token", "", fields.Encode(), "Content-Type", "application/x-www-form-urlencoded")
}

// login returns an Authorization header.
func (s *server) login(who identity) string {
	s.T.Helper()
	r := s.exchange(s.assertion(who, nil))
	s.Want(r, 200)
	return "Bearer " + r.Str("access_token")
}

// account creates a service account in the first project and returns its path and e-mail.
func (s *server) account(displayName string) (path, email string) {
	s.T.Helper()
	r := s.Post(s.project+"/serviceaccounts", map[string]any{"displayName": displayName})
	s.Want(r, 200)
	return "/v2/" + r.Str("name"), r.Str("email")
}

// key creates a key and returns its path and what to log in with.
func (s *server) key(accountPath string) (path string, who identity) {
	s.T.Helper()
	r := s.Post(accountPath+"/keys", nil)
	s.Want(r, 200)
	return "/v2/" + r.Str("key.name"), identity{r.Str("key.id"), r.Str("secret"), s.Get(accountPath).Str("email")}
}

// member gives a role and returns the path of the membership.
func (s *server) member(parent, email, role string) string {
	s.T.Helper()
	r := s.Post(parent+"/members", invite(email, role))
	s.Want(r, 200)
	return "/v2/" + r.Str("name")
}

// actor returns the Authorization header of a new account that has one role.
func (s *server) actor(parent, role string) string {
	s.T.Helper()
	path, email := s.account(role)
	_, who := s.key(path)
	s.member(parent, email, role)
	return s.login(who)
}

func invite(email string, roles ...string) map[string]any {
	return map[string]any{"email": email, "roles": roles}
}

// wantError checks a whole refusal, and what its text holds.
func (s *server) wantError(r stagetest.Reply, status int, part string) {
	s.T.Helper()
	s.Want(r, status)
	s.WantEqual(r.At("code"), float64(status))
	s.WantEqual(r.At("help"), "https://docs.d21s.com/error/#"+strconv.Itoa(status))
	if !strings.Contains(r.Str("error"), part) || r.Str("error") == "" {
		s.T.Fatalf("got %s, want %q in the error", r.Text, part)
	}
}
