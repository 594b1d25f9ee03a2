package dtapi_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
	"github.com/machineid/terraform-provider-machineid/internal/rest/resttest"
	"github.com/machineid/terraform-provider-machineid/internal/service/dt/dtapi"
)

// A list in which each page names another is given up at some time.
func TestListsWithoutEnd(t *testing.T) {
	t.Parallel()
	server := resttest.NewEndless(t, "", `{"serviceAccounts":[],"nextPageToken":"%d"}`)
	client, err := dtapi.New(dtapi.Config{BaseURL: server.URL, KeyID: "k1", Secret: "the-secret", Basic: true})
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.ServiceAccounts(t.Context(), "projects/p1")
	server.MustBeGivenUp(t, err)
}

// A token endpoint that answers with a page, or redirects, is no login: its answer is told, and no credential goes on.
func TestHostileTokenEndpoints(t *testing.T) {
	t.Parallel()
	var elsewhere atomic.Int64
	thief := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
	t.Cleanup(thief.Close)
	for want, answer := range map[string]http.HandlerFunc{
		"web page": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			_, _ = w.Write([]byte("<html>"))
		},
		"the server redirects": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, thief.URL, http.StatusTemporaryRedirect)
		},
		"not valid JSON": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(strings.Repeat("[", 100_000)))
		},
	} {
		tokens := httptest.NewServer(answer)
		t.Cleanup(tokens.Close)
		client, err := dtapi.New(dtapi.Config{BaseURL: thief.URL, TokenURL: tokens.URL, KeyID: "k1", Secret: "the-secret", Email: "e@x"})
		if err != nil {
			t.Fatal(err)
		}
		_, err = client.ServiceAccount(context.Background(), account, time.Time{})
		if !rest.IsLogin(err) || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "the-secret") {
			t.Errorf("%s: %v", want, err)
		}
	}
	if elsewhere.Load() != 0 {
		t.Errorf("the other host was asked %d times", elsewhere.Load())
	}
}
