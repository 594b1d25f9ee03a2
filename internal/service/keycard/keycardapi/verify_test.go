package keycardapi_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
	"github.com/machineid/terraform-provider-machineid/internal/service/keycard/keycardapi"
)

// The credential that is to be verified, which is not the client's own.
const verifiedID, verifiedSecret = "V1v2V3v4V5v6V7v8V9v0V", "v3rified-s3cr3t"

// reception is a token endpoint that answers each login with the same.
type reception struct {
	status int
	body   string
	// behind is how far its clock is behind this machine's.
	behind time.Duration
	// cut closes the connection in place of an answer.
	cut bool

	styles chan string
}

// ServeHTTP implements [http.Handler]. It notes how it was sent what is to be verified.
func (r *reception) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	id, secret, inHeader := request.BasicAuth()
	switch {
	case inHeader && id == verifiedID && secret == verifiedSecret:
		r.styles <- "basic"
	case request.FormValue("client_id") == verifiedID && request.FormValue("client_secret") == verifiedSecret:
		r.styles <- "form"
	default:
		r.styles <- "another: " + request.URL.Path
	}
	if r.cut {
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Content-Type", "application/json")
	if strings.HasPrefix(r.body, "<") {
		w.Header().Set("Content-Type", "text/html")
	}
	w.Header().Set("Date", time.Now().Add(-r.behind).UTC().Format(http.TimeFormat))
	w.WriteHeader(r.status)
	_, _ = fmt.Fprint(w, r.body)
}

func (r *reception) client(t *testing.T) *keycardapi.Client {
	t.Helper()
	r.styles = make(chan string, 9)
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	return newClient(t, keycardapi.Config{BaseURL: server.URL, ClientID: clientID, ClientSecret: secret, HTTP: rest.HTTP{Timeout: 5 * time.Second}})
}

// Only a refusal by the endpoint itself is one, and only by a clock that this machine's agrees with. Whatever else happens
// tells nothing about the credential. The client's own is never sent.
func TestACredentialIsVerified(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		reception
		accepted bool
		failure  string // in the error; "" for none
		want     string // how it was sent
	}{
		"accepted":                 {reception{status: 200, body: tokenJSON}, true, "", "basic"},
		"accepted by a far clock":  {reception{status: 200, body: tokenJSON, behind: time.Hour}, true, "", "basic"},
		"refused with status 401":  {reception{status: 401, body: badClient}, false, "", "basic form"},
		"refused with status 400":  {reception{status: 400, body: badRequest}, false, "", "basic form"},
		"refused in no words":      {reception{status: 401}, false, "", "basic form"},
		"refused by a slow clock":  {reception{status: 401, body: badClient, behind: time.Hour}, false, "401", "basic form"},
		"refused by a fast clock":  {reception{status: 401, body: badClient, behind: -time.Hour}, false, "401", "basic form"},
		"refused by a page":        {reception{status: 401, body: page}, false, "401", "basic form"},
		"no permission":            {reception{status: 403, body: `{"message":"no"}`}, false, "403", "basic"},
		"no such route":            {reception{status: 404, body: `{}`}, false, "404", "basic"},
		"too many requests":        {reception{status: 429, body: `{}`}, false, "429", "basic"},
		"out of order":             {reception{status: 500, body: `{"message":"broken"}`}, false, "broken", "basic"},
		"overloaded":               {reception{status: 503, body: page}, false, "503", "basic"},
		"a page":                   {reception{status: 200, body: page}, false, "web page", "basic"},
		"another JSON":             {reception{status: 200, body: `{}`}, false, "no access token", "basic"},
		"no answer":                {reception{cut: true}, false, "EOF", "basic"},
		"an answer of another API": {reception{status: 302, body: `{}`}, false, "redirects", "basic"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			accepted, err := test.client(t).Verify(t.Context(), verifiedID, verifiedSecret)
			if accepted != test.accepted || (err != nil) != (test.failure != "") || !strings.Contains(errorText(err), test.failure) {
				t.Errorf("accepted: %t, %v", accepted, err)
			}
			var styles []string
			for range len(test.styles) {
				styles = append(styles, <-test.styles)
			}
			if sent := strings.Join(styles, " "); sent != test.want {
				t.Errorf("sent %s, want %s", sent, test.want)
			}
			if strings.Contains(errorText(err), verifiedSecret) {
				t.Error("the error tells the secret")
			}
		})
	}
}

// A server that takes the credential in the form only is asked in both ways.
func TestACredentialIsVerifiedInTheForm(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string][]answer{login: {{401, badClient}, {200, tokenJSON}}})
	if accepted, err := s.client().Verify(t.Context(), verifiedID, verifiedSecret); !accepted || err != nil || len(s.Requests(login)) != 2 {
		t.Errorf("accepted: %t, after %d logins, %v", accepted, len(s.Requests(login)), err)
	}
}

// Nobody listens, or nobody waits: neither is a refusal.
func TestACredentialThatCannotBeVerified(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	client := newClient(t, keycardapi.Config{BaseURL: server.URL, ClientID: clientID, ClientSecret: secret, HTTP: rest.HTTP{Timeout: time.Second}})
	if accepted, err := client.Verify(t.Context(), verifiedID, verifiedSecret); accepted || err == nil {
		t.Errorf("nobody listens: %t, %v", accepted, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	open := &reception{status: 401, body: badClient}
	if accepted, err := open.client(t).Verify(ctx, verifiedID, verifiedSecret); accepted || err == nil || len(open.styles) != 0 {
		t.Errorf("nobody waits: %t, %v", accepted, err)
	}
}

// The fake accepts what it has made until that is deleted, whatever becomes of the client's own credential.
func TestACredentialIsVerifiedByTheFake(t *testing.T) {
	t.Parallel()
	for _, way := range []string{"both", "basic", "body"} {
		client, ctx := sandbox(t, map[string]string{"client_auth": way}), t.Context()
		account, err := client.CreateServiceAccount(ctx, "acme", keycardapi.Fields{Name: "ci"})
		if err != nil {
			t.Fatal(err)
		}
		made, err := client.CreateCredential(ctx, "acme", account.ID, keycardapi.Fields{Name: "ci"})
		if err != nil {
			t.Fatal(err)
		}
		verify := func(secret string) bool {
			accepted, err := client.Verify(ctx, made.ClientID, secret)
			if err != nil {
				t.Error(err)
			}
			return accepted
		}
		if !verify(made.ClientSecret) || verify("another") {
			t.Errorf("%s: not the right secret is accepted", way)
		}
		if err := client.DeleteCredential(ctx, "acme", account.ID, made.ID, time.Time{}); err != nil || verify(made.ClientSecret) {
			t.Errorf("%s: a deleted credential is accepted, or %v", way, err)
		}
	}
}
