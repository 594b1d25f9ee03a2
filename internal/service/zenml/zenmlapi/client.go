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

	"github.com/google/uuid"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// system is the vendor's name as users read it.
const system = "ZenML"

// Config is what a [Client] is made of.
type Config struct {
	// ServerURL is the address of the server, without /api/v1.
	ServerURL string
	// Login proves who calls.
	Login Login
	// HTTP holds the settings of the wire.
	HTTP rest.HTTP
	// BulkRefresh lets reads be answered from lists.
	BulkRefresh bool
}

// Client speaks to one ZenML server. It is safe for concurrent use and logs in when it is first used.
type Client struct {
	rest      *rest.Client
	secrets   *rest.Secrets
	tally     *rest.Tally
	snapshots snapshots
	// tokens is nil if the client was given a token.
	tokens *rest.TokenSource
}

// New returns a client; it does not connect.
func New(config Config) (*Client, error) {
	endpoint, err := rest.ParseEndpoint(config.ServerURL)
	if err != nil {
		return nil, err
	}
	client := &Client{secrets: &rest.Secrets{}, tally: &rest.Tally{}}
	if config.BulkRefresh {
		client.snapshots = newSnapshots(client)
	}
	client.secrets.Add(config.Login.secret())
	client.rest, err = rest.New(rest.Config{
		System:     system,
		Endpoint:   endpoint,
		HTTP:       config.HTTP,
		Authorizer: client.authorizer(config.Login),
		ParseError: parseError,
		Tally:      client.tally,
		Secrets:    client.secrets,
	})
	return client, err
}

// ServerNow is the present by the server's clock; see [rest.Client.ServerNow].
func (c *Client) ServerNow() time.Time { return c.rest.ServerNow() }

// IdempotencyKey names one creation, so that the server knows a repeat of it, within minutes, for what it is. Empty means a
// new one for each call.
type IdempotencyKey string

// NewIdempotencyKey makes a key.
func NewIdempotencyKey() IdempotencyKey { return IdempotencyKey(uuid.NewString()) }

// create posts a new object; see [rest.Create]. The server replays its answer, one-time key included, when it sees the
// same Idempotency-Key again (contract: idempotent create), so a create is safe to repeat.
func create(ctx context.Context, client *Client, path []string, key IdempotencyKey, body any) (json.RawMessage, error) {
	header := http.Header{"Idempotency-Key": {string(cmp.Or(key, NewIdempotencyKey()))}}
	return rest.Create(ctx, client.rest, rest.Request{Path: path, JSON: body, Header: header, Repeatable: true})
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

// missingDetails is what an answer lacks if the caller may not read the object.
const missingDetails = "details; the caller may lack the permission to read it"
