package dt_test

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

const (
	rotatingAddress = "machineid_dt_service_account_rotating_key.test"
	testAccount     = "machineid_dt_service_account.test"
	day             = 24 * time.Hour
)

// aging is a workspace whose provider has the sandbox's clock, and a gate that every login passes.
type aging struct {
	*acctest.Workspace
	server
	*gate
	t         *testing.T
	variables map[string]string
}

// aging makes a workspace of a file in testdata/rotation.
func (s server) aging(t *testing.T, file string, variables map[string]string) aging {
	t.Helper()
	g := &gate{provider: s.env["DT_SERVICE_ACCOUNT_KEY_ID"]}
	gated := s.box.Between(t, acctest.Between{Before: g.passes})
	env := acctest.With(s.env, "DT_REQUESTS_PER_SECOND", "0")
	for _, address := range []string{"DT_BASE_URL", "DT_TOKEN_URL"} {
		env[address] = gated[address]
	}
	a := aging{Workspace: acctest.NewWorkspaceAt(t, env, s.box.Now), server: s, gate: g, t: t, variables: variables}
	a.Copy("internal/service/dt/testdata/rotation/" + file)
	a.set("project", s.project)
	return a
}

// set gives a variable of the configuration a value; "" takes it away.
func (a aging) set(name, value string) {
	a.t.Helper()
	a.variables[name] = value
	if value == "" {
		delete(a.variables, name)
	}
	a.Variables(a.variables)
}

// end takes everything but the account out of the configuration, and fails the test unless no key is left.
func (a aging) end() {
	a.t.Helper()
	a.Write("main.tf", accountIn(a.project))
	a.MustApply()
	a.mustHold()
}

// settle applies, after which a plan is empty.
func (a aging) settle() {
	a.t.Helper()
	a.MustApply()
	a.MustBeQuiet()
}

// at moves the clock to that long after the start.
func (a aging) at(ahead time.Duration) {
	a.t.Helper()
	a.box.MoveClock(a.t, ahead)
}

// now is a hand whose token is good at the moved clock.
func (a aging) now() hand {
	a.t.Helper()
	return a.hand.loginAs(a.t, a.env)
}

// mustHold fails unless the system holds exactly these keys.
func (a aging) mustHold(want ...held) {
	a.t.Helper()
	names := a.box.Names(a.t, "dt", "service_account_keys")
	for _, key := range want {
		if _, there := names[key.id]; !there {
			a.t.Errorf("the system does not hold %q", key.id)
		}
	}
	if len(names) != len(want) {
		a.t.Errorf("the system holds %d keys, want %d", len(names), len(want))
	}
}

// mustLogIn fails unless a key is accepted, or refused, as it should be.
func (a aging) mustLogIn(key held, want bool) {
	a.t.Helper()
	account, _ := a.Value(testAccount, "name").(string)
	if err := a.expectLogin(a.t, heldKey{name: account + "/keys/" + key.id, account: account, secret: key.secret}, want); err != nil {
		a.t.Error(err)
	}
}

// held is one of the keys of a rotating key, as the state has it.
type held struct{ id, secret, created, retires string }

// holds reads current or previous; a key without id is none.
func (a aging) holds(attribute string) held {
	a.t.Helper()
	object, _ := a.Value(rotatingAddress, attribute).(map[string]any)
	text := func(name string) string {
		value, _ := object[name].(string)
		return value
	}
	return held{text("id"), text("secret"), text("created"), text("retires_at")}
}

// both are the current key and the previous one.
func (a aging) both() (current, previous held) {
	a.t.Helper()
	return a.holds("current"), a.holds("previous")
}

// gate decides what becomes of logins with keys other than the provider's own.
type gate struct {
	provider string
	mu       sync.Mutex
	fate     func(keyID string) fate
}

// fate is what becomes of a login.
type fate int

const (
	passed fate = iota
	// refused has the system get an assertion that nobody signed, so that the refusal is its own.
	refused
	// unanswered closes the connection.
	unanswered
)

// every has each login but the provider's own end like that.
func (g *gate) every(what fate) { g.decide(func(string) fate { return what }) }

// only has the logins with one key end like that.
func (g *gate) only(keyID string, what fate) {
	g.decide(func(id string) fate {
		if id == keyID {
			return what
		}
		return passed
	})
}

func (g *gate) decide(how func(keyID string) fate) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.fate = how
}

// passes implements the Before of [acctest.Between].
func (g *gate) passes(r *http.Request) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.fate == nil || !strings.HasSuffix(r.URL.Path, "/oauth2/token") {
		return true
	}
	body, _ := io.ReadAll(r.Body)
	form, _ := url.ParseQuery(string(body))
	if id := signer(form.Get("assertion")); id != g.provider {
		switch g.fate(id) {
		case refused:
			form.Set("assertion", "nobody."+form.Get("assertion"))
		case unanswered:
			return false
		case passed:
		}
	}
	text := form.Encode()
	r.Body, r.ContentLength = io.NopCloser(strings.NewReader(text)), int64(len(text))
	return true
}

// signer is the id of the key that an assertion names.
func signer(assertion string) string {
	first, _, _ := strings.Cut(assertion, ".")
	decoded, _ := base64.RawURLEncoding.DecodeString(first)
	var header struct {
		KeyID string `json:"kid"`
	}
	_ = json.Unmarshal(decoded, &header) // an odd assertion names no key
	return header.KeyID
}

// isRotated tells that a plan makes a new current key.
func isRotated(plan *tfjson.Plan) bool {
	for _, change := range plan.ResourceChanges {
		if open, _ := change.Change.AfterUnknown.(map[string]any); change.Address == rotatingAddress && open != nil {
			object, _ := open["current"].(map[string]any)
			return open["current"] == true || object["id"] == true
		}
	}
	return false
}

// whole is every attribute of a resource.
func (a aging) whole(address string) map[string]any {
	a.t.Helper()
	for _, resource := range a.State().Values.RootModule.Resources {
		if resource.Address == address {
			return resource.AttributeValues
		}
	}
	return nil
}

// identity is the name in the identity of a resource.
func (a aging) identity(address string) string {
	a.t.Helper()
	for _, resource := range a.State().Values.RootModule.Resources {
		if resource.Address == address {
			name, _ := resource.IdentityValues["name"].(string)
			return name
		}
	}
	return ""
}
