package dtapi

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// login exchanges assertions for tokens: OAuth2 with a JWT bearer grant (RFC 7523).
type login struct {
	client   *rest.Client
	secrets  *rest.Secrets
	audience string
	config   Config
}

// fetch implements the fetch of [rest.NewTokenSource].
func (l *login) fetch(ctx context.Context) (rest.Token, error) {
	assertion, err := rest.Assertion{
		KeyID: l.config.KeyID, Secret: l.config.Secret, Issuer: l.config.Email, Audience: l.audience,
	}.Sign(time.Now())
	if err != nil {
		return rest.Token{}, err
	}
	l.secrets.Add(assertion)
	var answered rest.Answered
	reply, err := rest.Send[struct {
		AccessToken string `json:"access_token"`
		ExpiresIn   int64  `json:"expires_in"`
	}](ctx, l.client, rest.Request{
		Method: http.MethodPost,
		Form:   url.Values{"grant_type": {rest.GrantTypeJWTBearer}, "assertion": {assertion}},
		// A second token does no harm.
		Repeatable: true,
		Answered:   &answered,
	})
	if err != nil {
		return rest.Token{}, err
	}
	if reply.AccessToken == "" {
		return rest.Token{}, answered.Unusable(system, "the answer holds no access token: is this the address of the token endpoint?")
	}
	l.secrets.Add(reply.AccessToken)
	token := rest.Token{Value: reply.AccessToken, Lifetime: time.Duration(reply.ExpiresIn) * time.Second}
	if token.Lifetime > 0 {
		token.Expires = answered.Date.Add(token.Lifetime)
	}
	return token, nil
}

// ClockSkew returns how far this machine's clock is ahead of the server's, and whether that is enough to make the
// server refuse an assertion.
func ClockSkew(err error) (time.Duration, bool) { return rest.ClockSkew(err) }
