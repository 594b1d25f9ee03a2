package keycardtest

import (
	"net/http"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage"
)

const (
	tokenPath        = "/service-account-token"
	organizationList = "/organizations"
	ofOrganization   = organizationList + "/{organization}"
	accountList      = ofOrganization + "/service-accounts"
	ofAccount        = accountList + "/{account}"
	credentialList   = ofAccount + "/credentials"
	ofCredential     = credentialList + "/{credential}"
)

// call is one request on its way through the API.
type call struct {
	r       *http.Request
	own     *organization // the caller's, and nil where no token is needed
	granted bool          // whether permissions are asked for
}

// answer is a success. Without a body nothing is written, not even JSON's null.
type answer struct {
	status int
	body   any
}

type endpoint func(*call) (answer, *failure)

func (f *Fake) declareRoutes() stage.Routes {
	return stage.Routes{
		{Method: "POST", Path: tokenPath, Token: true, Handle: f.serve(f.exchange)},

		{Method: "GET", Path: organizationList, Handle: f.serve(f.closed(f.listOrganizations))},
		{Method: "GET", Path: ofOrganization, Handle: f.serve(f.closed(f.readOrganization))},

		{Method: "GET", Path: accountList, Handle: f.serve(f.managed(f.listAccounts))},
		{Method: "POST", Path: accountList, Handle: f.serve(f.managed(f.indiscreet(f.createAccount)))},
		{Method: "GET", Path: ofAccount, Handle: f.serve(f.managed(f.readAccount))},
		{Method: "PATCH", Path: ofAccount, Handle: f.serve(f.managed(f.updateAccount))},
		{Method: "DELETE", Path: ofAccount, Handle: f.serve(f.managed(f.deleteAccount))},

		{Method: "GET", Path: credentialList, Handle: f.serve(f.managed(f.listCredentials))},
		{Method: "POST", Path: credentialList, Handle: f.serve(f.managed(f.indiscreet(f.createCredential)))},
		{Method: "GET", Path: ofCredential, Handle: f.serve(f.managed(f.readCredential))},
		{Method: "PATCH", Path: ofCredential, Handle: f.serve(f.managed(f.updateCredential))},
		{Method: "DELETE", Path: ofCredential, Handle: f.serve(f.managed(f.deleteCredential))},
	}
}

// ServeHTTP handles one request after the other.
func (f *Fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.now()
	if r.URL.Path == tokenPath {
		now = f.clock.Unmoved()
	}
	w.Header().Set("Date", now.Format(http.TimeFormat))
	if id := r.Header.Get(requestIDHeader); id != "" && f.on(optEchoRequestID) {
		w.Header().Set(requestIDHeader, id)
	}
	met := f.routes.Find(r)
	switch {
	case met.Route != nil:
		met.Serve(w, r)
	case f.options.Get(optUnknownRoute) == asPage:
		refuseAsPage(w, missing())
	default:
		f.refuse(w, missing())
	}
}

// serve writes what an endpoint answers.
func (f *Fake) serve(handle endpoint) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		given, failed := handle(&call{r: r})
		switch {
		case failed != nil:
			f.refuse(w, failed)
		case given.body == nil:
			w.WriteHeader(given.status)
		default:
			stage.JSON(w, given.status, given.body)
		}
	}
}

// closed asks for a token. What a read is to expand is looked at here, for it is the same everywhere.
func (f *Fake) closed(handle endpoint) endpoint {
	return func(c *call) (answer, *failure) {
		var failed *failure
		if c.own, failed = f.authenticate(c.r); failed != nil {
			return answer{}, failed
		}
		if c.r.Method == http.MethodGet {
			if c.granted, failed = f.expand(c.r); failed != nil {
				return answer{}, failed
			}
		}
		return handle(c)
	}
}

// managed asks for a token of the path's organization, and for a role that allows what the method does.
func (f *Fake) managed(handle endpoint) endpoint {
	return f.closed(func(c *call) (answer, *failure) {
		if failed := f.admit(c); failed != nil {
			return answer{}, failed
		}
		if c.r.Method == http.MethodGet && !f.mayRead() || c.r.Method != http.MethodGet && !f.mayChange() {
			return answer{}, forbidden()
		}
		return handle(c)
	})
}

// indiscreet lets the refusal of a body tell the caller's token, when that is switched on.
func (f *Fake) indiscreet(handle endpoint) endpoint {
	return func(c *call) (answer, *failure) {
		given, failed := handle(c)
		if failed != nil && failed.status == http.StatusBadRequest && f.on(optEchoSecret) {
			failed = badRequest("%s (sent with the token %s)", failed.message, bearer(c.r))
		}
		return given, failed
	}
}
