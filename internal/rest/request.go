package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/hashicorp/go-retryablehttp"
)

// maxReply bounds what is read of one reply, in bytes. The largest honest reply is a page of a list.
const maxReply = 32 << 20

// Request is one exchange with the system.
type Request struct {
	// Method is the HTTP verb.
	Method string
	// Path holds the segments below the endpoint, unescaped.
	Path []string
	// Query is the query string; nil for none.
	Query url.Values
	// Header holds headers beyond the usual ones; nil for none.
	Header http.Header
	// JSON is the body as a value to encode; nil for none.
	JSON any
	// Form is the body as a form; nil for none.
	Form url.Values
	// Anonymous sends the request without the client's credential.
	Anonymous bool
	// Repeatable tells that the request has the same effect when it arrives twice, so that it may be repeated after
	// any failure. Others are repeated only if they never left, or were turned away with 429.
	Repeatable bool
	// MayBeEmpty accepts a success without a body, as null. Otherwise that is a reply that was cut.
	MayBeEmpty bool
	// Answered, if it is not nil, is told what the answer was to.
	Answered *Answered

	departure *Departure
}

// Get reads one value.
func Get[T any](ctx context.Context, client *Client, path []string, query url.Values) (T, error) {
	return Send[T](ctx, client, Request{Method: http.MethodGet, Path: path, Query: query, Repeatable: true})
}

// Send sends a request and decodes the JSON of a 2xx reply. Every other outcome is an *[Error].
func Send[T any](ctx context.Context, client *Client, request Request) (T, error) {
	var value T
	reply, err := client.do(ctx, request)
	if err != nil {
		return value, err
	}
	if err := json.Unmarshal(reply.body, &value); err != nil {
		return value, client.failure(request, reply, fmt.Errorf("the reply does not have the expected shape: %w", err))
	}
	return value, nil
}

// reply is what came back, and how it was had.
type reply struct {
	*exchange
	status int
	header http.Header
	body   []byte
}

// do sends a request, once more with a fresh credential if the first was refused, and returns a 2xx reply.
func (c *Client) do(ctx context.Context, request Request) (reply, error) {
	authorizer := c.config.Authorizer
	if request.Anonymous {
		authorizer = nil
	}
	result, sent, err := c.attempt(ctx, request, authorizer, false)
	if err == nil && result.status == http.StatusUnauthorized && authorizer != nil && authorizer.Refused(sent) {
		result, _, err = c.attempt(ctx, request, authorizer, result.unsure)
	}
	if err != nil {
		return result, c.failure(request, result, err)
	}
	if result.status < 200 || result.status > 299 {
		return result, c.failure(request, result, nil)
	}
	if request.Answered != nil {
		*request.Answered = Answered{
			Method: request.Method, URL: c.address(request), Status: result.status, RequestID: result.requestID(result.header), Date: dateOf(result.header),
		}
	}
	return result, nil
}

// attempt sends a request with the retries that are due, and returns the headers it went out with. It is unsure if an
// earlier attempt of the same request was.
func (c *Client) attempt(ctx context.Context, request Request, authorizer Authorizer, unsure bool) (reply, http.Header, error) {
	result := reply{exchange: newExchange(request)}
	result.unsure = unsure
	outgoing, err := c.build(withExchange(ctx, result.exchange), request)
	if err != nil {
		return result, nil, err
	}
	if authorizer != nil {
		if err := authorizer.Authorize(ctx, outgoing.Header); err != nil {
			return result, nil, err
		}
	}
	outgoing.SetResponseHandler(func(response *http.Response) (err error) {
		result.body, err = readReply(response, request.MayBeEmpty)
		return err
	})
	// Not before the credential is there: its own request may be waiting for the same limiter.
	if err := c.pacer.admit(outgoing.Request); err != nil {
		return result, outgoing.Header, err
	}
	// An attempt that fails before it reaches the transport has a slot all the same.
	defer func() { result.answered() }()
	response, err := c.http.Do(outgoing)
	if response != nil {
		defer func() { _ = response.Body.Close() }()
		result.status, result.header = response.StatusCode, response.Header
		if result.body == nil && err == nil {
			result.body, err = readReply(response, request.MayBeEmpty)
		}
	}
	return result, outgoing.Header, err
}

func (c *Client) build(ctx context.Context, request Request) (*retryablehttp.Request, error) {
	target, err := c.target(request)
	if err != nil {
		return nil, err
	}
	var body []byte
	var contentType string
	switch {
	case request.JSON != nil:
		if body, err = json.Marshal(request.JSON); err != nil {
			return nil, fmt.Errorf("encoding the request: %w", err)
		}
		contentType = "application/json"
	case request.Form != nil:
		body, contentType = []byte(request.Form.Encode()), "application/x-www-form-urlencoded"
	}
	var raw any
	if contentType != "" {
		raw = body
	}
	outgoing, err := retryablehttp.NewRequestWithContext(ctx, request.Method, target, raw)
	if err != nil {
		return nil, err
	}
	outgoing.Header.Set("Accept", "application/json")
	if c.config.UserAgent != "" {
		outgoing.Header.Set("User-Agent", c.config.UserAgent)
	}
	if contentType != "" {
		outgoing.Header.Set("Content-Type", contentType)
	}
	for name, values := range request.Header {
		outgoing.Header[name] = values
	}
	return outgoing, nil
}

// target joins the path. A segment that would lead elsewhere is refused rather than cleaned.
func (c *Client) target(request Request) (string, error) {
	target := *c.config.Endpoint
	var path strings.Builder
	path.WriteString(strings.TrimRight(target.EscapedPath(), "/"))
	for _, segment := range request.Path {
		if segment == "" || segment == "." || segment == ".." {
			return "", fmt.Errorf("the path segment %q cannot be addressed", segment)
		}
		path.WriteString("/" + url.PathEscape(segment))
	}
	unescaped, err := url.PathUnescape(path.String())
	if err != nil {
		return "", fmt.Errorf("joining the path: %w", err)
	}
	target.Path, target.RawPath = unescaped, path.String()
	target.RawQuery = request.Query.Encode()
	return target.String(), nil
}

// isPage tells that a reply is a page for people.
func isPage(header http.Header) bool {
	mediaType, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	return err == nil && mediaType == "text/html"
}

// readReply reads a whole reply within its bound. A success that is no JSON is an error of the exchange: something
// between us and the API answered in its place, or cut the reply short.
func readReply(response *http.Response, mayBeEmpty bool) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(response.Body, maxReply+1))
	if err != nil {
		return nil, fmt.Errorf("reading the reply: %w", err)
	}
	if len(body) > maxReply {
		return nil, &unusableError{text: fmt.Sprintf("the reply is larger than %d MiB", maxReply>>20)}
	}
	if response.StatusCode < 200 || response.StatusCode > 299 {
		return body, nil
	}
	if response.StatusCode == http.StatusNoContent || mayBeEmpty && len(bytes.TrimSpace(body)) == 0 {
		return []byte("null"), nil
	}
	if isPage(response.Header) {
		return nil, &unusableError{text: "the reply is a web page, not JSON: the address is that of a site or a proxy, not of the API", page: true}
	}
	if !json.Valid(body) {
		if len(bytes.TrimSpace(body)) == 0 {
			return nil, errors.New("the reply is empty where JSON was expected")
		}
		return nil, errors.New("the reply is not valid JSON")
	}
	return body, nil
}

// unusableError is a reply that will not get better by asking again.
type unusableError struct {
	text string
	page bool
}

func (e *unusableError) Error() string { return e.text }
