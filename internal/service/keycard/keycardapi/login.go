package keycardapi

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// defaultTokenLifetime, in seconds, is taken if an answer does not tell (SDKs).
const defaultTokenLifetime = 3600

// login exchanges a credential for tokens: OAuth2 with client credentials (RFC 6749, section 4.4).
type login struct {
	client  *rest.Client
	secrets *rest.Secrets
	id      string
	secret  string
	// inForm tells that the credential was accepted in the form and not as HTTP Basic.
	inForm atomic.Bool
}

func (c *Client) authorizer(config Config, shared rest.Config) (rest.Authorizer, error) {
	if config.TokenURL == "" {
		shared.Endpoint = shared.Endpoint.JoinPath("service-account-token")
	} else {
		endpoint, err := rest.ParseEndpoint(config.TokenURL)
		if err != nil {
			return nil, &AddressError{Setting: "token URL", Cause: err}
		}
		shared.Endpoint = endpoint
	}
	client, err := rest.New(shared)
	if err != nil {
		return nil, err
	}
	c.login = &login{client: client, secrets: c.secrets, id: config.ClientID, secret: config.ClientSecret}
	c.tokens = rest.NewTokenSource(c.login.fetch, nil)
	return c.tokens, nil
}

// Mint gets an access token for the client's own credential. It is not one that the client uses itself.
func (c *Client) Mint(ctx context.Context) (rest.Token, error) { return c.tokens.Mint(ctx) }

// MintFor is [Client.Mint] for another credential. The server may take that for a use of it.
func (c *Client) MintFor(clientID, clientSecret string) func(context.Context) (rest.Token, error) {
	c.secrets.Add(clientSecret)
	other := &login{client: c.login.client, secrets: c.secrets, id: clientID, secret: clientSecret}
	return rest.NewTokenSource(other.fetch, nil).Mint
}

// fetch implements the fetch of [rest.NewTokenSource]. The server takes the credential as HTTP Basic, by its SDKs, and in
// the form, by its older Terraform provider. What was accepted is kept.
func (l *login) fetch(ctx context.Context) (rest.Token, error) {
	if l.inForm.Load() {
		return l.exchange(ctx, l.asForm())
	}
	token, err := l.exchange(ctx, l.asBasic(ctx))
	if !isRefusal(err) {
		return token, err
	}
	token, formErr := l.exchange(ctx, l.asForm())
	if isRefusal(formErr) {
		return rest.Token{}, err
	}
	if formErr == nil {
		l.inForm.Store(true)
	}
	return token, formErr
}

func (l *login) asBasic(ctx context.Context) rest.Request {
	header := http.Header{}
	_ = rest.Basic{User: l.id, Password: l.secret}.Authorize(ctx, header) // a fixed pair cannot fail
	return rest.Request{Header: header, Form: url.Values{"grant_type": {"client_credentials"}}}
}

func (l *login) asForm() rest.Request {
	return rest.Request{Form: url.Values{"grant_type": {"client_credentials"}, "client_id": {l.id}, "client_secret": {l.secret}}}
}

func (l *login) exchange(ctx context.Context, request rest.Request) (rest.Token, error) {
	request.Method = http.MethodPost
	// A second token does no harm.
	request.Repeatable = true
	var answered rest.Answered
	request.Answered = &answered
	reply, err := rest.Send[struct {
		AccessToken string `json:"access_token"`
		ExpiresIn   int64  `json:"expires_in"`
	}](ctx, l.client, request)
	if err != nil {
		return rest.Token{}, err
	}
	if reply.AccessToken == "" {
		return rest.Token{}, answered.Unusable(system, "the answer holds no access token: is this the address of the token endpoint?")
	}
	l.secrets.Add(reply.AccessToken)
	token := rest.Token{Value: reply.AccessToken, Lifetime: time.Duration(cmp.Or(reply.ExpiresIn, defaultTokenLifetime)) * time.Second}
	if reply.ExpiresIn > 0 {
		token.Expires = answered.Date.Add(token.Lifetime)
	}
	return token, nil
}

// isRefusal tells that a credential was not accepted, or not in the way it was sent.
func isRefusal(err error) bool {
	return rest.HasStatus(err, http.StatusBadRequest) || rest.HasStatus(err, http.StatusUnauthorized)
}
