// Package zenmlapi is a typed client for the service accounts and API keys of a ZenML server, REST API /api/v1. It
// knows no Terraform. What it relies on is listed and verified in the wing's CONTRACT.md.
package zenmlapi

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// Config is what a [Client] is made of.
type Config struct {
	// ServerURL is the address of the server, without /api/v1.
	ServerURL string
	// Login proves who calls.
	Login Login
	// Timeout bounds one exchange; 0 takes the default.
	Timeout time.Duration
	// MaxRetries is how often a failed exchange is repeated.
	MaxRetries int
	// CAPEM holds PEM certificates to trust beside the system's own.
	CAPEM string
	// UserAgent is sent with every request.
	UserAgent string
}

// Client speaks to one ZenML server. It is safe for concurrent use and logs in when it is first used.
type Client struct {
	rest    *rest.Client
	secrets *rest.Secrets
	// grace is how long the answer to a create is awaited after an interrupt.
	grace time.Duration
}

// New returns a client; it does not connect.
func New(config Config) (*Client, error) {
	endpoint, err := rest.ParseEndpoint(config.ServerURL)
	if err != nil {
		return nil, err
	}
	// As long as one exchange may take: Terraform waits for the provider, and a second interrupt ends both.
	client := &Client{secrets: &rest.Secrets{}, grace: cmp.Or(config.Timeout, rest.DefaultTimeout)}
	client.secrets.Add(config.Login.secret())
	client.rest, err = rest.New(rest.Config{
		System:     "ZenML",
		Endpoint:   endpoint,
		Timeout:    config.Timeout,
		MaxRetries: config.MaxRetries,
		CAPEM:      config.CAPEM,
		UserAgent:  config.UserAgent,
		Authorizer: client.authorizer(config.Login),
		ParseError: parseError,
		Secrets:    client.secrets,
	})
	return client, err
}

// create posts a new object. The server replays its answer, one-time key included, when it sees the same
// Idempotency-Key again (contract: idempotent create), so a create is safe to repeat. An interrupt does not cut it: the
// answer may hold the only copy of a key. For the same reason it is returned as it is: see [made].
func create(ctx context.Context, client *Client, path []string, body any) (json.RawMessage, error) {
	ctx, cancel := rest.Outlast(ctx, client.grace)
	defer cancel()
	return rest.Send[json.RawMessage](ctx, client.rest, rest.Request{
		Method: http.MethodPost, Path: path, JSON: body, Header: idempotencyKey(), Repeatable: true,
	})
}

// made is the part of the answer to a create without which an object is lost. It is read on its own, so that nothing
// else in the answer can keep it from being read.
type made struct {
	ID   string `json:"id"`
	Body struct {
		Key string `json:"key"`
	} `json:"body"`
}

func madeBy(answer json.RawMessage) made {
	var made made
	// A member of another type is an error, but does not keep the others from being read.
	_ = json.Unmarshal(answer, &made)
	return made
}

// put changes an object. Every PUT of this package sets values, so that arriving twice changes nothing.
func put[T any](ctx context.Context, client *Client, path []string, body any) (T, error) {
	return rest.Send[T](ctx, client.rest, rest.Request{Method: http.MethodPut, Path: path, JSON: body, Repeatable: true})
}

// remove deletes an object.
func remove(ctx context.Context, client *Client, path []string) error {
	_, err := rest.Send[any](ctx, client.rest, rest.Request{Method: http.MethodDelete, Path: path, Repeatable: true})
	return err
}

// find returns the only item of a list that is filtered by an exact name; names are unique.
func find[T any](ctx context.Context, client *Client, path []string, name string) (*T, error) {
	query := url.Values{"name": {"equals:" + name}, "hydrate": {"true"}, "size": {"1"}}
	found, err := rest.Get[page[T]](ctx, client.rest, path, query)
	if err != nil {
		return nil, err
	}
	if len(found.Items) == 0 {
		return nil, ErrNoSuchName
	}
	return &found.Items[0], nil
}

// ErrNoSuchName is the answer to a search by name that found nothing.
var ErrNoSuchName = errors.New("there is no object of that name")

func apiPath(segments ...string) []string {
	return append([]string{"api", "v1"}, segments...)
}
