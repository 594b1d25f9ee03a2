package keycardtest_test

import (
	"encoding/base64"
	"iter"
	"maps"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage"
	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage/stagetest"
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
	*stagetest.Fake
	passed *atomic.Int64 // since noon, for the machine's clock too

	organization string // the id of the main one
	seed         identity
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
	s := &server{Fake: stagetest.Serve(t, keycardtest.New, func() time.Time { return noon.Add(time.Duration(passed.Load())) }), passed: passed}
	s.readSeeds()
	s.Admin = s.login(s.seed)
	return s
}

func (s *server) readSeeds() {
	variables := s.Environment(s.URL)
	s.seed = identity{variables["KEYCARD_CLIENT_ID"], variables["KEYCARD_CLIENT_SECRET"]}
	s.organization = variables["TF_VAR_keycard_organization_id"]
}

// exchange logs in by HTTP Basic.
func (s *server) exchange(who identity) stagetest.Reply {
	s.T.Helper()
	return s.form(who.basic(), url.Values{"grant_type": {"client_credentials"}})
}

func (s *server) form(authorization string, fields url.Values) stagetest.Reply {
	s.T.Helper()
	return s.Do("POST", tokenPath, authorization, fields.Encode(), "Content-Type", "application/x-www-form-urlencoded")
}

// login returns an Authorization header.
func (s *server) login(who identity) string {
	s.T.Helper()
	r := s.exchange(who)
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

// credential creates a credential and returns its path and what to log in with.
func (s *server) credential(account, name string) (path string, who identity) {
	s.T.Helper()
	r := s.Post(account+"/credentials", map[string]any{"name": name})
	s.Want(r, 201)
	return account + "/credentials/" + r.Str("id"), identity{r.Str("client_id"), r.Str("client_secret")}
}

// seeded finds a seeded account by its name.
func (s *server) seeded(name string) stage.Object {
	s.T.Helper()
	for _, object := range s.Objects()["service_accounts"] {
		if object.Seeded && object.Name == name {
			return object
		}
	}
	s.T.Fatalf("there is no account %s", name)
	return stage.Object{}
}

func last(path string) string { return path[strings.LastIndex(path, "/")+1:] }

var codes = map[int]string{400: "bad_request", 401: "unauthorized", 403: "forbidden", 404: "not_found", 409: "conflict"}

// wantError checks a whole refusal of the API, and what its message holds.
func (s *server) wantError(r stagetest.Reply, status int, part string) {
	s.T.Helper()
	s.Want(r, status)
	s.WantEqual(r.Value, map[string]any{"message": r.At("message"), "code": codes[status], "status": float64(status)})
	if !strings.Contains(r.Str("message"), part) {
		s.T.Fatalf("got %s, want %q in the message", r.Text, part)
	}
}

// has tells if the object has a member, be it null.
func has(r stagetest.Reply, name string) bool {
	object, _ := r.Value.(map[string]any)
	_, present := object[name]
	return present
}

// keys are the names of an object's members.
func keys(value any) iter.Seq[string] {
	object, _ := value.(map[string]any)
	return maps.Keys(object)
}
