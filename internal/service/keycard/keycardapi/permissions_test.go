package keycardapi_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/service/keycard/keycardapi"
)

const (
	grants      = `"permissions":{"service_accounts":{"read":true,"update":false}}`
	toldJSON    = `{"id":"sa1","client_id":"cid1","label":"acme","name":"told",` + grants + `}`
	untoldJSON  = `{"id":"sa1","client_id":"cid1","label":"acme","name":"untold"}`
	untoldAgain = `{"id":"sa1","client_id":"cid1","label":"acme","name":"untold again"}`
)

// expands are the spellings of expand in the requests of a route, "-" for none.
func (s *server) expands(route string) string {
	var spellings []string
	for _, request := range s.Requests(route) {
		query, _ := url.ParseQuery(request.Query)
		spelling := "-"
		for name, values := range query {
			if strings.HasPrefix(name, "expand") {
				spelling = strings.TrimPrefix(spelling, "-") + name + "=" + strings.Join(values, "+")
			}
		}
		spellings = append(spellings, spelling)
	}
	return strings.Join(spellings, " ")
}

// Which spelling the server understands is found out with the first answer that tells permissions, and remembered.
func TestTheSpellingOfExpand(t *testing.T) {
	t.Parallel()
	const brackets, plain = "expand[]=permissions", "expand=permissions"
	told, untold, again := answer{200, toldJSON}, answer{200, untoldJSON}, answer{200, untoldAgain}
	first, second := answer{400, `{"message":"the first refusal"}`}, answer{422, `{"message":"the second refusal"}`}
	for name, test := range map[string]struct {
		answers []answer
		sent    string // by two reads
		name    string // of what the first read finds
		want    string // in the error of the first
	}{
		"brackets":                   {[]answer{told}, brackets + " " + brackets, "told", ""},
		"plain":                      {[]answer{untold, told}, brackets + " " + plain + " " + plain, "told", ""},
		"plain, brackets refused":    {[]answer{first, told}, brackets + " " + plain + " " + plain, "told", ""},
		"plain, brackets unknown":    {[]answer{second, told}, brackets + " " + plain + " " + plain, "told", ""},
		"brackets, then not told":    {[]answer{told, untold}, brackets + " " + brackets, "told", ""},
		"neither":                    {[]answer{untold, again, told}, brackets + " " + plain + " " + brackets, "untold again", ""},
		"neither, plain refused":     {[]answer{untold, first, told}, brackets + " " + plain + " " + brackets, "untold", ""},
		"neither, brackets refused":  {[]answer{first, untold, told}, brackets + " " + plain + " " + brackets, "untold", ""},
		"both refused":               {[]answer{first, second, told}, brackets + " " + plain + " " + brackets, "", "the first refusal"},
		"another error":              {[]answer{{403, `{}`}, told}, brackets + " " + brackets, "", "403"},
		"another error the 2nd time": {[]answer{untold, {403, `{}`}, told}, brackets + " " + plain + " " + brackets, "", "403"},
	} {
		s := serve(t, map[string][]answer{"GET " + account: test.answers})
		client := s.client()
		read := func() (*keycardapi.ServiceAccount, error) {
			return client.ServiceAccount(t.Context(), "acme", "sa1", time.Time{}, true)
		}
		found, err := read()
		if (found == nil) != (test.want != "") || found != nil && found.Name != test.name || (err == nil) != (test.want == "") || !strings.Contains(errorText(err), test.want) {
			t.Errorf("%s: %+v, %v", name, found, err)
		}
		if found != nil && (found.Permissions != nil) != (test.name == "told") {
			t.Errorf("%s: permissions %v", name, found.Permissions)
		}
		if found != nil && test.name == "told" && (!found.Permissions["service_accounts"]["read"] || found.Permissions["service_accounts"]["update"] || len(found.Permissions) != 1) {
			t.Errorf("%s: permissions %v", name, found.Permissions)
		}
		if _, err := read(); err != nil || s.expands("GET "+account) != test.sent {
			t.Errorf("%s: sent %s, want %s: %v", name, s.expands("GET "+account), test.sent, err)
		}
	}
}

// Permissions are asked for where they are wanted, in every read, and nowhere else.
func TestPermissionsOfEveryKind(t *testing.T) {
	t.Parallel()
	for _, wanted := range []bool{true, false} {
		item := map[bool]string{true: toldJSON, false: untoldJSON}[wanted]
		s := serve(t, map[string][]answer{
			"GET " + organization: {{200, item}}, "GET " + organizations: {{200, `{"items":[` + item + `]}`}},
			"GET " + account: {{200, item}}, "GET " + credentials + "/sa1": {{200, item}},
			"GET " + accounts:    {{200, `{"items":[` + item + `],"page_info":{"has_next_page":true,"end_cursor":"x"}}`}, {200, emptyList}},
			"GET " + credentials: {{200, `{"items":[` + item + `]}`}},
		})
		client, ctx := s.client(), t.Context()
		named, namedErr := client.Organization(ctx, "acme", wanted)
		only, onlyErr := client.Organization(ctx, "", wanted)
		one, oneErr := client.ServiceAccount(ctx, "acme", "sa1", time.Time{}, wanted)
		key, keyErr := client.Credential(ctx, "acme", "sa1", "sa1", time.Time{}, wanted)
		all, allErr := client.ServiceAccounts(ctx, "acme", wanted)
		keys, keysErr := client.Credentials(ctx, "acme", "sa1", wanted)
		for _, err := range []error{namedErr, onlyErr, oneErr, keyErr, allErr, keysErr} {
			if err != nil {
				t.Fatal(err)
			}
		}
		for i, permissions := range []keycardapi.Permissions{
			named.Permissions, only.Permissions, one.Permissions, key.Permissions, all.Items[0].Permissions, keys.Items[0].Permissions,
		} {
			if (permissions != nil) != wanted {
				t.Errorf("wanted %t, the %d. has %v", wanted, i, permissions)
			}
		}
		want := map[bool]string{true: "expand[]=permissions", false: "-"}[wanted]
		for route := range s.answers {
			sent := s.expands(route)
			if route == "GET "+accounts {
				sent, _, _ = strings.Cut(sent, " "+want)
			}
			if sent != want {
				t.Errorf("wanted %t: %s was sent with %s", wanted, route, s.expands(route))
			}
		}
	}
}

// An empty list may tell its own permissions, and a list those of its items only.
func TestPermissionsOfALists(t *testing.T) {
	t.Parallel()
	for body, own := range map[string]bool{
		`{"items":[],"page_info":{"has_next_page":false},` + grants + `}`: true,
		`{"items":[` + untoldJSON + `],` + grants + `}`:                   true,
		`{"items":[` + untoldJSON + `,` + toldJSON + `]}`:                 false,
	} {
		s := serve(t, map[string][]answer{"GET " + accounts: {{200, body}}})
		found, err := s.client().ServiceAccounts(t.Context(), "acme", true)
		if err != nil || (found.Permissions != nil) != own || s.expands("GET "+accounts) != "expand[]=permissions" {
			t.Errorf("%s: sent %s: %+v, %v", body, s.expands("GET "+accounts), found, err)
		}
	}
}

// The permissions on a list are those that its first page tells.
func TestPermissionsOfAListOfSeveralPages(t *testing.T) {
	t.Parallel()
	first := answer{200, `{"items":[` + untoldJSON + `],"page_info":{"has_next_page":true,"end_cursor":"x"},` + grants + `}`}
	s := serve(t, map[string][]answer{"GET " + accounts: {first, {200, emptyList}}})
	found, err := s.client().ServiceAccounts(t.Context(), "acme", true)
	if err != nil || !found.Permissions["service_accounts"]["read"] || s.expands("GET "+accounts) != "expand[]=permissions expand[]=permissions" {
		t.Errorf("sent %s: %+v, %v", s.expands("GET "+accounts), found, err)
	}
}
