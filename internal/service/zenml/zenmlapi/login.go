package zenmlapi

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// Login is one of the three ways in. Set Username and Password, or APIToken, or APIKey.
type Login struct {
	// Username and Password are those of a user.
	Username, Password string
	// APIToken is a short-lived token of a user, used as it is.
	APIToken string
	// APIKey is the key of a service account.
	APIKey string
}

func (l Login) secret() string {
	switch {
	case l.APIToken != "":
		return l.APIToken
	case l.APIKey != "":
		return l.APIKey
	}
	return l.Password
}

// form is the body of the login. The server infers the grant from the fields that are there: a password alone is an
// API key.
func (l Login) form() url.Values {
	if l.APIKey != "" {
		return url.Values{"password": {l.APIKey}}
	}
	return url.Values{"username": {l.Username}, "password": {l.Password}}
}

// loginReply is the answer to a login. A null expires_in means that the token does not end, hence the pointer. An
// external server answers 200 with an authorization_url and no token.
type loginReply struct {
	AccessToken      string `json:"access_token"`
	ExpiresIn        *int64 `json:"expires_in"`
	AuthorizationURL string `json:"authorization_url"`
}

func (c *Client) authorizer(login Login) rest.Authorizer {
	if login.APIToken != "" {
		return rest.Bearer(login.APIToken)
	}
	c.tokens = c.tokensFor(login)
	return c.tokens
}

func (c *Client) tokensFor(login Login) *rest.TokenSource {
	return rest.NewTokenSource(func(ctx context.Context) (rest.Token, error) { return c.login(ctx, login) }, nil)
}

// ErrNoTokens tells that the client was given a token, which gets no others.
var ErrNoTokens = errors.New("the provider logs in with an API token, which no other token can be had for")

// Mint gets an access token for whom the client logs in as. It is not one that the client uses itself.
func (c *Client) Mint(ctx context.Context) (rest.Token, error) {
	if c.tokens == nil {
		return rest.Token{}, ErrNoTokens
	}
	return c.tokens.Mint(ctx)
}

// MintFor is [Client.Mint] for an API key. The server takes that for a use of the key.
func (c *Client) MintFor(key string) func(context.Context) (rest.Token, error) {
	c.secrets.Add(key)
	return c.tokensFor(Login{APIKey: key}).Mint
}

func (c *Client) login(ctx context.Context, login Login) (rest.Token, error) {
	var answered rest.Answered
	reply, err := rest.Send[loginReply](ctx, c.rest, rest.Request{
		Method: http.MethodPost, Path: apiPath("login"), Form: login.form(), Anonymous: true, Repeatable: true, Answered: &answered,
	})
	if err != nil {
		return rest.Token{}, err
	}
	if reply.AccessToken == "" {
		if reply.AuthorizationURL != "" {
			return rest.Token{}, answered.Unusable(system, "the server only accepts an external (ZenML Pro) login: use api_token, or an api_key of ZenML Pro")
		}
		return rest.Token{}, answered.Unusable(system, "the answer holds no access token: is server_url the address of a ZenML server?")
	}
	c.secrets.Add(reply.AccessToken)
	token := rest.Token{Value: reply.AccessToken}
	if reply.ExpiresIn != nil {
		token.Lifetime = time.Duration(*reply.ExpiresIn) * time.Second
		token.Expires = answered.Date.Add(token.Lifetime)
	}
	return token, nil
}
