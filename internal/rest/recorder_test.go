package rest_test

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

func TestTheLogTellsTheExchangeAndNoSecret(t *testing.T) {
	t.Parallel()
	const secret = "hunter2"
	var log bytes.Buffer
	ctx := tflogtest.RootLogger(context.Background(), &log)
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Request-Id", "request-7")
		w.Header().Set("X-Secret", secret)
		answer(http.StatusOK, `{"name":"`+secret+`"}`)(w, r)
	}, func(config *rest.Config) { config.Authorizer = rest.Bearer(secret) })
	_, err := rest.Send[thing](ctx, c, rest.Request{
		Method: http.MethodPost, Path: []string{"things", "7"}, Query: url.Values{"q": {secret}}, Form: url.Values{"password": {secret}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"system":"Vendor"`, `"method":"POST"`, `"path":"/things/7"`, `"status":200`, `"attempt":1`, `"request_id":"request-7"`, `"duration_ms":`, `"sent_so_far":1`, `"saved_so_far":0`} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %s:\n%s", want, log.String())
		}
	}
	if strings.Contains(log.String(), secret) {
		t.Errorf("the log holds the secret:\n%s", log.String())
	}
}

// All clients of a system count together, repeats included.
func TestTheLogCountsTheRequestsOfASystem(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	ctx := tflogtest.RootLogger(context.Background(), &log)
	tally := &rest.Tally{}
	sharing := func(config *rest.Config) { config.Tally = tally }
	for _, status := range []int{http.StatusServiceUnavailable, http.StatusOK} {
		_, _ = rest.Get[thing](ctx, serve(t, answer(status, `{"name":"x"}`), sharing, once), []string{"things"}, nil)
		tally.Saved()
	}
	_, _ = rest.Get[thing](ctx, serve(t, answer(http.StatusOK, `{"name":"x"}`), sharing), []string{"things"}, nil)
	if want := `"saved_so_far":2,"sent_so_far":3`; !strings.Contains(log.String(), want) {
		t.Errorf("the log lacks %s:\n%s", want, log.String())
	}
}
