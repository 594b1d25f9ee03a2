package zenmlapi_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
	"github.com/machineid/terraform-provider-machineid/internal/service/zenml/zenmlapi"
)

// A list in which each page names another is given up at some time.
func TestListsWithoutEnd(t *testing.T) {
	t.Parallel()
	var pages atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"total_pages":1000000000,"items":[],"page":%d}`, pages.Add(1))
	}))
	t.Cleanup(server.Close)
	client, err := zenmlapi.New(zenmlapi.Config{ServerURL: server.URL, Login: zenmlapi.Login{APIToken: "the-token"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.ServiceAccounts(context.Background(), zenmlapi.ListOptions{}); !errors.Is(err, rest.ErrEndlessList) || pages.Load() != rest.MaxPages {
		t.Errorf("after %d pages: %v", pages.Load(), err)
	}
}
