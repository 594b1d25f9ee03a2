package neowit_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// meddler stands before a sandbox and changes the answers to creations, as long as it is on.
type meddler struct {
	url string
	on  atomic.Bool
}

// meddle changes every object that a POST below the accounts is answered with.
func meddle(t *testing.T, address string, change func(object map[string]any)) *meddler {
	t.Helper()
	target, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	m := &meddler{}
	m.on.Store(true)
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) },
		ModifyResponse: func(response *http.Response) error {
			if !m.on.Load() || response.Request.Method != http.MethodPost || response.StatusCode != http.StatusCreated {
				return nil
			}
			var object map[string]any
			if err := json.NewDecoder(response.Body).Decode(&object); err != nil {
				return err
			}
			change(object)
			body, err := json.Marshal(object)
			if err != nil {
				return err
			}
			response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
			response.Header.Set("Content-Length", strconv.Itoa(len(body)))
			return nil
		},
	}
	server := httptest.NewServer(proxy)
	t.Cleanup(server.Close)
	m.url = server.URL
	return m
}

// An answer that lacks or garbles something still brings the object into the state. The next apply replaces it, and
// nothing is left behind, also where nothing can be read.
func TestAnOddAnswerLosesNothing(t *testing.T) {
	t.Parallel()
	without := func(member string) func(map[string]any) {
		return func(object map[string]any) { delete(object, member) }
	}
	garbled := func(member string) func(map[string]any) {
		return func(object map[string]any) { object[member] = map[string]any{"odd": true} }
	}
	for name, test := range map[string]struct {
		address, attribute string
		change             func(map[string]any)
		want               string
		secret             bool // is known
	}{
		"a key without a secret":          {keyAddress, "key_id", without("secret"), "lacks its secret", false},
		"a key with an odd moment":        {keyAddress, "key_id", garbled("created"), "cannot be read as a whole", true},
		"an account with an odd moment":   {accountAddress, "id", garbled("created"), "cannot be read as a whole", false},
		"an account with an odd name":     {accountAddress, "id", garbled("name"), "cannot be read as a whole", false},
		"an account with keys of nothing": {accountAddress, "id", func(object map[string]any) { object["keys"] = []any{17} }, "cannot be read as a whole", false},
	} {
		for _, read := range []string{"on", "off"} {
			t.Run(name+", reading is "+read, func(t *testing.T) {
				t.Parallel()
				server := target(t)
				server.box.Set(t, "neowit", map[string]string{"list": read, "get": read})
				odd := meddle(t, server.box.URL, test.change)
				w := acctest.NewWorkspace(t, acctest.With(server.env, "NEOWIT_BASE_URL", odd.url+strings.TrimPrefix(server.env["NEOWIT_BASE_URL"], server.box.URL)))
				account := server.hand.createAccount(t, "", "holder")
				config := keyOf(`"` + account + `"`)
				if test.address == accountAddress {
					config = accountNamed("ci")
				}
				w.Write("main.tf", config)
				printed := w.ApplyMustFail("Cannot create Neowit service account", test.want, "It exists, and is in the state as far as it is known. The next apply replaces it.")
				id, _ := w.Value(test.address, test.attribute).(string)
				if secret, _ := w.Value(test.address, "secret").(string); id == "" || (secret != "") != test.secret {
					t.Fatalf("the state has the id %q, and a secret: %t\n%s", id, secret != "", printed)
				}
				odd.on.Store(false)
				if plan, printed, _ := w.Plan(); acctest.Actions(plan, test.address) != "delete+create" {
					t.Errorf("it is to be replaced:\n%s", printed)
				}
				w.MustApply()
				if _, printed, changes := w.Plan(); changes {
					t.Errorf("a plan after apply is not empty:\n%s", printed)
				}
				if w.Value(test.address, test.attribute) == id {
					t.Error("it was not replaced")
				}
				w.MustDestroy()
				if left := server.box.Made(t, "neowit"); len(left) != 1 || left[0].ID != account {
					t.Errorf("left behind: %v", left)
				}
			})
		}
	}
}

// An answer without a moment of creation is no reason to forget a key, and no reason to fail where nothing can be read.
func TestAKeyWithoutAMoment(t *testing.T) {
	t.Parallel()
	server := target(t)
	server.box.Set(t, "neowit", map[string]string{"list": "off", "get": "off"})
	odd := meddle(t, server.box.URL, func(object map[string]any) { delete(object, "created") })
	w := acctest.NewWorkspace(t, acctest.With(server.env, "NEOWIT_BASE_URL", odd.url+strings.TrimPrefix(server.env["NEOWIT_BASE_URL"], server.box.URL)))
	w.Write("main.tf", accountNamed("ci")+keyOf(accountAddress+".id"))
	w.MustApply()
	if w.Value(keyAddress, "created") != nil || w.Value(accountAddress, "created") != nil || w.Value(accountAddress, "created_unix") != nil {
		t.Error("a moment was made up")
	}
	w.MustBeQuiet()
	w.MustDestroy()
	server.box.MustBeEmpty(t, "neowit")
}

// What an answer does not name is looked for, and replaced like anything of which too little is known.
func TestAnAnswerWithoutAnID(t *testing.T) {
	t.Parallel()
	server := target(t)
	odd := meddle(t, server.box.URL, func(object map[string]any) { delete(object, "keyId"); delete(object, "id") })
	w := acctest.NewWorkspace(t, acctest.With(server.env, "NEOWIT_BASE_URL", odd.url+strings.TrimPrefix(server.env["NEOWIT_BASE_URL"], server.box.URL)))
	for _, config := range []string{accountNamed("ci"), keyOf(`"` + server.hand.createAccount(t, "", "holder") + `"`)} {
		w.Write("main.tf", config)
		odd.on.Store(true)
		w.ApplyMustFail("Cannot create Neowit service account", "lacks its id", "was made there just then", "the next apply replaces it")
		odd.on.Store(false)
		w.MustApply()
		w.MustBeQuiet()
	}
	w.MustDestroy()
	if left := server.box.Made(t, "neowit"); len(left) != 1 || left[0].Name != "holder" {
		t.Errorf("left behind: %v", left)
	}
}
