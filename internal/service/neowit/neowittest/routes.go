package neowittest

import (
	"net/http"
	"slices"
	"strings"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage"
)

const (
	apiPath     = "/api"
	tokenPath   = apiPath + "/auth/oauth/token"
	accountList = apiPath + "/service-account/v1/service-account"
	ofAccount   = accountList + "/{account}"
	keyList     = ofAccount + "/key"
	ofKey       = keyList + "/{key}"
)

// call is one request on its way through the API.
type call struct {
	r              *http.Request
	organizationID string // where it is to act; empty where no login is needed
}

// answer is a success. Without a body nothing is written, not even JSON's null.
type answer struct {
	status int
	body   any
}

type endpoint func(*call) (answer, *failure)

// declareRoutes lists all routes, of which some can be switched off. Keys are not read on their own but with their account.
func (f *Fake) declareRoutes() stage.Routes {
	return stage.Routes{
		{Method: "POST", Path: tokenPath, Token: true, Handle: f.open(f.exchange)},

		{Method: "GET", Path: accountList, Handle: f.closed(f.listAccounts)},
		{Method: "POST", Path: accountList, Handle: f.closed(f.createAccount)},
		{Method: "GET", Path: ofAccount, Handle: f.closed(f.readAccount)},
		{Method: "PATCH", Path: ofAccount, Handle: f.closed(f.patchAccount)},
		{Method: "PUT", Path: ofAccount, Handle: f.closed(f.putAccount)},
		{Method: "DELETE", Path: ofAccount, Handle: f.closed(f.deleteAccount)},

		{Method: "POST", Path: keyList, Handle: f.closed(f.createKey)},
		{Method: "DELETE", Path: ofKey, Handle: f.closed(f.deleteKey)},
	}
}

// offers tells whether a route is switched on.
func (f *Fake) offers(route stage.Route) bool {
	verb := f.options.Get(optUpdateVerb)
	switch {
	case route.Method == http.MethodGet && route.Path == accountList:
		return f.on(optList)
	case route.Method == http.MethodGet:
		return f.on(optGet)
	case route.Method == http.MethodPatch:
		return verb == verbPatch || verb == verbBoth
	case route.Method == http.MethodPut:
		return verb == verbPut || verb == verbBoth
	}
	return true
}

// ServeHTTP handles one request after the other.
func (f *Fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.now()
	if r.URL.Path == tokenPath {
		now = f.tokenTime()
	}
	w.Header().Set("Date", now.Format(http.TimeFormat))
	met := f.routes.Find(r)
	if met.Route == nil || !f.offers(*met.Route) {
		f.refuseUnknown(w, r)
		return
	}
	met.Serve(w, r)
}

// refuseUnknown answers what no route is for. Nobody is asked to log in for that.
func (f *Fake) refuseUnknown(w http.ResponseWriter, r *http.Request) {
	failed := missing()
	allowed := f.allowed(r)
	if len(allowed) > 0 && f.options.Get(optUnknownRoute) == asMethodNotAllowed {
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		failed = refusal(http.StatusMethodNotAllowed, "method not allowed")
	}
	if f.on(optHTMLErrors) {
		refuseAsPage(w, failed)
		return
	}
	f.refuse(w, failed)
}

// allowed lists the methods that the path of a request does have.
func (f *Fake) allowed(r *http.Request) []string {
	var methods []string
	for _, route := range f.routes {
		if met := (stage.Routes{route}).Find(r); met.Allowed != "" && f.offers(route) {
			methods = append(methods, route.Method)
		}
	}
	slices.Sort(methods)
	return methods
}

// open serves an endpoint that needs no login.
func (f *Fake) open(handle endpoint) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		f.reply(w, &call{r: r}, handle)
	}
}

// closed serves an endpoint that needs a login.
func (f *Fake) closed(handle endpoint) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		who, failed := f.authenticate(r)
		if failed != nil {
			f.refuse(w, failed)
			return
		}
		organizationID, failed := f.admit(who, r)
		if failed != nil {
			f.refuse(w, failed)
			return
		}
		f.reply(w, &call{r: r, organizationID: organizationID}, handle)
	}
}

func (f *Fake) reply(w http.ResponseWriter, c *call, handle endpoint) {
	given, failed := handle(c)
	switch {
	case failed != nil:
		f.refuse(w, failed)
	case given.body == nil:
		w.WriteHeader(given.status)
	default:
		stage.JSON(w, given.status, given.body)
	}
}
