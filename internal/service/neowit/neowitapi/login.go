package neowitapi

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// Login is one of the three ways in: the key of a service account, by OAuth2 or by Basic auth, or an access token.
type Login struct {
	// ServiceAccountID is the account that the key belongs to. Not used with Basic.
	ServiceAccountID string
	// KeyID and Secret are the key.
	KeyID, Secret string
	// Basic sends key id and secret with each request, in place of a token. The account must allow it.
	Basic bool
	// Audience is the audience of assertions; "" is the address of the token endpoint.
	Audience string
	// AccessToken is used as it is.
	AccessToken string
}

// defaultTokenLifetime is that of a token whose answer does not tell (docs: OAuth2, one hour).
const defaultTokenLifetime = 3600

func (c *Client) authorizer(login Login) rest.Authorizer {
	switch {
	case login.AccessToken != "":
		return rest.Bearer(login.AccessToken)
	case login.Basic:
		return rest.Basic{User: login.KeyID, Password: login.Secret}
	}
	c.tokens = c.tokensFor(login)
	return c.tokens
}

func (c *Client) tokensFor(login Login) *rest.TokenSource {
	return rest.NewTokenSource(func(ctx context.Context) (rest.Token, error) { return c.login(ctx, login) }, nil)
}

// ErrNoTokens tells that the client logs in with a token that it was given, or sends its key with each request.
var ErrNoTokens = errors.New("the provider does not exchange a key for access tokens")

// Mint gets an access token for the client's own key. It is not one that the client uses itself.
func (c *Client) Mint(ctx context.Context) (rest.Token, error) {
	if c.tokens == nil {
		return rest.Token{}, ErrNoTokens
	}
	return c.tokens.Mint(ctx)
}

// MintFor is [Client.Mint] for a key of a service account. It does not depend on how the client itself logs in: the token
// endpoint is part of the API.
func (c *Client) MintFor(account, keyID, secret string) func(context.Context) (rest.Token, error) {
	c.secrets.Add(secret)
	return c.tokensFor(Login{ServiceAccountID: account, KeyID: keyID, Secret: secret, Audience: c.audience}).Mint
}

// login exchanges an assertion for a token: OAuth2 with a JWT bearer grant (RFC 7523).
func (c *Client) login(ctx context.Context, login Login) (rest.Token, error) {
	assertion, err := rest.Assertion{
		KeyID: login.KeyID, Secret: login.Secret, Audience: login.Audience,
		Issuer: login.ServiceAccountID, Subject: login.ServiceAccountID,
	}.Sign(time.Now())
	if err != nil {
		return rest.Token{}, err
	}
	c.secrets.Add(assertion)
	var answered rest.Answered
	// The second spelling is that of the older answer.
	reply, err := rest.Send[struct {
		AccessToken string `json:"access_token"`
		OlderToken  string `json:"accessToken"`
		ExpiresIn   int64  `json:"expires_in"`
	}](ctx, c.rest, rest.Request{
		Method: http.MethodPost, Path: []string{"auth", "oauth", "token"},
		Form:      url.Values{"grant_type": {rest.GrantTypeJWTBearer}, "assertion": {assertion}},
		Anonymous: true,
		// A second token does no harm.
		Repeatable: true,
		Answered:   &answered,
	})
	if err != nil {
		return rest.Token{}, err
	}
	token := cmp.Or(reply.AccessToken, reply.OlderToken)
	if token == "" {
		return rest.Token{}, answered.Unusable(system, "the answer holds no access token: is this the address of the API?")
	}
	c.secrets.Add(token)
	minted := rest.Token{Value: token, Lifetime: time.Duration(cmp.Or(reply.ExpiresIn, defaultTokenLifetime)) * time.Second}
	if reply.ExpiresIn > 0 {
		minted.Expires = answered.Date.Add(minted.Lifetime)
	}
	return minted, nil
}

// ClockSkew returns how far this machine's clock is ahead of the server's, and whether that is enough to make the
// server refuse an assertion.
func ClockSkew(err error) (time.Duration, bool) { return rest.ClockSkew(err) }
