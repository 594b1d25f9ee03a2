package provider_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// Go's HTTP client tells the standard library's log what a server sends without being asked, which may be what it was sent.
func TestWhatIsSentUnaskedIsNotLogged(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		connection, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		// The connection stays open, and the client reads on.
		t.Cleanup(func() { _ = connection.Close() })
		_, _ = io.WriteString(connection, "HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"+r.Header.Get("Authorization"))
	}))
	t.Cleanup(server.Close)
	w := acctest.NewInstalledWorkspace(t, map[string]string{"ZENML_SERVER_URL": server.URL, "ZENML_API_TOKEN": "hunter2-hunter2"})
	w.Write("main.tf", `data "machineid_zenml_service_accounts" "all" {}`)
	logged := w.Log()
	w.ApplyMustFail("status 403")
	if log := logged(); !strings.Contains(log, "request answered") || strings.Contains(log, "hunter2") {
		at := max(strings.Index(log, "hunter2")-200, 0)
		t.Errorf("of %d bytes of log, the secret among them: %s", len(log), log[at:min(at+400, len(log))])
	}
}
