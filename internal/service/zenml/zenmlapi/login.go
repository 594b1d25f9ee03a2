package zenmlapi

import (
	"context"
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
	return rest.NewTokenSource(func(ctx context.Context) (rest.Token, error) { return c.login(ctx, login) }, nil)
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
	}
	return token, nil
}
