// Package neowitapi is a typed client for the service accounts and keys of Neowit. It knows no Terraform. Neowit
// documents four calls; what else this client sends, and how it copes if that does not exist, is listed in the wing's
// CONTRACT.md.
package neowitapi

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
	"github.com/machineid/terraform-provider-machineid/internal/snapshot"
)

// DefaultBaseURL is the address of the vendor's own service (docs: OAuth2).
const DefaultBaseURL = "https://app.neowit.io/api"

// system is the vendor's name as users read it.
const system = "Neowit"

// Config is what a [Client] is made of.
type Config struct {
	// BaseURL is the address of the API, with /api.
	BaseURL string
	// Login proves who calls.
	Login Login
	// HTTP holds the settings of the wire.
	HTTP rest.HTTP
	// BulkRefresh lets reads be answered from lists.
	BulkRefresh bool
}

// Client speaks to Neowit. It is safe for concurrent use and logs in when it is first used.
type Client struct {
	rest    *rest.Client
	secrets *rest.Secrets
	tally   *rest.Tally
	// audience is that of assertions.
	audience string
	// tokens is nil unless the client logs in by exchange.
	tokens *rest.TokenSource
	// snapshots are the lists that answer reads; nil if each object is read.
	snapshots *snapshot.Lists[ServiceAccount]

	mu sync.Mutex
	// verb is the method that was seen to change an account; "" as long as none was.
	verb string
	// unreadable tells that single accounts cannot be read, only listed.
	unreadable bool
}

// New returns a client; it does not connect.
func New(config Config) (*Client, error) {
	endpoint, err := rest.ParseEndpoint(config.BaseURL)
	if err != nil {
		return nil, err
	}
	client := &Client{secrets: &rest.Secrets{}, tally: &rest.Tally{}}
	if config.BulkRefresh {
		client.snapshots = newSnapshots(client)
	}
	client.secrets.Add(config.Login.Secret, config.Login.AccessToken)
	if config.Login.Audience == "" {
		config.Login.Audience = endpoint.String() + "/auth/oauth/token"
	}
	client.audience = config.Login.Audience
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

// path leads to the accounts, and to what is below them.
func path(segments ...string) []string {
	return append([]string{"service-account", "v1", "service-account"}, segments...)
}

// inOrganization is the query that addresses an organization; "" leaves it to the server to take the caller's own.
func inOrganization(organization string) url.Values {
	if organization == "" {
		return nil
	}
	return url.Values{"orgId": {organization}}
}

// remove deletes an object. A 404 may also come from a wrong path, so exists is asked then: [ErrGone] is returned only if
// the object is not there. If that cannot be found out, [ErrUnreadable] or [ErrIncompleteList] tells why.
func (c *Client) remove(ctx context.Context, organization string, segments []string, exists func() error) error {
	_, err := rest.Send[any](ctx, c.rest, rest.Request{
		Method: http.MethodDelete, Path: path(segments...), Query: inOrganization(organization), Repeatable: true, MayBeEmpty: true,
	})
	if !IsNotFound(err) {
		return err
	}
	found := exists()
	for _, outcome := range []error{ErrGone, ErrIncompleteList, ErrUnreadable} {
		if errors.Is(found, outcome) {
			return errors.Join(outcome, err)
		}
	}
	return err
}
