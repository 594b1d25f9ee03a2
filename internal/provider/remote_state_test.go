package provider_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// TestARemoteStateIsWrittenLate shows what no provider can change, and what the guide warns of: Terraform writes a remote
// state at intervals. When the key is made, the account before it is in no written state yet.
func TestARemoteStateIsWrittenLate(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var state []byte
	var writes, writesBeforeTheKey atomic.Int32
	remote := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		switch r.Method {
		case http.MethodPost:
			writes.Add(1)
			state, _ = io.ReadAll(r.Body)
		case http.MethodGet:
			if state == nil {
				w.WriteHeader(http.StatusNotFound)
			}
			_, _ = w.Write(state)
		}
	}))
	t.Cleanup(remote.Close)
	box := acctest.Sandbox(t)
	w := acctest.NewWorkspace(t, box.Between(t, acctest.Between{Before: func(r *http.Request) bool {
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/api_keys") {
			writesBeforeTheKey.Store(writes.Load())
		}
		return true
	}}))
	w.Write("main.tf", fmt.Sprintf(`
terraform {
  backend "http" {
    address = %q
  }
}

resource "machineid_zenml_service_account" "test" {
  name = "remote"
}

resource "machineid_zenml_api_key" "test" {
  service_account_id = machineid_zenml_service_account.test.id
  name               = "ci"
}
`, remote.URL))
	w.MustApply()
	if writesBeforeTheKey.Load() != 0 || writes.Load() == 0 {
		t.Errorf("the state was written %d times, %d of them before the key was made", writes.Load(), writesBeforeTheKey.Load())
	}
	w.MustDestroy()
}
