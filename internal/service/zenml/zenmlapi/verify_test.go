package zenmlapi_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
	"github.com/machineid/terraform-provider-machineid/internal/service/zenml/zenmlapi"
)

func TestVerify(t *testing.T) {
	t.Parallel()
	const key, refusal = "ZENKEY_of-this-test", `{"detail":["CredentialsNotValid","Authentication error: could not verify key value for API key ci"]}`
	for name, test := range map[string]struct {
		status   int
		page     bool
		date     time.Time
		body     string
		accepted bool
		fails    string
	}{
		"accepted":                    {status: 200, body: `{"access_token":"token-of-this-test","expires_in":null}`, accepted: true},
		"refused":                     {status: 401, body: refusal},
		"refused, and clocks differ":  {status: 401, body: refusal, date: time.Now().Add(-365 * 24 * time.Hour)},
		"accepted, and clocks differ": {status: 200, body: `{"access_token":"token-of-this-test"}`, date: time.Now().Add(time.Hour), accepted: true},
		"a form without sense":        {status: 400, body: `{"detail":"API key is required."}`, fails: "400"},
		"an external login":           {status: 200, body: `{"authorization_url":"https://cloud.example.com"}`, fails: "external"},
		"no token":                    {status: 200, body: `{}`, fails: "no access token"},
		"a page":                      {status: 200, page: true, body: "<html>sign in</html>", fails: "page"},
		"a page that refuses":         {status: 401, page: true, body: "<html>sign in</html>", fails: "401"},
		"forbidden":                   {status: 403, body: `{"detail":"blocked"}`, fails: "403"},
		"too many":                    {status: 429, body: `{"detail":"Minute request limit exceeded."}`, fails: "429"},
		"out of order":                {status: 503, body: `{}`, fails: "503"},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if err := r.ParseForm(); err != nil || r.PostForm.Get("password") != key || r.PostForm.Has("username") || r.Header.Get("Authorization") != "" {
				t.Errorf("%s: another login was sent, or another way in beside the key", name)
			}
			w.Header().Set("Content-Type", "application/json")
			if test.page {
				w.Header().Set("Content-Type", "text/html")
			}
			if !test.date.IsZero() {
				w.Header().Set("Date", test.date.UTC().Format(http.TimeFormat))
			}
			w.WriteHeader(test.status)
			_, _ = w.Write([]byte(test.body))
		}))
		// The provider's own login is a wrong one, and has no part in it.
		client, err := zenmlapi.New(zenmlapi.Config{ServerURL: server.URL, Login: zenmlapi.Login{Username: "admin", Password: "wrong"}, HTTP: rest.HTTP{Timeout: 5 * time.Second}})
		if err != nil {
			t.Fatal(err)
		}
		accepted, err := client.Verify(context.Background(), key)
		server.Close()
		if accepted != test.accepted || (err == nil) != (test.fails == "") || err != nil && !strings.Contains(err.Error(), test.fails) {
			t.Errorf("%s: accepted %t, %v", name, accepted, err)
		}
		if err != nil && strings.Contains(err.Error(), key) {
			t.Errorf("%s: the error holds the key", name)
		}
		if accepted, err := client.Verify(context.Background(), key); accepted || err == nil {
			t.Errorf("a server that is gone: accepted %t, %v", accepted, err)
		}
	}
}
