package rest_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

func TestBasicSendsUserAndPassword(t *testing.T) {
	t.Parallel()
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		user, password, ok := r.BasicAuth()
		if !ok || user != "key" || password != "pass:wörd" {
			t.Errorf("user %q, password %q, %t", user, password, ok)
		}
		answer(http.StatusOK, `{"name":"x"}`)(w, r)
	}, func(config *rest.Config) { config.Authorizer = rest.Basic{User: "key", Password: "pass:wörd"} })
	if _, err := rest.Get[thing](t.Context(), c, []string{"things"}, nil); err != nil {
		t.Error(err)
	}
}

func TestARefusedPairIsNotTriedAgainNorShown(t *testing.T) {
	t.Parallel()
	var count atomic.Int64
	var sent string
	c := serve(t, sequence(&count, func(w http.ResponseWriter, r *http.Request) {
		sent = strings.TrimPrefix(r.Header.Get("Authorization"), "Basic ")
		answer(http.StatusUnauthorized, "refused: "+sent+" and hunter2")(w, r)
	}), func(config *rest.Config) { config.Authorizer = rest.Basic{User: "key", Password: "hunter2"} })
	_, err := rest.Get[thing](t.Context(), c, []string{"things"}, nil)
	if !rest.HasStatus(err, http.StatusUnauthorized) || count.Load() != 1 {
		t.Errorf("%d requests, error %v; want one request and a 401", count.Load(), err)
	}
	if strings.Contains(err.Error(), sent) || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("the error shows the credential: %v", err)
	}
}
