package acctest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// Call is a request that a test sends itself, as somebody might beside Terraform. It shares no code with the clients under
// test, so a mistake in one of them cannot hide here too. What is left empty is not sent.
type Call struct {
	Method, URL   string
	Authorization string
	Header        map[string]string
	// At most one of these is the body: a value that goes out as JSON, text that is JSON or is meant to be taken for it, or a
	// form.
	JSON any
	Text string
	Form url.Values
}

// Reply is what came back. The body is parsed JSON, or nil where it is none; the text is the body as it came.
type Reply struct {
	Status int
	Header http.Header
	Body   any
	Text   string
}

// wire has no cookie jar: a server may prefer its cookie to the authorization that a call names. A real server may take
// long.
var wire = &http.Client{Timeout: 2 * time.Minute}

// Send sends the request, and fails the test if nothing comes back.
func (c Call) Send(t testing.TB) Reply {
	t.Helper()
	body, contentType := c.body(t)
	// Clean-ups call this too, when the test's own context has ended.
	request, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), c.Method, c.URL, body)
	if err != nil {
		t.Fatal(err)
	}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	if c.Authorization != "" {
		request.Header.Set("Authorization", c.Authorization)
	}
	for name, value := range c.Header {
		request.Header.Set(name, value)
	}
	response, err := wire.Do(request)
	if err != nil {
		t.Fatalf("%s %s: %v", c.Method, c.URL, err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("%s %s: %v", c.Method, c.URL, err)
	}
	got := Reply{Status: response.StatusCode, Header: response.Header, Text: string(text)}
	if json.Unmarshal(text, &got.Body) != nil {
		got.Body = nil
	}
	return got
}

func (c Call) body(t testing.TB) (body io.Reader, contentType string) {
	t.Helper()
	switch {
	case c.Form != nil:
		return strings.NewReader(c.Form.Encode()), "application/x-www-form-urlencoded"
	case c.JSON != nil:
		encoded, err := json.Marshal(c.JSON)
		if err != nil {
			t.Fatal(err)
		}
		return bytes.NewReader(encoded), "application/json"
	case c.Text != "":
		return strings.NewReader(c.Text), "application/json"
	}
	return nil, ""
}

// At digs into parsed JSON. It is nil where there is nothing.
func At(value any, names ...string) any {
	for _, name := range names {
		object, _ := value.(map[string]any)
		value = object[name]
	}
	return value
}
