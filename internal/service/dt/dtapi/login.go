package dtapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// An assertion counts from a moment back, because the server refuses one from its future, and lives for some minutes,
// so that a clock that is slow by less does no harm. The server allows an hour (contract: assertion).
const (
	assertionBackdated = 30 * time.Second
	assertionLifetime  = 5 * time.Minute
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
	assertion, err := l.assertion(time.Now())
	if err != nil {
		return rest.Token{}, err
	}
	reply, err := rest.Send[struct {
		AccessToken string `json:"access_token"`
		ExpiresIn   int64  `json:"expires_in"`
	}](ctx, l.client, rest.Request{
		Method: http.MethodPost,
		Form:   url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {assertion}},
		// A second token does no harm.
		Repeatable: true,
	})
	if err != nil {
		return rest.Token{}, err
	}
	if reply.AccessToken == "" {
		return rest.Token{}, errors.New("the answer holds no access token: is this the address of the token endpoint?")
	}
	l.secrets.Add(reply.AccessToken)
	return rest.Token{Value: reply.AccessToken, Lifetime: time.Duration(reply.ExpiresIn) * time.Second}, nil
}

func (l *login) assertion(now time.Time) (string, error) {
	issued := now.Add(-assertionBackdated)
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
		"iat": issued.Unix(),
		"exp": issued.Add(assertionLifetime).Unix(),
		"aud": l.audience,
		"iss": l.config.Email,
	})
	token.Header["kid"] = l.config.KeyID
	signed, err := token.SignedString([]byte(l.config.Secret))
	if err != nil {
		return "", fmt.Errorf("signing the assertion: %w", err)
	}
	l.secrets.Add(signed)
	return signed, nil
}

// ClockSkew returns how far this machine's clock is ahead of the server's, and whether that is enough to make the
// server refuse an assertion.
func ClockSkew(err error) (time.Duration, bool) {
	login, ok := rest.AsLogin(err)
	if !ok {
		return 0, false
	}
	return login.Ahead, login.Ahead > assertionBackdated || login.Ahead < assertionBackdated-assertionLifetime
}
