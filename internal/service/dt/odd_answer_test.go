package dt_test

import (
	"bytes"
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

// garbler stands before a sandbox and spoils the creation times in the answers to creations, as long as it is on.
type garbler struct {
	url string
	on  atomic.Bool
}

func garble(t *testing.T, address string) *garbler {
	t.Helper()
	target, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	g := &garbler{}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) },
		ModifyResponse: func(response *http.Response) error {
			if !g.on.Load() || response.Request.Method != http.MethodPost {
				return nil
			}
			body, err := io.ReadAll(response.Body)
			if err != nil {
				return err
			}
			body = []byte(strings.ReplaceAll(string(body), `"createTime":"`, `"createTime":"garbage `))
			response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
			response.Header.Set("Content-Length", strconv.Itoa(len(body)))
			return nil
		},
	}
	server := httptest.NewServer(proxy)
	t.Cleanup(server.Close)
	g.url = server.URL
	return g
}

// An answer that cannot be read as a whole still brings the object, and its secret, into the state. The next apply
// replaces it, and nothing is left behind.
func TestAnOddAnswerLosesNothing(t *testing.T) {
	t.Parallel()
	server := target(t)
	account, email := server.hand.createAccount(t, server.project, "holder")
	for name, test := range map[string]struct{ address, configuration, nouns string }{
		"an account":             {accountAddress, accountIn(server.project), "service_accounts"},
		"a key":                  {keyAddress, keyOf(account), "service_account_keys"},
		"a project member":       {projectMemberAddress, memberIn(server.otherProject, email, "roles/project.user"), "project_members"},
		"an organization member": {organizationMemberAddress, memberOf(server.organization, email, "roles/organization.admin"), "organization_members"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			odd := garble(t, server.env["DT_BASE_URL"])
			odd.on.Store(true)
			w := acctest.NewWorkspace(t, acctest.With(server.env, "DT_BASE_URL", odd.url))
			w.Write("main.tf", test.configuration)
			printed := w.ApplyMustFail("Cannot create DT", "cannot be read as a whole", "It exists, and is in the state as far as it is known. The next apply replaces it.")
			made, _ := w.Value(test.address, "name").(string)
			if made == "" {
				t.Fatalf("the object is not in the state:\n%s", printed)
			}
			server.hand.read(t, made)
			if secret, _ := w.Value(test.address, "secret").(string); test.address == keyAddress {
				holder := heldKey{name: made, account: account, secret: secret}
				if err := server.expectLogin(t, holder, true); err != nil {
					t.Error(err)
				}
			}
			odd.on.Store(false)
			w.MustApply()
			w.MustBeQuiet()
			if test.address != projectMemberAddress && test.address != organizationMemberAddress && w.Value(test.address, "name") == made {
				t.Error("the object was not replaced")
			}
			w.MustDestroy()
			for _, left := range server.box.Objects(t, "dt", test.nouns) {
				if left.ID != last(account) {
					t.Errorf("left behind: %v", left)
				}
			}
		})
	}
}
