package keycardapi_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest/resttest"
	"github.com/machineid/terraform-provider-machineid/internal/service/keycard/keycardapi"
)

func text(value string) *string { return &value }

// updates are both updates, with what they change.
func updates(t *testing.T, client *keycardapi.Client, change keycardapi.Change) map[string]error {
	t.Helper()
	return map[string]error{
		"PATCH " + account:    client.UpdateServiceAccount(t.Context(), "acme", "sa1", time.Time{}, change),
		"PATCH " + credential: client.UpdateCredential(t.Context(), "acme", "sa1", "k1", time.Time{}, change),
	}
}

func (s *server) bodies(route string) (bodies []string) {
	for _, request := range s.Requests(route) {
		bodies = append(bodies, request.Body)
	}
	return bodies
}

// An update holds what changes, and nothing else.
func TestWhatAnUpdateSends(t *testing.T) {
	t.Parallel()
	for body, change := range map[string]keycardapi.Change{
		`{}`:                                   {},
		`{"name":"new"}`:                       {Name: text("new")},
		`{"description":"newer"}`:              {Description: text("newer")},
		`{"description":""}`:                   {Description: text("")},
		`{"description":"","name":"new"}`:      {Name: text("new"), Description: text("")},
		`{"description":"newer","name":"new"}`: {Name: text("new"), Description: text("newer")},
	} {
		for _, success := range []answer{{200, `{"id":"sa1","name":"new"}`}, {200, ``}, {202, `{}`}, {204, ``}} {
			s := serve(t, map[string][]answer{"PATCH " + account: {success}, "PATCH " + credential: {success}})
			for route, err := range updates(t, s.client(), change) {
				if err != nil || !slices.Equal(s.bodies(route), []string{body}) || s.Requests(route)[0].ContentType != "application/json" {
					t.Errorf("%s, %d %s: sent %+v, %v", body, success.status, success.body, s.Requests(route), err)
				}
			}
		}
	}
}

// What clears a description is not documented: "" is tried, and null if that does not do it.
func TestADescriptionIsCleared(t *testing.T) {
	t.Parallel()
	const byEmpty, byNull = `{"description":"","name":"new"}`, `{"description":null,"name":"new"}`
	cleared, ignored := answer{200, `{"id":"sa1","name":"new"}`}, answer{200, `{"id":"sa1","name":"new","description":"still"}`}
	first, second := answer{400, `{"message":"the first refusal"}`}, answer{422, `{"message":"the second refusal"}`}
	for name, test := range map[string]struct {
		answers []answer
		nulls   int
		want    string // at the end of the error
	}{
		"by \"\"":                      {[]answer{cleared}, 0, ""},
		"by \"\", and told as \"\"":    {[]answer{{200, `{"description":""}`}}, 0, ""},
		"by \"\", and told as null":    {[]answer{{200, `{"description":null}`}}, 0, ""},
		"by \"\", and told nothing":    {[]answer{{204, ``}}, 0, ""},
		"by null, \"\" refused":        {[]answer{first, cleared}, 1, ""},
		"by null, \"\" not accepted":   {[]answer{second, cleared}, 1, ""},
		"by null, \"\" without effect": {[]answer{ignored, cleared}, 1, ""},
		"both refused":                 {[]answer{first, second}, 1, "the first refusal"},
		"both without effect":          {[]answer{ignored, ignored}, 1, keycardapi.ErrNotCleared.Error()},
		"refused, then without effect": {[]answer{first, ignored}, 1, keycardapi.ErrNotCleared.Error()},
		"without effect, then refused": {[]answer{ignored, second}, 1, "the second refusal"},
		"refused, then failed":         {[]answer{first, {500, `{"message":"broken"}`}}, 1, "broken"},
		"refused, then not permitted":  {[]answer{first, {403, `{"message":"forbidden"}`}}, 1, "forbidden"},
		"without effect, then failed":  {[]answer{ignored, {500, `{"message":"broken"}`}}, 1, "broken"},
		"not permitted":                {[]answer{{403, `{"message":"forbidden"}`}, cleared}, 0, "forbidden"},
		"a conflict about the name":    {[]answer{{409, `{"message":"taken"}`}, cleared}, 0, "taken"},
		"failed":                       {[]answer{{500, `{"message":"broken"}`}, cleared}, 0, "broken"},
	} {
		s := serve(t, map[string][]answer{"PATCH " + account: slices.Clone(test.answers), "PATCH " + credential: slices.Clone(test.answers)})
		for route, err := range updates(t, s.client(), keycardapi.Change{Name: text("new"), Description: text("")}) {
			want := append([]string{byEmpty}, slices.Repeat([]string{byNull}, test.nulls)...)
			if !slices.Equal(s.bodies(route), want) {
				t.Errorf("%s: %s was sent %q, want %q", name, route, s.bodies(route), want)
			}
			if (err == nil) != (test.want == "") || !hasSuffix(err, test.want) {
				t.Errorf("%s: %s: %v", name, route, err)
			}
			if errors.Is(err, keycardapi.ErrNotCleared) != (test.want == keycardapi.ErrNotCleared.Error()) {
				t.Errorf("%s: %s: %v", name, route, err)
			}
		}
	}
}

// A refusal of anything else than "" is not about how a description is cleared.
func TestOtherRefusalsAreNotRepeated(t *testing.T) {
	t.Parallel()
	still := answer{200, `{"id":"sa1","description":"still"}`}
	for _, change := range []keycardapi.Change{{Name: text("new")}, {Description: text("newer")}, {Name: text(""), Description: text("newer")}} {
		for _, given := range []answer{{400, `{"message":"no"}`}, {422, `{"message":"no"}`}, still} {
			s := serve(t, map[string][]answer{"PATCH " + account: {given}, "PATCH " + credential: {given}})
			for route, err := range updates(t, s.client(), change) {
				if keycardapi.IsInvalid(err) != (given != still) || (err == nil) != (given == still) || len(s.Requests(route)) != 1 {
					t.Errorf("%+v, %d: %s was sent %q: %v", change, given.status, route, s.bodies(route), err)
				}
			}
		}
	}
}

// An update may arrive twice, so it is repeated after a failure that passes.
func TestAnUpdateIsRepeated(t *testing.T) {
	t.Parallel()
	for _, status := range []int{503, resttest.Cut} {
		answers := []answer{{status, ``}, {200, accountJSON}}
		s := serve(t, map[string][]answer{"PATCH " + account: slices.Clone(answers), "PATCH " + credential: slices.Clone(answers)})
		config := s.config()
		config.HTTP.MaxRetries = 1
		for route, err := range updates(t, newClient(t, config), renamed) {
			if err != nil || !slices.Equal(s.bodies(route), []string{`{"name":"new"}`, `{"name":"new"}`}) {
				t.Errorf("status %d: %s was sent %q: %v", status, route, s.bodies(route), err)
			}
		}
	}
}
