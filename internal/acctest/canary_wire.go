package acctest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// secretMember finds the members of a JSON text, be it cut, whose values are secrets.
var secretMember = regexp.MustCompile(
	`"(?:key|secret|client_secret|clientSecret|password|token|access_token|accessToken|refresh_token|api_key|assertion)"\s*:\s*("(?:[^"\\]|\\.)*")`)

// secretFields are the fields of a form whose values are secrets.
var secretFields = []string{"password", "assertion", "client_assertion", "client_secret", "token", "access_token", "refresh_token"}

// front stands before a sandbox and learns the secrets of each exchange.
func (c *canary) front(sandbox http.Handler) http.Handler {
	if c == nil {
		return sandbox
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/_sandbox/") {
			sandbox.ServeHTTP(w, r)
			return
		}
		c.underway.Add(1)
		defer c.underway.Add(-1)
		sent, err := io.ReadAll(r.Body)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		r.Body = io.NopCloser(bytes.NewReader(sent))
		c.learnHeader(r.Header)
		c.learnBody(r.Header.Get("Content-Type"), sent)
		answer := &overheard{ResponseWriter: w}
		// Also if the sandbox cuts the connection: the provider may have got a part.
		defer func() {
			c.learnBody("application/json", answer.body.Bytes())
			for _, cookie := range (&http.Response{Header: w.Header()}).Cookies() {
				c.learn(cookie.Value)
			}
		}()
		sandbox.ServeHTTP(answer, r)
	})
}

func (c *canary) learnHeader(header http.Header) {
	kind, credential, _ := strings.Cut(header.Get("Authorization"), " ")
	c.learn(credential)
	if !strings.EqualFold(kind, "Basic") {
		return
	}
	if pair, err := base64.StdEncoding.DecodeString(credential); err == nil {
		_, password, _ := strings.Cut(string(pair), ":")
		c.learn(password)
	}
}

func (c *canary) learnBody(contentType string, body []byte) {
	if strings.HasPrefix(contentType, "application/x-www-form-urlencoded") {
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return
		}
		for _, field := range secretFields {
			c.learn(form[field]...)
		}
		return
	}
	for _, member := range secretMember.FindAllSubmatch(body, -1) {
		var value string
		if json.Unmarshal(member[1], &value) == nil {
			c.learn(value)
		}
	}
}

// overheard keeps a copy of an answer.
type overheard struct {
	http.ResponseWriter
	body bytes.Buffer
}

// Write implements [io.Writer].
func (o *overheard) Write(part []byte) (int, error) {
	o.body.Write(part)
	return o.ResponseWriter.Write(part)
}

// Unwrap leads [http.ResponseController] to what can cut a connection.
func (o *overheard) Unwrap() http.ResponseWriter { return o.ResponseWriter }

// quoted is a text as it stands within a JSON string, in which a few more characters can be escaped.
func quoted(text string, forHTML bool) string {
	var encoded strings.Builder
	encoder := json.NewEncoder(&encoded)
	encoder.SetEscapeHTML(forHTML)
	if err := encoder.Encode(text); err != nil {
		return text
	}
	return strings.TrimSuffix(strings.TrimPrefix(encoded.String(), `"`), "\"\n")
}
