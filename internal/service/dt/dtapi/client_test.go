package dtapi_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
	"github.com/machineid/terraform-provider-machineid/internal/rest/resttest"
	"github.com/machineid/terraform-provider-machineid/internal/service/dt/dtapi"
)

const (
	project = "projects/p1"
	account = "projects/p1/serviceaccounts/sa1"
	secret  = "0123456789abcdef0123456789abcdef"
)

type answer struct {
	status int
	body   string
}

// server answers what a test wants, and what every client asks for if a test has no answer to it.
type server struct {
	*resttest.Script
	t *testing.T
}

func serve(t *testing.T, answers map[string][]answer) *server {
	t.Helper()
	s := &server{Script: resttest.NewScript(t), t: t}
	for route, list := range answers {
		for _, given := range list {
			s.Answer(route, given.status, given.body)
		}
	}
	for route, body := range map[string]string{
		"POST /oauth2/token": `{"access_token":"token-of-this-test","token_type":"bearer","expires_in":3600}`,
		"GET /v2/roles":      `{"roles":[{"name":"roles/project.user"}],"nextPageToken":""}`,
	} {
		if len(answers[route]) == 0 {
			s.Answer(route, 200, body)
		}
	}
	return s
}

func (s *server) config() dtapi.Config {
	return dtapi.Config{
		BaseURL: s.URL, TokenURL: s.URL + "/oauth2/token",
		KeyID: "key1", Secret: secret, Email: "sa1@p1.serviceaccount.d21s.com", HTTP: rest.HTTP{Timeout: 5 * time.Second},
	}
}

func (s *server) client() *dtapi.Client { return newClient(s.t, s.config()) }

func newClient(t *testing.T, config dtapi.Config) *dtapi.Client {
	t.Helper()
	client, err := dtapi.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

const accountJSON = `{"name":"` + account + `","email":"sa1@p1.serviceaccount.d21s.com","displayName":"ci","enableBasicAuth":true,
	"createTime":"2021-03-11T09:39:56.015971Z","updateTime":"2021-03-11T09:39:56.103249Z"}`

func TestTheBaseURLHasTwoSpellings(t *testing.T) {
	t.Parallel()
	for _, ending := range []string{"", "/", "/v2", "/v2/", "/prefix", "/prefix/v2", "/v2/prefix"} {
		prefix := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(ending, "/"), "v2"), "/")
		s := serve(t, map[string][]answer{"GET " + prefix + "/v2/" + account: {{200, accountJSON}}})
		config := s.config()
		config.BaseURL += ending
		found, err := newClient(t, config).ServiceAccount(context.Background(), account, time.Time{})
		if err != nil {
			t.Errorf("%q: %v", ending, err)
			continue
		}
		if found.DisplayName != "ci" || !found.EnableBasicAuth || found.CreateTime.Nanosecond() != 15971000 {
			t.Errorf("%q: read %+v", ending, found)
		}
	}
}

func TestAddressesThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	good := serve(t, nil).config()
	for setting, config := range map[string]dtapi.Config{
		"base URL":  {BaseURL: "http://api.example.com", TokenURL: good.TokenURL},
		"token URL": {BaseURL: good.BaseURL, TokenURL: "http://identity.example.com/oauth2/token"},
	} {
		_, err := dtapi.New(config)
		if err == nil || !strings.HasPrefix(err.Error(), setting) || !strings.Contains(err.Error(), "https") {
			t.Errorf("%s: %v", setting, err)
		}
	}
	if _, err := dtapi.New(dtapi.Config{BaseURL: good.BaseURL, TokenURL: "not used", Basic: true}); err != nil {
		t.Errorf("Basic auth needs no token URL: %v", err)
	}
}

func TestBasicAuthSendsNoLogin(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string][]answer{"GET /v2/" + account: {{200, accountJSON}}})
	config := s.config()
	config.Basic = true
	if _, err := newClient(t, config).ServiceAccount(context.Background(), account, time.Time{}); err != nil {
		t.Fatal(err)
	}
	request := http.Request{Header: http.Header{"Authorization": {s.Requests("GET /v2/" + account)[0].Authorization}}}
	user, password, ok := request.BasicAuth()
	if !ok || user != "key1" || password != secret || len(s.Requests("POST /oauth2/token")) != 0 {
		t.Errorf("authorized as %q by %q, with %d logins", user, password, len(s.Requests("POST /oauth2/token")))
	}
}

// An update carries the fields that change, and no others: the server takes what is present for what is to be set.
func TestUpdatesCarryOnlyWhatChanges(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string][]answer{"PATCH /v2/" + account: {{200, accountJSON}}})
	empty, off := "", false
	for want, update := range map[string]dtapi.ServiceAccountUpdate{
		`{"displayName":""}`:                         {DisplayName: &empty},
		`{"enableBasicAuth":false}`:                  {EnableBasicAuth: &off},
		`{"displayName":"","enableBasicAuth":false}`: {DisplayName: &empty, EnableBasicAuth: &off},
	} {
		if err := s.client().UpdateServiceAccount(context.Background(), account, time.Time{}, update); err != nil {
			t.Fatal(err)
		}
		seen := s.Requests("PATCH /v2/" + account)
		if got := seen[len(seen)-1].Body; got != want {
			t.Errorf("sent %s, want %s", got, want)
		}
	}
}

func TestListsReadEveryPage(t *testing.T) {
	t.Parallel()
	route := "GET /v2/" + project + "/serviceaccounts"
	s := serve(t, map[string][]answer{route: {
		{200, `{"serviceAccounts":[{"name":"projects/p1/serviceaccounts/a"},{"name":"projects/p1/serviceaccounts/b"}],"nextPageToken":"two"}`},
		{200, `{"serviceAccounts":[{"name":"projects/p1/serviceaccounts/c"}],"nextPageToken":"three"}`},
		{200, `{"serviceAccounts":[],"nextPageToken":""}`},
	}})
	accounts, err := s.client().ServiceAccounts(context.Background(), project)
	if err != nil || len(accounts) != 3 || accounts[2].Name != "projects/p1/serviceaccounts/c" {
		t.Fatalf("%+v, %v", accounts, err)
	}
	var tokens []string
	for _, request := range s.Requests(route) {
		query, _ := url.ParseQuery(request.Query)
		tokens = append(tokens, query.Get("pageSize")+":"+query.Get("pageToken"))
	}
	if got := strings.Join(tokens, " "); got != "100: 100:two 100:three" {
		t.Errorf("asked for %s", got)
	}
}

func TestListsThatAreNone(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ body, want string }{
		"an object of another kind": {`{"ok":true}`, "neither"},
		"items of another shape":    {`{"keys":"none","nextPageToken":""}`, "shape"},
		"a number as token":         {`{"keys":[],"nextPageToken":7}`, "no text"},
		"a page that is its own":    {`{"keys":[],"nextPageToken":"again"}`, "leads to itself"},
	} {
		s := serve(t, map[string][]answer{"GET /v2/" + account + "/keys": {{200, test.body}}})
		keys, err := s.client().Keys(context.Background(), account)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, %v", name, keys, err)
		}
	}
	s := serve(t, map[string][]answer{"GET /v2/" + account + "/keys": {{200, `{"nextPageToken":""}`}}})
	if keys, err := s.client().Keys(context.Background(), account); err != nil || len(keys) != 0 {
		t.Errorf("a page without items: %v, %v", keys, err)
	}
}

func TestErrorsAreToldApart(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status            int
		body, message     string
		notFound, noRoute bool
	}{
		"the API's own":                 {404, `{"error":"not found","code":404,"help":"https://docs.d21s.com/error/#404"}`, "not found", true, false},
		"with a code in quotes":         {404, `{"error":"not found","code":"404"}`, "not found", true, false},
		"without a code":                {404, `{"error":"not found"}`, "not found", true, false},
		"nested":                        {404, `{"error":{"code":404,"message":"gone"}}`, "gone", true, false},
		"of another server":             {404, `404 page not found`, "", false, true},
		"of another server, as JSON":    {404, `{"message":"no Route matched with those values"}`, "", false, true},
		"of a wrong verb":               {405, ``, "", false, true},
		"of something that is no route": {400, `{"error":"invalid argument","code":400}`, "invalid argument", false, false},
	} {
		s := serve(t, map[string][]answer{"GET /v2/" + account: {{test.status, test.body}}})
		_, err := s.client().ServiceAccount(context.Background(), account, time.Time{})
		if dtapi.IsNotFound(err) != test.notFound || dtapi.IsNoRoute(err) != test.noRoute || !strings.Contains(err.Error(), test.message) {
			t.Errorf("%s: not found %t, no route %t: %v", name, dtapi.IsNotFound(err), dtapi.IsNoRoute(err), err)
		}
	}
}

// That an object is gone is believed only of what has the roles that the API has.
func TestAMissingObjectIsConfirmed(t *testing.T) {
	t.Parallel()
	const missing = `{"error":"not found","code":404}`
	for name, test := range map[string]struct {
		roles    answer
		believed bool
	}{
		"by the roles":            {answer{200, `{"roles":[{"name":"roles/project.user"}],"nextPageToken":""}`}, true},
		"by a refusal of the API": {answer{403, `{"error":"forbidden","code":403}`}, true},
		"without roles":           {answer{200, `{"roles":[],"nextPageToken":""}`}, false},
		"by another list":         {answer{200, `{"items":[]}`}, false},
		"by nothing":              {answer{404, missing}, false},
		"by a proxy":              {answer{403, `access denied`}, false},
		"by a failure":            {answer{500, `{"error":"internal","code":500}`}, false},
	} {
		s := serve(t, map[string][]answer{"GET /v2/" + account: {{404, missing}}, "DELETE /v2/" + account: {{404, missing}}, "GET /v2/roles": {test.roles}})
		client := s.client()
		for range 3 {
			_, readErr := client.ServiceAccount(context.Background(), account, time.Time{})
			for _, err := range []error{readErr, client.DeleteServiceAccount(context.Background(), account, time.Time{})} {
				if dtapi.IsNotFound(err) != test.believed || dtapi.IsUnconfirmed(err) == test.believed {
					t.Errorf("%s: %v", name, err)
				}
			}
		}
		if asked := len(s.Requests("GET /v2/roles")); test.believed && asked != 1 {
			t.Errorf("%s: asked %d times", name, asked)
		}
	}
}

// An interrupt ends the wait for what is young, and then nothing is concluded.
func TestAnInterruptEndsTheWaitForWhatIsYoung(t *testing.T) {
	t.Parallel()
	missing := answer{404, `{"error":"not found","code":404}`}
	s := serve(t, map[string][]answer{
		"GET /v2/" + account: {missing}, "DELETE /v2/" + account: {missing},
		"GET /v2/roles": {{200, `{"roles":[{"name":"roles/project.user"}],"nextPageToken":""}`}},
	})
	client := s.client()
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	read := make(chan error)
	go func() {
		_, err := client.ServiceAccount(ctx, account, time.Now())
		read <- err
	}()
	time.AfterFunc(100*time.Millisecond, interrupt)
	for _, err := range []error{client.DeleteServiceAccount(ctx, account, time.Now()), <-read} {
		if dtapi.IsNotFound(err) || !errors.Is(err, dtapi.ErrNotVisibleYet) {
			t.Errorf("%v", err)
		}
	}
}

// The token is masked as soon as it is known.
func TestAnEchoedTokenIsMasked(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string][]answer{"GET /v2/" + account: {{400, `{"error":"cannot use token-of-this-test","code":400}`}}})
	if _, err := s.client().ServiceAccount(context.Background(), account, time.Time{}); err == nil || !strings.HasSuffix(err.Error(), "cannot use (secret)") {
		t.Errorf("%v", err)
	}
}

// Why an object could not be confirmed to be gone is told, and whether the address is to blame.
func TestWhyNothingWasConfirmed(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		roles   answer
		address bool
	}{
		"a missing route":  {answer{404, `404 page not found`}, true},
		"a missing object": {answer{404, `{"error":"not found","code":404}`}, true},
		"another list":     {answer{200, `{"items":[]}`}, true},
		"a failure":        {answer{500, `{"error":"internal","code":500}`}, false},
		"too many":         {answer{429, `{"error":"slow down","code":429}`}, false},
	} {
		s := serve(t, map[string][]answer{"GET /v2/" + account: {{404, `{"error":"not found","code":404}`}}, "GET /v2/roles": {test.roles}})
		_, err := s.client().ServiceAccount(context.Background(), account, time.Time{})
		unconfirmed, ok := dtapi.AsUnconfirmed(err)
		if !ok || unconfirmed.WrongAddress() != test.address || unconfirmed.Cause == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNeededRole(t *testing.T) {
	t.Parallel()
	const refused = `{"error":"forbidden","code":403,"help":"https://docs.d21s.com/error/#403"}`
	s := serve(t, map[string][]answer{
		"GET /v2/" + account:                   {{403, refused}},
		"DELETE /v2/" + account:                {{403, refused}},
		"GET /v2/organizations/o1/members/m1":  {{403, refused}},
		"GET /v2/roles":                        {{403, refused}},
		"POST /v2/organizations/o1/members":    {{403, refused}},
		"PATCH /v2/projects/p1/members/m1":     {{403, refused}},
		"POST /v2/projects/p1/serviceaccounts": {{403, refused}},
	})
	client, ctx := s.client(), context.Background()
	first := func(_ any, err error) error { return err }
	for want, err := range map[string]error{
		"roles/project.user on projects/p1":            first(client.ServiceAccount(ctx, account, time.Time{})),
		"roles/project.admin on projects/p1":           client.DeleteServiceAccount(ctx, account, time.Time{}),
		"roles/organization.admin on organizations/o1": first(client.Member(ctx, "organizations/o1/members/m1", time.Time{})),
		" on ": first(client.Roles(ctx)),
		"roles/organization.admin on organizations/o1 ": first(client.CreateMember(ctx, "organizations/o1", "a@example.com", "roles/organization.admin")),
		"roles/project.admin on projects/p1 ":           client.UpdateMember(ctx, "projects/p1/members/m1", time.Time{}, "roles/project.user"),
		"roles/project.admin on projects/p1  ":          first(client.CreateServiceAccount(ctx, project, dtapi.ServiceAccountCreate{})),
	} {
		role, parent := dtapi.NeededRole(err)
		if got := role + " on " + parent; strings.TrimSpace(got) != strings.TrimSpace(want) || !dtapi.IsForbidden(err) {
			t.Errorf("got %q, want %q: %v", got, want, err)
		}
	}
}

func jsonText(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(text)
}
