// Package dtapi is a typed client for service accounts, their keys, members and roles of DT Studio by Disruptive
// Technologies, REST API v2. It knows no Terraform. What it relies on is listed in the wing's CONTRACT.md. Objects are
// addressed by their resource names, such as projects/<id>/serviceaccounts/<id>.
package dtapi

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// The addresses of the vendor's own service (docs: REST API introduction, OAuth2).
const (
	DefaultBaseURL  = "https://api.disruptive-technologies.com/v2"
	DefaultTokenURL = "https://identity.disruptive-technologies.com/oauth2/token"
)

// DefaultRequestsPerSecond is the documented limit: 25 requests in 5 seconds.
const DefaultRequestsPerSecond = 5

// system is the vendor's name as users read it.
const system = "DT"

// limitWindow is the span over which the vendor counts requests.
const limitWindow = 5 * time.Second

// Config is what a [Client] is made of.
type Config struct {
	// BaseURL is the address of the API, with or without /v2.
	BaseURL string
	// TokenURL is the address of the token endpoint, which is also the audience of assertions. Not used with Basic.
	TokenURL string
	// KeyID and Secret are a service account's key.
	KeyID, Secret string
	// Email is the address of the service account that the key belongs to. Not used with Basic.
	Email string
	// Basic sends key and secret with each request, in place of a token. The account must allow it.
	Basic bool
	// RequestsPerSecond is how fast requests may follow each other, counted over 5 seconds; 0 means no limit.
	RequestsPerSecond int
	// HTTP holds the settings of the wire.
	HTTP rest.HTTP
	// BulkRefresh lets reads be answered from lists.
	BulkRefresh bool
}

// Client speaks to DT Studio. It is safe for concurrent use and logs in when it is first used.
type Client struct {
	rest    *rest.Client
	secrets *rest.Secrets
	// login and tokens are nil with Basic auth.
	login  *login
	tokens *rest.TokenSource
	// made holds the service accounts that this client has made, by id: what [madeAccount] tells.
	made      sync.Map
	presence  presence
	tally     *rest.Tally
	snapshots snapshots
}

// New returns a client; it does not connect.
func New(config Config) (*Client, error) {
	endpoint, err := rest.ParseEndpoint(config.BaseURL)
	if err != nil {
		return nil, &AddressError{Setting: "base URL", Cause: err}
	}
	endpoint.Path = strings.TrimRight(strings.TrimSuffix(endpoint.Path, "/v2"), "/")
	client := &Client{secrets: &rest.Secrets{}, presence: newPresence(), tally: &rest.Tally{}}
	if config.BulkRefresh {
		client.snapshots = newSnapshots(client)
	}
	client.secrets.Add(config.Secret)
	shared := rest.Config{
		System:     system,
		Endpoint:   endpoint,
		HTTP:       config.HTTP,
		ParseError: parseError,
		Tally:      client.tally,
		Secrets:    client.secrets,
		Limiter:    rest.NewLimiter(config.RequestsPerSecond*int(limitWindow/time.Second), limitWindow),
	}
	if shared.Authorizer, err = client.authorizer(config, shared); err != nil {
		return nil, err
	}
	client.rest, err = rest.New(shared)
	return client, err
}

// ServerNow is the present by the server's clock; see [rest.Client.ServerNow].
func (c *Client) ServerNow() time.Time { return c.rest.ServerNow() }

func (c *Client) authorizer(config Config, shared rest.Config) (rest.Authorizer, error) {
	if config.Basic {
		return rest.Basic{User: config.KeyID, Password: config.Secret}, nil
	}
	endpoint, err := rest.ParseEndpoint(config.TokenURL)
	if err != nil {
		return nil, &AddressError{Setting: "token URL", Cause: err}
	}
	// Another host, with a limit of its own.
	shared.Endpoint, shared.Limiter = endpoint, nil
	identity, err := rest.New(shared)
	if err != nil {
		return nil, err
	}
	c.login = &login{client: identity, secrets: c.secrets, audience: endpoint.String(), config: config}
	c.tokens = rest.NewTokenSource(c.login.fetch, nil)
	return c.tokens, nil
}

// AddressError is an address that cannot be used.
type AddressError struct {
	// Setting tells which one: "base URL" or "token URL".
	Setting string
	// Cause is what is wrong with it.
	Cause error
}

// Error implements error.
func (e *AddressError) Error() string { return e.Setting + ": " + e.Cause.Error() }

// Unwrap gives the cause.
func (e *AddressError) Unwrap() error { return e.Cause }

// path turns a resource name, and what follows it, into the segments of a path.
func path(name string, more ...string) []string {
	segments := append([]string{"v2"}, strings.Split(name, "/")...)
	return append(segments, more...)
}

// create posts a new object; see [rest.Create].
func create(ctx context.Context, client *Client, path []string, body any) (json.RawMessage, error) {
	return rest.Create(ctx, client.rest, rest.Request{Path: path, JSON: body})
}

// patch changes the fields that the body has, and no others (contract: update by presence). Arriving twice changes
// nothing.
func patch(ctx context.Context, client *Client, path []string, body any) error {
	_, err := rest.Send[any](ctx, client.rest, rest.Request{Method: http.MethodPatch, Path: path, JSON: body, Repeatable: true})
	return err
}

// remove deletes an object that was made at a moment, as far as that is known. Right after it a 404 may only mean that
// the object is not visible yet, and to believe it would leave an orphan.
func (c *Client) remove(ctx context.Context, name string, created time.Time) error {
	err := rest.WaitOut(ctx, invisibleYet(created), func() error {
		return rest.Patiently(ctx, IsConflict, func() error {
			_, err := rest.Send[any](ctx, c.rest, rest.Request{Method: http.MethodDelete, Path: path(name), Repeatable: true})
			return err
		})
	})
	return c.confirmed(ctx, created, err)
}

// read reads an object that was made at a moment, as far as that is known.
func read[T any](ctx context.Context, client *Client, name string, created time.Time) (T, error) {
	var found T
	err := rest.WaitOut(ctx, invisibleYet(created), func() (err error) {
		found, err = rest.Get[T](ctx, client.rest, path(name), nil)
		return err
	})
	return found, client.confirmed(ctx, created, err)
}
