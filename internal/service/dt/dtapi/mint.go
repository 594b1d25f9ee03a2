package dtapi

import (
	"context"
	"errors"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// ErrNoTokens tells that the client sends its key with each request, and so knows no token endpoint that is proven.
var ErrNoTokens = errors.New("the provider uses Basic auth, which has no access tokens")

// Mint gets an access token for the client's own key. It is not one that the client uses itself.
func (c *Client) Mint(ctx context.Context) (rest.Token, error) {
	if c.login == nil {
		return rest.Token{}, ErrNoTokens
	}
	return c.tokens.Mint(ctx)
}

// MintFor is [Client.Mint] for a key of the service account with that address.
func (c *Client) MintFor(keyID, secret, email string) func(context.Context) (rest.Token, error) {
	if c.login == nil {
		return c.Mint
	}
	c.secrets.Add(secret)
	login := *c.login
	login.config.KeyID, login.config.Secret, login.config.Email = keyID, secret, email
	return rest.NewTokenSource(login.fetch, nil).Mint
}
