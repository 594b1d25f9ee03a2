package keycardapi_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/service/keycard/keycardapi"
)

const bothJSON = `{"items":[` + organizationJSON + `,` + otherJSON + `],"page_info":{"has_next_page":false}}`

func TestAnOrganizationIsFound(t *testing.T) {
	t.Parallel()
	own := answer{200, `{"items":[` + organizationJSON + `],"page_info":{"has_next_page":false}}`}
	none := answer{404, missing}
	for name, test := range map[string]struct {
		wanted string
		lists  answer
		want   string // in the error
		asked  string // by id or label, and by list
	}{
		"by its label":                   {"acme", answer{418, ``}, "", "1 0"},
		"by its id":                      {"org1", answer{418, ``}, "", "1 0"},
		"as the only one":                {"", own, "", "0 1"},
		"of none":                        {"", answer{200, emptyList}, "sees no organization", "0 1"},
		"of several":                     {"", answer{200, bothJSON}, "sees 2 organizations:\n- org1, label \"acme\", name \"Acme\"\n- org2, label \"globex\", name \"Globex\"", "0 1"},
		"by a label that it has not":     {"Acme", own, "no organization with the id or label \"Acme\". It sees:\n- org1, label \"acme\", name \"Acme\"", "1 1"},
		"by a label, but there are none": {"Acme", answer{200, emptyList}, "the credential sees no organization", "1 1"},
		"by a label, but nothing lists":  {"Acme", none, "page 1 of the list", "1 1"},
		"by a label, but a page answers": {"Acme", answer{200, page}, "web page", "1 1"},
		"by nothing, and nothing lists":  {"", answer{403, `{}`}, "403", "0 1"},
	} {
		s := serve(t, map[string][]answer{
			"GET " + organization: {{200, organizationJSON}}, "GET " + organizations + "/org1": {{200, organizationJSON}},
			"GET " + organizations + "/Acme": {none}, "GET " + organizations: {test.lists},
		})
		found, err := s.client().Organization(t.Context(), test.wanted, false)
		if (err == nil) != (test.want == "") || (found == nil) != (err != nil) || !strings.Contains(errorText(err), test.want) {
			t.Errorf("%s: %+v, %v", name, found, err)
		}
		if found != nil && (found.ID != "org1" || found.Name != "Acme" || found.Label != "acme" || !found.SSOEnabled || found.CreatedAt.Unix() != 1767323045 || found.UpdatedAt.Unix() != 1767323046) {
			t.Errorf("%s: %+v", name, found)
		}
		var choice *keycardapi.ChoiceError
		if errors.As(err, &choice) != strings.Contains(test.want, "sees") || choice != nil && choice.Wanted != test.wanted {
			t.Errorf("%s: %#v", name, err)
		}
		one := 0
		for _, label := range []string{"acme", "org1", "Acme"} {
			one += len(s.Requests("GET " + organizations + "/" + label))
		}
		if asked := string(rune('0'+one)) + " " + string(rune('0'+len(s.Requests("GET "+organizations)))); asked != test.asked {
			t.Errorf("%s: asked %s, want %s", name, asked, test.asked)
		}
	}
}

// Only a 404 leads to the list: what else fails would fail there too, and is the error to tell.
func TestAnOrganizationThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for _, given := range []answer{{401, `{}`}, {403, `{}`}, {500, `{}`}, {200, page}, {200, `{}`}, {200, otherJSON}} {
		s := serve(t, map[string][]answer{"GET " + organization: {given}, "GET " + organizations: {{200, bothJSON}}})
		if found, err := s.client().Organization(t.Context(), "acme", false); found != nil || err == nil || len(s.Requests("GET "+organizations)) != 0 {
			t.Errorf("%d %s: %+v, %v", given.status, given.body, found, err)
		}
	}
}

// Every object asks for the organization, and one answer serves all. A failure is no answer.
func TestAnOrganizationIsResolvedOnce(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string][]answer{
		"GET " + organization: {{403, `{}`}, {200, organizationJSON}}, "GET " + organizations: {{200, bothJSON}, {200, `{"items":[` + otherJSON + `]}`}},
	})
	client := s.client()
	for _, idOrLabel := range []string{"acme", ""} {
		if _, err := client.ResolveOrganization(t.Context(), idOrLabel); err == nil {
			t.Errorf("%q: resolved at once", idOrLabel)
		}
	}
	var group sync.WaitGroup
	for range 20 {
		for idOrLabel, id := range map[string]string{"acme": "org1", "": "org2"} {
			group.Go(func() {
				if found, err := client.ResolveOrganization(t.Context(), idOrLabel); err != nil || found == nil || found.ID != id {
					t.Errorf("%q: %+v, %v", idOrLabel, found, err)
				}
			})
		}
	}
	group.Wait()
	if named, lists := len(s.Requests("GET "+organization)), len(s.Requests("GET "+organizations)); named != 2 || lists != 2 {
		t.Errorf("asked %d times by label and %d times by list, want 2 and 2", named, lists)
	}
}

// Who waits for the answer to another's question still ends with an interrupt.
func TestAnInterruptEndsTheWaitForAnOrganization(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string][]answer{"GET " + organization: {{200, organizationJSON}}})
	asked, release := make(chan struct{}), make(chan struct{})
	s.Before = func(r *http.Request) {
		if r.URL.Path == organization {
			close(asked)
			<-release
		}
	}
	client := s.client()
	var group sync.WaitGroup
	group.Go(func() {
		if _, err := client.ResolveOrganization(t.Context(), "acme"); err != nil {
			t.Error(err)
		}
	})
	<-asked
	interrupted, interrupt := context.WithCancel(t.Context())
	interrupt()
	if _, err := client.ResolveOrganization(interrupted, "acme"); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	close(release)
	group.Wait()
}

func TestTheNamesOfAnOrganization(t *testing.T) {
	t.Parallel()
	found := keycardapi.Organization{ID: "org1", Label: "acme", Name: "Acme"}
	for text, want := range map[string]bool{"org1": true, "acme": true, "Acme": false, "ACME": false, "org": false, "other": false} {
		if found.IsNamed(text) != want {
			t.Errorf("%q: %t, want %t", text, !want, want)
		}
	}
}
