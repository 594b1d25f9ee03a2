package keycardapi_test

import (
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/rest/resttest"
	"github.com/machineid/terraform-provider-machineid/internal/service/keycard/keycardapi"
)

func deletes() []call { return []call{accountCall[2], credentialCall[2]} }

func TestEverySuccessOfADelete(t *testing.T) {
	t.Parallel()
	for _, call := range deletes() {
		for _, success := range []answer{{204, ``}, {200, ``}, {200, `{}`}, {200, accountJSON}, {202, ``}} {
			s := serve(t, map[string][]answer{call.route: {success}})
			if err := call.do(t, s.client()); err != nil || len(s.Requests(call.route)) != 1 || s.Requests(call.route)[0].Body != "" {
				t.Errorf("%s, %d %q: %v", call.route, success.status, success.body, err)
			}
		}
		for _, failure := range []answer{{400, `{}`}, {403, `{}`}, {405, ``}, {409, `{}`}, {500, `{}`}, {200, page}, {302, ``}} {
			s := serve(t, map[string][]answer{call.route: {failure}})
			if err := call.do(t, s.client()); err == nil || keycardapi.IsGone(err) {
				t.Errorf("%s, %d %q: %v", call.route, failure.status, failure.body, err)
			}
		}
	}
}

// A delete whose answer was lost is repeated, and then finds nothing.
func TestADeleteIsRepeated(t *testing.T) {
	t.Parallel()
	for _, status := range []int{502, resttest.Cut} {
		for _, call := range deletes() {
			s := serve(t, map[string][]answer{call.route: {{status, ``}, {404, missing}}, "GET " + accounts: {{200, emptyList}}, "GET " + credentials: {{200, emptyList}}})
			config := s.config()
			config.HTTP.MaxRetries = 1
			if err := call.do(t, newClient(t, config)); outcome(err) != "gone" || len(s.Requests(call.route)) != 2 {
				t.Errorf("%s, %d: %s after %d requests: %v", call.route, status, outcome(err), len(s.Requests(call.route)), err)
			}
		}
	}
}
