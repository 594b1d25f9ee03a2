package keycardapi_test

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
	"github.com/machineid/terraform-provider-machineid/internal/service/keycard/keycardapi"
)

// collection is one of the lists, with an item that it may hold.
type collection struct {
	route, item string
	ids         func(t *testing.T, client *keycardapi.Client) (ids []string, err error)
}

var collections = []collection{
	{"GET " + accounts, accountJSON, func(t *testing.T, client *keycardapi.Client) (ids []string, err error) {
		found, err := client.ServiceAccounts(t.Context(), "acme", false)
		if found != nil {
			for _, item := range found.Items {
				ids = append(ids, item.ID)
			}
		}
		return ids, err
	}},
	{"GET " + credentials, credentialJSON, func(t *testing.T, client *keycardapi.Client) (ids []string, err error) {
		found, err := client.Credentials(t.Context(), "acme", "sa1", false)
		if found != nil {
			for _, item := range found.Items {
				ids = append(ids, item.ID)
			}
		}
		return ids, err
	}},
	{"GET " + organizations, organizationJSON, func(t *testing.T, client *keycardapi.Client) (ids []string, err error) {
		found, err := client.Organization(t.Context(), "", false)
		var choice *keycardapi.ChoiceError
		switch {
		case errors.As(err, &choice):
			for _, item := range choice.Visible {
				ids = append(ids, item.ID)
			}
			return ids, nil
		case found != nil:
			ids = append(ids, found.ID)
		}
		return ids, err
	}},
}

// listed is a page with items of these ids, and with members that follow in page_info.
func listed(info string, ids ...string) answer {
	items := make([]string, len(ids))
	for i, id := range ids {
		items[i] = fmt.Sprintf(`{"id":%q,"client_id":"c","name":"n"}`, id)
	}
	return answer{200, `{"items":[` + strings.Join(items, ",") + `],"page_info":{"has_prev_page":false,` + info + `}}`}
}

// Every page is read, each behind the last item of the one before, whatever its size.
func TestEveryPageIsRead(t *testing.T) {
	t.Parallel()
	for _, collection := range collections {
		s := serve(t, map[string][]answer{collection.route: {
			listed(`"has_next_page":true,"start_cursor":"c1","end_cursor":"c2"`, "a", "b"),
			listed(`"has_next_page":true,"end_cursor":"c&3="`, "c"),
			listed(`"has_next_page":true,"end_cursor":"c4"`),
			listed(`"has_next_page":false,"end_cursor":"c5"`, "d"),
		}})
		if ids, err := collection.ids(t, s.client()); err != nil || strings.Join(ids, "") != "abcd" {
			t.Errorf("%s: %v, %v", collection.route, ids, err)
		}
		sent := s.Requests(collection.route)
		want := []string{"", "c2", "c&3=", "c4"}
		if len(sent) != len(want) {
			t.Fatalf("%s: %d requests, want %d", collection.route, len(sent), len(want))
		}
		for i, after := range want {
			wanted := url.Values{"limit": {"100"}}
			if after != "" {
				wanted.Set("after", after)
			}
			if sent[i].Query != wanted.Encode() {
				t.Errorf("%s: page %d was asked for by %s, want %s", collection.route, i+1, sent[i].Query, wanted.Encode())
			}
		}
	}
}

func TestTheLastPage(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"items":[],"page_info":{"has_next_page":false,"start_cursor":null,"end_cursor":null}}`: "",
		emptyList: "",
		`{"items":null,"page_info":{"has_next_page":false}}`: "",
		`{"items":[]}`: "",
		`{"items":[{"id":"a","client_id":"c"}],"page_info":null,"pagination":{"total_count":1}}`:        "a",
		`{"items":[{"id":"a","client_id":"c"}],"page_info":{"has_next_page":null,"end_cursor":"x"}}`:    "a",
		`{"items":[{"id":"a","client_id":"c","description":null,"permissions":null,"more":{"x":[1]}}]}`: "a",
	} {
		for _, collection := range collections {
			s := serve(t, map[string][]answer{collection.route: {{200, body}, {418, `{}`}}})
			if ids, err := collection.ids(t, s.client()); err != nil || strings.Join(ids, "") != want {
				t.Errorf("%s: %s: %v, %v", collection.route, body, ids, err)
			}
		}
	}
}

// A list that does not lead to its next page is not whole, and asking for the same page again would never end.
func TestPagesThatLeadNowhere(t *testing.T) {
	t.Parallel()
	end := answer{418, `{"message":"asked too often"}`}
	for name, test := range map[string]struct {
		pages []answer
		at    int
	}{
		"no cursor":        {[]answer{listed(`"has_next_page":true`, "a"), end}, 1},
		"a cursor of null": {[]answer{listed(`"has_next_page":true,"end_cursor":null`, "a"), end}, 1},
		"an empty cursor":  {[]answer{listed(`"has_next_page":true,"end_cursor":""`, "a"), end}, 1},
		"the same cursor":  {[]answer{listed(`"has_next_page":true,"end_cursor":"x"`, "a"), listed(`"has_next_page":true,"end_cursor":"x"`, "a"), end}, 2},
		"an earlier cursor": {[]answer{
			listed(`"has_next_page":true,"end_cursor":"x"`, "a"), listed(`"has_next_page":true,"end_cursor":"y"`, "b"),
			listed(`"has_next_page":true,"end_cursor":"x"`, "c"), end,
		}, 3},
		"one after a second": {[]answer{listed(`"has_next_page":true,"end_cursor":"x"`, "a"), listed(`"has_next_page":true`, "b"), end}, 2},
	} {
		for _, collection := range collections {
			s := serve(t, map[string][]answer{collection.route: test.pages})
			ids, err := collection.ids(t, s.client())
			if want := fmt.Sprintf("page %d of the list", test.at); ids != nil || !strings.Contains(errorText(err), want) || !strings.Contains(errorText(err), "does not lead to it") {
				t.Errorf("%s: %s: %v, %v", collection.route, name, ids, err)
			}
		}
	}
}

// What is no list, or no whole one, must never be taken for one that lacks something.
func TestListsThatAreNone(t *testing.T) {
	t.Parallel()
	for _, collection := range collections {
		for _, body := range []string{
			`{}`, `null`, `{"ok":true}`, `{"items":null}`, `{"page_info":null}`, `{"data":[]}`,
			`{"items":[{"name":"without an id"}]}`, `{"items":[null]}`, `{"items":[{"id":""}]}`,
		} {
			ids, err := collection.ids(t, serve(t, map[string][]answer{collection.route: {{200, body}}}).client())
			var incomplete *rest.IncompleteError
			if ids != nil || !errors.As(err, &incomplete) || !strings.Contains(err.Error(), "page 1 of the list") {
				t.Errorf("%s: %s: %v, %v", collection.route, body, ids, err)
			}
		}
		for _, given := range []answer{
			{200, `[]`},
			{200, `"text"`},
			{200, `17`},
			{200, `{"items":{}}`},
			{200, `{"items":["a"]}`},
			{200, `{"items":[{"id":17}]}`},
			{200, `{"items":[],"page_info":{"has_next_page":"true"}}`},
			{200, `{"items":[{"id":"a","client_id":"c","created_at":1}]}`},
			{200, page},
			{200, ``},
			{302, `{}`},
			{403, `{}`},
			{500, emptyList},
		} {
			if ids, err := collection.ids(t, serve(t, map[string][]answer{collection.route: {given}}).client()); ids != nil || err == nil || keycardapi.IsGone(err) {
				t.Errorf("%s: %d %s: %v, %v", collection.route, given.status, given.body, ids, err)
			}
		}
		for _, second := range []answer{{500, `{}`}, {200, `{}`}, {400, `{"message":"the cursor is too old"}`}} {
			s := serve(t, map[string][]answer{collection.route: {listed(`"has_next_page":true,"end_cursor":"x"`, "a"), second}})
			if ids, err := collection.ids(t, s.client()); ids != nil || !strings.Contains(errorText(err), "page 2 of the list") {
				t.Errorf("%s: second page %d %s: %v, %v", collection.route, second.status, second.body, ids, err)
			}
		}
	}
}

func TestACredentialHasAClientID(t *testing.T) {
	t.Parallel()
	const without = `{"id":"k1","name":"main"}`
	s := serve(t, map[string][]answer{"GET " + credentials: {{200, `{"items":[` + without + `]}`}}, "GET " + credential: {{200, without}}})
	for _, call := range []call{inAccountCall[0], credentialCall[0]} {
		var incomplete *rest.IncompleteError
		if err := call.do(t, s.client()); !errors.As(err, &incomplete) || incomplete.Object != "k1" {
			t.Errorf("%s: %v", call.route, err)
		}
	}
}
