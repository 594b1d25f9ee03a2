package rest_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// FuzzEndpoints: an address is accepted as one that sends nothing in clear text, and is accepted again as it is written
// then; what is refused is not repeated beyond scheme and host.
func FuzzEndpoints(f *testing.F) {
	for _, text := range []string{"https://x.example.com/api/", "http://127.0.0.1:80", "http://localhost.example.com", "https://u:p@x", "https://x?q", "ftp://x", "http://[::1]/%2e%2e", "//x", "https://x/\x1b", "ftp://x/the-secret", "https://x/the-secret?y", "http://x/the-secret", "/the-secret", "//the-secret#0"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		endpoint, err := rest.ParseEndpoint(text)
		if err != nil {
			told := err.Error()
			if parsed, err := url.Parse(text); err == nil && (parsed.Scheme == "https" || parsed.Scheme == "http") {
				told = strings.ReplaceAll(told, parsed.Scheme+"://"+parsed.Host, "")
			}
			if strings.Contains(told, "the-secret") {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		if endpoint.User != nil || endpoint.RawQuery != "" || endpoint.Scheme != "https" && endpoint.Scheme != "http" {
			t.Fatalf("%q was accepted as %+v", text, endpoint)
		}
		again, err := rest.ParseEndpoint(endpoint.String())
		if err != nil || again.String() != endpoint.String() {
			t.Fatalf("%q was accepted as %s, and that as %v, %v", text, endpoint, again, err)
		}
	})
}

// FuzzReplies: whatever a server sends, a client returns JSON, or an error of its own kind that can be shown.
func FuzzReplies(f *testing.F) {
	var status int
	var contentType, body, requestID string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Content-Type"], w.Header()["X-Request-Id"] = []string{contentType}, []string{requestID}
		w.WriteHeader(status)
		if status != http.StatusNoContent && status != http.StatusNotModified {
			_, _ = w.Write([]byte(body))
		}
	}))
	f.Cleanup(server.Close)
	endpoint, err := rest.ParseEndpoint(server.URL)
	if err != nil {
		f.Fatal(err)
	}
	c, err := rest.New(rest.Config{System: "Vendor", Endpoint: endpoint, ParseError: func(_ int, body []byte) (string, string) { return string(body), string(body) }})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(200, "application/json", `{"name":"x"}`, "r")
	f.Add(200, "text/html", `<html>`, "")
	f.Add(301, "", ``, "r")
	f.Add(403, "application/json", "a\x1b[31m", "\u009b")
	f.Add(204, "", ``, "")
	f.Fuzz(func(t *testing.T, code int, kind, text, id string) {
		// No 1xx, which is no answer yet, and no 429, which holds the next one back.
		if status = 200 + (code%400+400)%400; status == http.StatusTooManyRequests {
			return
		}
		contentType, body, requestID = kind, text, id
		got, err := rest.Get[json.RawMessage](t.Context(), c, []string{"things"}, nil)
		if err == nil {
			if !json.Valid(got) || status > 299 {
				t.Fatalf("status %d with %q gave %q", status, text, got)
			}
			return
		}
		failed, ok := rest.AsError(err)
		if !ok || failed.Method != http.MethodGet || failed.Cause == nil && failed.Status != status {
			t.Fatalf("status %d with %q gave %#v", status, text, err)
		}
		if shown := err.Error() + failed.RequestID; len(shown) > 4000 || strings.ContainsAny(shown, "\x00\x1b\u009b\r\u202e") {
			t.Fatalf("status %d with %q gave an error that cannot be shown: %q", status, text, shown)
		}
	})
}

// FuzzSegments: a segment of a path arrives as it is, as one segment, or is not sent at all.
func FuzzSegments(f *testing.F) {
	var arrived string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		arrived = r.URL.EscapedPath()
		answer(http.StatusOK, `{}`)(w, r)
	}))
	f.Cleanup(server.Close)
	endpoint, err := rest.ParseEndpoint(server.URL)
	if err != nil {
		f.Fatal(err)
	}
	c, err := rest.New(rest.Config{System: "Vendor", Endpoint: endpoint})
	if err != nil {
		f.Fatal(err)
	}
	for _, segment := range []string{"a", "..", "../x", "%2e%2e", "a?b#c", "\x1b", "\xff", ";", "a\\b"} {
		f.Add(segment)
	}
	f.Fuzz(func(t *testing.T, segment string) {
		arrived = ""
		if _, err := rest.Get[thing](t.Context(), c, []string{"things", segment}, nil); err != nil {
			if arrived != "" || rest.IDProblem(segment) == "" {
				t.Fatalf("%q was sent to %q: %v", segment, arrived, err)
			}
			return
		}
		_, sent, found := strings.Cut(arrived, "/things/")
		if got, err := url.PathUnescape(sent); !found || err != nil || got != segment || strings.Contains(sent, "/") {
			t.Fatalf("%q arrived as %q", segment, arrived)
		}
	})
}
