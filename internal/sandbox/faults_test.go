package sandbox_test

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox"
)

func (b *box) arm(fault string) {
	b.t.Helper()
	b.want(200, "POST", "/_sandbox/faults", "", fault)
}

// TestFaults creates an account under each kind of fault, and checks what the client sees and whether it was created.
func TestFaults(t *testing.T) {
	t.Parallel()
	for kind, c := range map[string]struct {
		fault   string
		created bool
		check   func(t *testing.T, status int, text string, err error)
	}{
		"refuse": {``, false, func(t *testing.T, _ int, _ string, err error) {
			if !errors.Is(err, syscall.ECONNRESET) {
				t.Errorf("got %v, want a reset", err)
			}
		}},
		"cut_before": {``, false, wantEOF},
		"cut_after":  {``, true, wantEOF},
		"cut_middle": {``, true, func(t *testing.T, status int, text string, err error) {
			if status != 200 || !errors.Is(err, io.ErrUnexpectedEOF) || !strings.HasPrefix(text, `{"body"`) {
				t.Errorf("got %d, %q, %v", status, text, err)
			}
		}},
		"delay": {`,"delay_ms":30`, true, func(t *testing.T, status int, text string, err error) {
			if status != 200 || err != nil || !json.Valid([]byte(text)) {
				t.Errorf("got %d, %q, %v", status, text, err)
			}
		}},
		"stall": {`,"delay_ms":30`, true, func(t *testing.T, status int, text string, err error) {
			if status != 200 || err != nil || !json.Valid([]byte(text)) {
				t.Errorf("got %d, %q, %v", status, text, err)
			}
		}},
		"status": {`,"status":503`, false, func(t *testing.T, status int, text string, err error) {
			if status != 503 || err != nil {
				t.Errorf("got %d, %q, %v", status, text, err)
			}
		}},
		"malformed": {``, true, wantBroken},
		"html": {``, true, func(t *testing.T, status int, text string, err error) {
			if status != 200 || err != nil || !strings.HasPrefix(text, "<!doctype html>") {
				t.Errorf("got %d, %q, %v", status, text, err)
			}
		}},
		"truncated": {``, true, wantBroken},
		"empty": {``, true, func(t *testing.T, status int, text string, err error) {
			if status != 200 || err != nil || text != "" {
				t.Errorf("got %d, %q, %v", status, text, err)
			}
		}},
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			b := start(t, sandbox.Config{})
			token := b.login()
			b.arm(`{"system":"zenml","method":"POST","path":"/api/v1/service_accounts","times":1,"kind":"` + kind + `"` + c.fault + `}`)
			began := time.Now()
			status, _, text, err := b.try("POST", accounts, token, `{"name":"ci","active":true}`)
			c.check(t, status, text, err)
			if created := len(b.accountNames()) == 1; created != c.created {
				t.Errorf("created: %t, want %t", created, c.created)
			}
			if (kind == "delay" || kind == "stall") && time.Since(began) < 30*time.Millisecond {
				t.Error("there was no delay")
			}
			b.want(200, "POST", accounts, token, `{"name":"next","active":true}`) // used up
			logged := b.want(200, "GET", "/_sandbox/requests", "", "")
			seen := map[string]string{"status": `"status":503`}[kind]
			if strings.HasPrefix(kind, "cut") || kind == "refuse" {
				seen = `"status":0`
			}
			if !strings.Contains(logged, `"total":3`) || !strings.Contains(logged, seen) {
				t.Errorf("got the log %s", logged)
			}
		})
	}
}

func wantEOF(t *testing.T, _ int, _ string, err error) {
	t.Helper()
	if !errors.Is(err, io.EOF) {
		t.Errorf("got %v, want the end of the connection", err)
	}
}

func wantBroken(t *testing.T, status int, text string, err error) {
	t.Helper()
	if status != 200 || err != nil || text == "" || json.Valid([]byte(text)) {
		t.Errorf("got %d, %q, %v", status, text, err)
	}
}

func TestWhichRequestsAreSpoiled(t *testing.T) {
	t.Parallel()
	const id = "/7df1a74d-ba81-42c0-b835-260607d66c2e"
	for _, c := range []struct {
		fault        string
		method, path string
		spoiled      bool
	}{
		{`{}`, "GET", accounts, true},
		{`{"method":"post"}`, "GET", accounts, false},
		{`{"method":"get"}`, "GET", accounts, true},
		{`{"system":"zenml"}`, "GET", accounts, true},
		{`{"system":"dt"}`, "GET", accounts, false},
		{`{"system":"dt"}`, "GET", "/dt/v2/roles", true},
		{`{"path":"/api/v1/service_accounts"}`, "GET", accounts, true},
		{`{"path":"/zenml/api/v1/service_accounts"}`, "GET", accounts, true},
		{`{"path":"/api/v1/service_accounts"}`, "GET", accounts + id, false},
		{`{"path":"/api/v1/service_accounts/*"}`, "GET", accounts + id, true},
		{`{"path":"/api/v1/service_accounts/*"}`, "GET", accounts + id + "/api_keys", false},
		{`{"path":"/api/v1/service_accounts/**"}`, "GET", accounts + id + "/api_keys", true},
		{`{"path":"/api/v1/service_accounts/{service_account_id}/api_keys"}`, "GET", accounts + id + "/api_keys", true},
		{`{"path":"/api/v1/service_accounts/{id}"}`, "GET", accounts + id + "/api_keys", false},
		{`{"path":"**/api_keys"}`, "GET", accounts + id + "/api_keys", true},
		{`{"path":"/api/v./service_accounts"}`, "GET", accounts, false},
	} {
		b := start(t, sandbox.Config{})
		b.arm(`{"kind":"status","status":418,` + strings.TrimPrefix(strings.Replace(c.fault, "{}", "{\"times\":1}", 1), "{"))
		status, _ := b.do(c.method, c.path, "", "")
		if spoiled := status == 418; spoiled != c.spoiled {
			t.Errorf("%s on %s %s: spoiled: %t, want %t", c.fault, c.method, c.path, spoiled, c.spoiled)
		}
	}
}

func TestArmingAndDisarming(t *testing.T) {
	t.Parallel()
	b := start(t, sandbox.Config{})
	b.arm(`{"kind":"status","status":503,"times":2,"retry_after":7}`)
	b.arm(`{"kind":"status","status":429,"retry_after":"Thu, 02 Jul 2026 12:00:00 GMT"}`)
	for i, want := range []struct {
		status int
		after  string
	}{{503, "7"}, {503, "7"}, {429, "Thu, 02 Jul 2026 12:00:00 GMT"}, {429, "Thu, 02 Jul 2026 12:00:00 GMT"}} {
		status, header, _, err := b.try("GET", "/zenml/health", "", "")
		if err != nil || status != want.status || header.Get("Retry-After") != want.after {
			t.Errorf("request %d: got %d, Retry-After %q, %v", i, status, header.Get("Retry-After"), err)
		}
	}
	var armed []map[string]any
	b.get("/_sandbox/faults", &armed)
	if len(armed) != 1 || armed[0]["status"] != 429.0 {
		t.Errorf("got %v armed", armed)
	}
	b.want(204, "DELETE", "/_sandbox/faults", "", "")
	b.want(200, "GET", "/zenml/health", "", "")
	if text := b.want(200, "GET", "/_sandbox/faults", "", ""); text != "[]" {
		t.Errorf("got %s armed", text)
	}

	for fault, part := range map[string]string{
		`{"kind":"zork"}`:                     "refuse, cut_before",
		`{}`:                                  "refuse, cut_before",
		`{"kind":"html","system":"zork"}`:     "zenml",
		`{"kind":"html","times":-1}`:          "times",
		`{"kind":"status"}`:                   "status from 200",
		`{"kind":"delay"}`:                    "delay_ms",
		`{"kind":"html","zork":1}`:            "zork",
		`{"kind":"html"}{"kind":"html"}`:      "more than one",
		`{"kind":"html","retry_after":["7"]}`: "retry_after",
	} {
		if text := b.want(400, "POST", "/_sandbox/faults", "", fault); !strings.Contains(text, part) {
			t.Errorf("%s: got %s, want %q in it", fault, text, part)
		}
	}
}

// TestFaultsInDetail tells what the fields beyond kind and times do.
func TestFaultsInDetail(t *testing.T) {
	t.Parallel()
	const rest = `{"system":"zenml","method":"POST","path":"/api/v1/service_accounts","times":1,`

	t.Run("skip", func(t *testing.T) {
		t.Parallel()
		b := start(t, sandbox.Config{})
		token := b.login()
		b.arm(rest + `"skip":1,"kind":"status","status":503}`)
		for i, want := range []int{200, 503, 200} {
			b.want(want, "POST", accounts, token, `{"name":"ci`+strings.Repeat("i", i)+`","active":true}`)
		}
	})
	t.Run("allow", func(t *testing.T) {
		t.Parallel()
		b := start(t, sandbox.Config{})
		b.arm(`{"kind":"status","status":429,"retry_after":1,"allow":2,"window_ms":600}`)
		for window := range 2 {
			for i, want := range []int{200, 200, 429, 429} {
				if status, _ := b.do("GET", "/zenml/health", "", ""); status != want {
					t.Errorf("request %d of window %d: got %d, want %d", i, window, status, want)
				}
			}
			<-time.After(600 * time.Millisecond)
		}
	})
	t.Run("page", func(t *testing.T) {
		t.Parallel()
		b := start(t, sandbox.Config{})
		b.arm(rest + `"kind":"status","status":502,"page":true}`)
		status, header, text, err := b.try("POST", accounts, "", "")
		if err != nil || status != 502 || !strings.HasPrefix(header.Get("Content-Type"), "text/html") || !strings.HasPrefix(text, "<!doctype html>") {
			t.Errorf("got %d, %v, %q, %v", status, header, text, err)
		}
	})
	t.Run("echo", func(t *testing.T) {
		t.Parallel()
		b := start(t, sandbox.Config{})
		b.arm(rest + `"kind":"status","status":403,"echo":true}`)
		if text := b.want(403, "POST", accounts, "some-token", `{"name":"ci"}`); !strings.Contains(text, `some-token and {\"name\":\"ci\"}`) {
			t.Errorf("got %s, want what was sent", text)
		}
	})
	t.Run("lacking", func(t *testing.T) {
		t.Parallel()
		b := start(t, sandbox.Config{})
		token := b.login()
		b.arm(rest + `"kind":"lacking","field":"zork"}`)
		if text := b.want(200, "POST", accounts, token, `{"name":"ci","active":true}`); !strings.Contains(text, `"id":`) {
			t.Errorf("a reply without the field was spoiled: %s", text)
		}
		var armed []map[string]any
		if b.get("/_sandbox/faults", &armed); len(armed) != 1 {
			t.Errorf("got %v armed after a reply without the field", armed)
		}
		b.want(204, "DELETE", "/_sandbox/faults", "", "")
		b.arm(rest + `"kind":"lacking","field":"id"}`)
		text := b.want(200, "POST", accounts, token, `{"name":"next","active":true}`)
		if strings.Contains(text, `"id":`) || !strings.Contains(text, `"name":"next"`) || !json.Valid([]byte(text)) {
			t.Errorf("got %s, want all but the ids", text)
		}
		if b.get("/_sandbox/faults", &armed); len(armed) != 0 {
			t.Errorf("got %v armed after the field was taken", armed)
		}
	})
	for fault, part := range map[string]string{
		`{"kind":"stall"}`:          "delay_ms",
		`{"kind":"lacking"}`:        "field",
		`{"kind":"html","skip":-1}`: "skip",
		`{"kind":"html","allow":2}`: "window_ms",
	} {
		b := start(t, sandbox.Config{})
		if text := b.want(400, "POST", "/_sandbox/faults", "", fault); !strings.Contains(text, part) {
			t.Errorf("%s: got %s, want %q in it", fault, text, part)
		}
	}
}

// TestDatesFollowTheClock compares the date of an answer with what the answer dates.
func TestDatesFollowTheClock(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 7, 2, 12, 0, 0, 0, time.UTC)
	b := start(t, sandbox.Config{Now: func() time.Time { return noon }})
	token := b.login()
	b.want(200, "PUT", "/_sandbox/options", "", `{"clock":{"offset":"36h"}}`)
	_, header, text, err := b.try("POST", accounts, token, `{"name":"ci","active":true}`)
	if want := "Sat, 04 Jul 2026 00:00:00 GMT"; err != nil || header.Get("Date") != want || !strings.Contains(text, "2026-07-04T00:00:00") {
		t.Errorf("got the date %q, want %q, of %s, %v", header.Get("Date"), want, text, err)
	}
}
