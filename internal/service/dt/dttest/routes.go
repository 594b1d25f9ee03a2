package dttest

import (
	"net/http"
	"strings"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage"
)

const (
	apiPath   = "/v2/"
	tokenPath = "/oauth2/token"
)

// call is one request on its way through the API.
type call struct {
	r   *http.Request
	who caller // empty where no login is needed
}

// endpoint answers with what becomes the JSON reply.
type endpoint func(*call) (any, *failure)

// nothing is the answer to a deletion.
var nothing = struct{}{}

func (f *Fake) declareRoutes() stage.Routes {
	const (
		anyProject  = apiPath + projects + "/-/" + members
		ofOrg       = apiPath + organizations + "/{organization}"
		ofProject   = apiPath + projects + "/{project}"
		accountList = ofProject + "/" + serviceAccounts
		ofAccount   = accountList + "/{account}"
		keyList     = ofAccount + "/" + keys
		ofKey       = keyList + "/{key}"
	)
	routes := stage.Routes{
		{Method: "POST", Path: tokenPath, Token: true, Handle: f.open(f.exchange)},

		{Method: "GET", Path: apiPath + roles, Handle: f.closed(f.listRoles)},
		{Method: "GET", Path: apiPath + roles + "/{role}", Handle: f.closed(f.readRole)},

		{Method: "GET", Path: apiPath + organizations, Handle: f.closed(f.listOrganizations)},
		{Method: "GET", Path: ofOrg, Handle: f.closed(f.readOrganization)},

		{Method: "GET", Path: apiPath + projects, Handle: f.closed(f.listProjects)},
		{Method: "POST", Path: apiPath + projects, Handle: f.closed(f.createProject)},
		{Method: "GET", Path: ofProject, Handle: f.closed(f.readProject)},
		{Method: "PATCH", Path: ofProject, Handle: f.closed(f.updateProject)},
		{Method: "DELETE", Path: ofProject, Handle: f.closed(f.deleteProject)},

		{Method: "GET", Path: accountList, Handle: f.closed(f.listAccounts)},
		{Method: "POST", Path: accountList, Handle: f.closed(f.createAccount)},
		{Method: "GET", Path: ofAccount, Handle: f.closed(f.readAccount)},
		{Method: "PATCH", Path: ofAccount, Handle: f.closed(f.updateAccount)},
		{Method: "DELETE", Path: ofAccount, Handle: f.closed(f.deleteAccount)},

		{Method: "GET", Path: keyList, Handle: f.closed(f.listKeys)},
		{Method: "POST", Path: keyList, Handle: f.closed(f.createKey)},
		{Method: "GET", Path: ofKey, Handle: f.closed(f.readKey)},
		{Method: "DELETE", Path: ofKey, Handle: f.closed(f.deleteKey)},

		// Before the routes of a single project, which they would fit too.
		{Method: "GET", Path: anyProject, Handle: f.closed(f.listMembersAnywhere)},
		{Method: "POST", Path: anyProject + ":batchCreate", Handle: f.closed(f.createMembers)},
		{Method: "POST", Path: anyProject + ":batchDelete", Handle: f.closed(f.deleteMembers)},
	}
	for _, parent := range []string{ofProject, ofOrg} {
		list := parent + "/" + members
		one := list + "/{member}"
		routes = append(routes, stage.Routes{
			{Method: "GET", Path: parent + "/permissions", Handle: f.closed(f.listPermissions)},
			{Method: "GET", Path: list, Handle: f.closed(f.listMembers)},
			{Method: "POST", Path: list, Handle: f.closed(f.createMember)},
			{Method: "GET", Path: one + ":getInviteUrl", Handle: f.closed(f.readInviteURL)},
			{Method: "GET", Path: one, Handle: f.closed(f.readMember)},
			{Method: "DELETE", Path: one, Handle: f.closed(f.deleteMember)},
		}...)
	}
	// The role of an organization's member cannot be changed in place.
	return append(routes, stage.Route{
		Method: "PATCH", Path: ofProject + "/" + members + "/{member}", Handle: f.closed(f.updateMember),
	})
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
	// The token endpoint is another host and counts nothing.
	if strings.HasPrefix(r.URL.Path, apiPath) {
		if failed := f.admit(); failed != nil {
			f.refuse(w, failed)
			return
		}
	}
	met := f.routes.Find(r)
	switch {
	case met.Route != nil:
		met.Serve(w, r)
	case met.Allowed != "":
		w.Header().Set("Allow", met.Allowed)
		w.WriteHeader(http.StatusMethodNotAllowed) // the one error without a JSON body
	default:
		f.refuse(w, notFound(r.URL.Path))
	}
}

// open serves an endpoint that needs no login.
func (f *Fake) open(answer endpoint) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		f.reply(w, &call{r: r}, answer)
	}
}

// closed serves an endpoint that needs a login.
func (f *Fake) closed(answer endpoint) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		who, failed := f.authenticate(r)
		if failed != nil {
			f.refuse(w, failed)
			return
		}
		f.reply(w, &call{r: r, who: who}, answer)
	}
}

// reply answers every success with 200, a creation and a deletion too.
func (f *Fake) reply(w http.ResponseWriter, c *call, answer endpoint) {
	value, failed := answer(c)
	if failed != nil {
		f.refuse(w, failed)
		return
	}
	stage.JSON(w, http.StatusOK, value)
}
