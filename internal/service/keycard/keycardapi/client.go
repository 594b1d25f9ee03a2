// Package keycardapi is a typed client for the organizations, service accounts and credentials of Keycard. It knows no
// Terraform. What it relies on is listed in the wing's CONTRACT.md.
package keycardapi

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// DefaultBaseURL is the address of the vendor's own service (SDKs).
const DefaultBaseURL = "https://api.keycard.ai"

// system is the vendor's name as users read it.
const system = "Keycard"

// requestIDHeader is the header in which a caller names its request (docs: API reference).
const requestIDHeader = "X-Client-Request-ID"

// Config is what a [Client] is made of.
type Config struct {
	// BaseURL is the address of the API.
	BaseURL string
	// TokenURL is the address of the token endpoint; "" takes service-account-token under the base URL.
	TokenURL string
	// ClientID and ClientSecret are a service account's credential.
	ClientID, ClientSecret string
	// HTTP holds the settings of the wire.
	HTTP rest.HTTP
	// BulkRefresh lets reads be answered from lists.
	BulkRefresh bool
}

// Client speaks to Keycard. It is safe for concurrent use and logs in when it is first used.
type Client struct {
	rest    *rest.Client
	secrets *rest.Secrets
	login   *login
	tokens  *rest.TokenSource
	// made holds the moments of creation of the service accounts that this client has made, by id.
	made sync.Map
	// shown holds the collections that were seen to exist; see [Client.confirmedAccount].
	shown sync.Map
	// organizations are those that were resolved; see [Client.ResolveOrganization].
	organizations resolved
	tally         *rest.Tally
	snapshots     snapshots

	mu sync.Mutex
	// spelling is how the parameter expand was seen to be understood; "" as long as it was not.
	spelling string
}

// New returns a client; it does not connect. An *[AddressError] tells which address cannot be used.
func New(config Config) (*Client, error) {
	endpoint, err := rest.ParseEndpoint(config.BaseURL)
	if err != nil {
		return nil, &AddressError{Setting: "base URL", Cause: err}
	}
	client := &Client{secrets: &rest.Secrets{}, organizations: newResolved(), tally: &rest.Tally{}}
	if config.BulkRefresh {
		client.snapshots = newSnapshots(client)
	}
	client.secrets.Add(config.ClientSecret)
	shared := rest.Config{
		System:          system,
		Endpoint:        endpoint,
		HTTP:            config.HTTP,
		ParseError:      parseError,
		Tally:           client.tally,
		Secrets:         client.secrets,
		RequestIDHeader: requestIDHeader,
	}
	if shared.Authorizer, err = client.authorizer(config, shared); err != nil {
		return nil, err
	}
	client.rest, err = rest.New(shared)
	return client, err
}

// ServerNow is the present by the server's clock; see [rest.Client.ServerNow].
func (c *Client) ServerNow() time.Time { return c.rest.ServerNow() }

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

// accountPath leads to the service accounts of an organization, by id or label, and to what is below them.
func accountPath(organization string, segments ...string) []string {
	return append([]string{"organizations", organization, "service-accounts"}, segments...)
}

// credentialPath leads to the credentials of a service account, and to what is below them.
func credentialPath(organization, account string, segments ...string) []string {
	return append(accountPath(organization, account, "credentials"), segments...)
}

// settling is how long a new object may be invisible. Nothing is documented; the vendor's own Terraform provider waits so
// long for other objects.
const settling = 30 * time.Second

// invisibleYet tells a 404 that may only mean that an object made at that moment is not visible everywhere. A repeat of our
// own request is answered by what that did.
func invisibleYet(created time.Time) func(error) bool {
	return func(err error) bool {
		return IsNotFound(err) && rest.AnsweredWithin(settling, created, err) && !rest.IsUnsure(err)
	}
}

// remove deletes an object that was made at a moment, as far as that is known. Right after it a 404 may only mean that
// the object is not visible yet, and to believe it would leave an orphan.
func (c *Client) remove(ctx context.Context, path []string, created time.Time) error {
	return rest.WaitOut(ctx, invisibleYet(created), func() error {
		_, err := rest.Send[any](ctx, c.rest, rest.Request{Method: http.MethodDelete, Path: path, Repeatable: true, MayBeEmpty: true})
		return err
	})
}
