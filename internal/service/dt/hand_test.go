package dt_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// server is the sandbox of a test, with a hand that may do everything in it.
type server struct {
	box  *acctest.Box
	env  map[string]string
	hand hand
	// project and otherProject are projects/<id>, organization is organizations/<id>.
	project, otherProject, organization string
}

// target starts a sandbox for a test.
func target(t testing.TB) server {
	t.Helper()
	box := acctest.Sandbox(t)
	env := box.Env()
	made := server{
		box: box, env: env, hand: hand{url: env["DT_BASE_URL"]}.loginAs(t, env),
		project: env["TF_VAR_dt_project"], otherProject: env["TF_VAR_dt_other_project"], organization: env["TF_VAR_dt_organization"],
	}
	box.ForgetRequests(t) // of the hand's login
	return made
}

// hand does by wire what somebody else might do beside Terraform. It shares no code with the client under test, so a
// mistake in that client cannot hide here too.
type hand struct {
	url           string
	authorization string
}

// secretText is what a secret or a token looks like.
var secretText = regexp.MustCompile(`\b[0-9a-f]{32,}\b`)

// shown is the body as it may stand in a failure.
func shown(r acctest.Reply) string { return secretText.ReplaceAllString(r.Text, "(secret)") }

// loginAs logs in as the service account that an environment names.
func (h hand) loginAs(t testing.TB, env map[string]string) hand {
	t.Helper()
	caller, ok := h.login(t, env["DT_TOKEN_URL"], env["DT_SERVICE_ACCOUNT_KEY_ID"], env["DT_SERVICE_ACCOUNT_SECRET"], env["DT_SERVICE_ACCOUNT_EMAIL"])
	if !ok {
		t.Fatal("the server refuses the login")
	}
	return caller
}

// login exchanges an assertion for a token. The second result is false if the server refuses it.
func (h hand) login(t testing.TB, tokenURL, keyID, secret, email string) (hand, bool) {
	t.Helper()
	part := func(value any) string {
		encoded, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		return base64.RawURLEncoding.EncodeToString(encoded)
	}
	now := time.Now().Unix()
	signed := part(map[string]any{"alg": "HS256", "kid": keyID}) + "." +
		part(map[string]any{"iat": now, "exp": now + 600, "aud": tokenURL, "iss": email})
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(signed))
	form := url.Values{
		"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"},
		"assertion":  {signed + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))},
	}
	got := acctest.Call{Method: http.MethodPost, URL: tokenURL, Form: form}.Send(t)
	token, _ := acctest.At(got.Body, "access_token").(string)
	return h.as("Bearer " + token), got.Status == http.StatusOK && token != ""
}

func (h hand) as(authorization string) hand { return hand{url: h.url, authorization: authorization} }

// call sends a request about a resource name, such as projects/<id>. A nil body is not sent.
func (h hand) call(t testing.TB, method, name string, body any) acctest.Reply {
	t.Helper()
	return acctest.Call{Method: method, URL: h.url + "/v2/" + name, Authorization: h.authorization, JSON: body}.Send(t)
}

// must is [hand.call], and fails the test unless it works.
func (h hand) must(t testing.TB, method, name string, body any) any {
	t.Helper()
	got := h.call(t, method, name, body)
	if got.Status != http.StatusOK {
		t.Fatalf("%s %s answered %d: %s", method, name, got.Status, shown(got))
	}
	return got.Body
}

func (h hand) read(t testing.TB, name string) any {
	t.Helper()
	return h.must(t, http.MethodGet, name, nil)
}

func (h hand) patch(t testing.TB, name string, fields map[string]any) {
	t.Helper()
	h.must(t, http.MethodPatch, name, fields)
}

func (h hand) delete(t testing.TB, name string) {
	t.Helper()
	h.must(t, http.MethodDelete, name, nil)
}

// createAccount makes a service account in projects/<id>.
func (h hand) createAccount(t testing.TB, project, displayName string) (name, email string) {
	t.Helper()
	made := h.must(t, http.MethodPost, project+"/serviceaccounts", map[string]any{"displayName": displayName})
	return acctest.At(made, "name").(string), acctest.At(made, "email").(string)
}

// createKey makes a key of projects/<id>/serviceaccounts/<id>.
func (h hand) createKey(t testing.TB, account string) (name, secret string) {
	t.Helper()
	made := h.must(t, http.MethodPost, account+"/keys", nil)
	return acctest.At(made, "key", "name").(string), acctest.At(made, "secret").(string)
}

// createMember gives an account or user a role in projects/<id> or organizations/<id>.
func (h hand) createMember(t testing.TB, parent, email, role string) (name string) {
	t.Helper()
	made := h.must(t, http.MethodPost, parent+"/members", map[string]any{"email": email, "roles": []string{role}})
	return acctest.At(made, "name").(string)
}

// createProject makes an empty project in organizations/<id>.
func (h hand) createProject(t testing.TB, organization, displayName string) (name string) {
	t.Helper()
	made := h.must(t, http.MethodPost, "projects", map[string]any{"organization": organization, "displayName": displayName})
	return acctest.At(made, "name").(string)
}

// caller makes a service account of the first project, with a key and with roles given as parent and role in turn. It
// returns the account's name and the environment of a provider that logs in as it.
func (s server) caller(t testing.TB, parentsAndRoles ...string) (account string, env map[string]string) {
	t.Helper()
	account, email := s.hand.createAccount(t, s.project, "caller")
	key, secret := s.hand.createKey(t, account)
	for i := 0; i < len(parentsAndRoles); i += 2 {
		s.hand.createMember(t, parentsAndRoles[i], email, parentsAndRoles[i+1])
	}
	env = acctest.With(s.env, "DT_SERVICE_ACCOUNT_KEY_ID", last(key))
	env["DT_SERVICE_ACCOUNT_SECRET"], env["DT_SERVICE_ACCOUNT_EMAIL"] = secret, email
	s.box.ForgetRequests(t)
	return account, env
}

// last is the id in a resource name.
func last(name string) string { return name[strings.LastIndexByte(name, '/')+1:] }
