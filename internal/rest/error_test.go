package rest_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

func TestAnErrorTellsTheServersClock(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 7, 2, 12, 0, 0, 0, time.UTC)
	tests := map[string]struct {
		header []string
		want   time.Time
	}{
		"said":       {[]string{noon.Format(http.TimeFormat)}, noon},
		"unreadable": {[]string{"noon"}, time.Time{}},
		"absent":     {nil, time.Time{}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := serve(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header()["Date"] = test.header
				answer(http.StatusNotFound, `{}`)(w, r)
			})
			_, err := rest.Get[thing](t.Context(), c, []string{"things"}, nil)
			if failed, ok := rest.AsError(err); !ok || !failed.Date.Equal(test.want) {
				t.Errorf("%+v, want the date %s", failed, test.want)
			}
		})
	}
}

func TestAnErrorNamesTheAddressThatWasAsked(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(answer(http.StatusNotFound, `{}`))
	t.Cleanup(server.Close)
	for want, path := range map[string][]string{server.URL + "/token": nil, server.URL + "/token/a/b": {"a", "b"}} {
		_, err := rest.Get[thing](t.Context(), client(t, server.URL+"/token"), path, nil)
		if failed, ok := rest.AsError(err); !ok || failed.URL != want {
			t.Errorf("%+v, want the URL %s", failed, want)
		}
	}
}
