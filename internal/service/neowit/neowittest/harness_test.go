package neowittest_test

import (
	"encoding/base64"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage/stagetest"
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
	*stagetest.Fake
	seed identity

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
	s := &server{Fake: stagetest.Serve(t, neowittest.New, func() time.Time { return noon })}
	s.readSeeds()
	s.Admin = s.login(s.seed)
	return s
}

func (s *server) readSeeds() {
	variables := s.Environment(s.URL)
	s.seed = identity{variables["NEOWIT_SERVICE_ACCOUNT_ID"], variables["NEOWIT_KEY_ID"], variables["NEOWIT_SECRET"]}
	s.own = variables["TF_VAR_neowit_org_id"]
	for _, object := range s.Objects()["organizations"] {
		switch {
		case object.Parent == s.own:
			s.child = object.ID
		case object.ID != s.own:
			s.foreign = object.ID
		}
	}
}

// names returns the name of every account in a list, which may be bare.
func names(r stagetest.Reply) []any {
	if _, bare := r.Value.([]any); bare {
		return r.Each("", "name")
	}
	return r.Each("serviceAccounts", "name")
}

// put is a request of the seeded account.
func (s *server) put(path string, body any) stagetest.Reply {
	s.T.Helper()
	return s.Do("PUT", path, s.Admin, body)
}

// assertion signs claims with HS256. Each change overwrites a claim, or removes it by nil.
func (s *server) assertion(who identity, changes map[string]any) string {
	s.T.Helper()
	now := s.Clock.Unmoved().Unix()
	claims := jwt.MapClaims{
		"iss": who.account, "sub": who.account, "aud": s.URL + tokenPath, "iat": now, "exp": now + 3600,
	}
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
	return s.form(url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {assertion}})
}

func (s *server) form(fields url.Values) stagetest.Reply {
	s.T.Helper()
	return s.Do("POST", tokenPath, "", fields.Encode(), "Content-Type", "application/x-www-form-urlencoded")
}

// login returns an Authorization header.
func (s *server) login(who identity) string {
	s.T.Helper()
	r := s.exchange(s.assertion(who, nil))
	s.Want(r, 200)
	return "Bearer " + r.Str("access_token")
}

// account creates a service account and returns its path.
func (s *server) account(name string) string {
	s.T.Helper()
	r := s.Post(accounts, map[string]any{"name": name})
	s.Want(r, 201)
	return accounts + "/" + r.Str("id")
}

// key creates a key and returns its path and what to log in with. The account's path may have a query.
func (s *server) key(accountPath string) (path string, who identity) {
	s.T.Helper()
	account, query, _ := strings.Cut(accountPath, "?")
	r := s.Post(account+"/key?"+query, `{}`)
	s.Want(r, 201)
	return account + "/key/" + r.Str("keyId"), identity{last(account), r.Str("keyId"), r.Str("secret")}
}

func last(path string) string { return path[strings.LastIndex(path, "/")+1:] }

var traceForm = regexp.MustCompile(`^[0-9a-f]{32}$`)

// wantError checks a whole refusal. Hints on fields are given as name and text by turns.
func (s *server) wantError(r stagetest.Reply, status int, reason string, hints ...string) {
	s.T.Helper()
	s.Want(r, status)
	if !traceForm.MatchString(r.Str("traceID")) {
		s.T.Fatalf("got the traceID %q", r.Str("traceID"))
	}
	want := map[string]any{
		"reason": reason, "status": strings.ToLower(http.StatusText(status)), "traceID": r.Str("traceID"),
	}
	if len(hints) > 0 {
		validations := map[string]any{}
		for i := 0; i < len(hints); i += 2 {
			validations[hints[i]] = hints[i+1]
		}
		want["validations"] = validations
	}
	s.WantEqual(r.Value, want)
}
