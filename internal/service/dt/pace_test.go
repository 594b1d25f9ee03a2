package dt_test

import (
	"net/http"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// Sixty keys over six accounts, with the vendor's limit on and Terraform's usual parallelism.
func TestManyKeysWithinTheRateLimit(t *testing.T) {
	t.Parallel()
	server := target(t)
	server.box.Set(t, "dt", map[string]string{"rate_limit": "true"})
	// The hand's own requests have left the window that the server counts.
	server.box.Set(t, "clock", map[string]string{"offset": "1m"})
	w := acctest.NewWorkspace(t, server.env)
	w.Copy("internal/service/dt/testdata/many_keys/keys.tf")
	w.Variables(map[string]string{"project": server.project})
	w.MustApply()
	created := 0
	for _, request := range server.box.Requests(t) {
		if request.Status != http.StatusOK {
			t.Errorf("%s %s answered %d, %d times", request.Method, request.Route, request.Status, request.Count)
		}
		if request.Method == http.MethodPost && !request.Token {
			created += request.Count
		}
	}
	if created != 66 {
		t.Errorf("%d objects were created, want 66", created)
	}
	if logins := server.box.Logins(t); logins != 1 {
		t.Errorf("%d logins, want 1", logins)
	}

	// Another process does not know what the first one sent, so it may be turned away. It then waits and goes on.
	w.MustBeQuiet()
	w.MustDestroy()
	if left := server.box.Objects(t, "dt", "service_account_keys"); len(left) != 0 {
		t.Errorf("left after destroy: %v", left)
	}
}
