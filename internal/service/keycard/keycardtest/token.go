package keycardtest

import (
	"net/http"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage"
)

const (
	grantType = "client_credentials"
	issuer    = "https://api.keycard.ai"
)

type wireToken struct {
	AccessToken string `json:"access_token"`
	TokenType   string `json:"token_type"`
	ExpiresIn   int    `json:"expires_in"`
}

// claims are what an access token says. Its subject is the client id of its credential.
type claims struct {
	jwt.RegisteredClaims
	OrganizationID string `json:"https://api.keycard.sh/organization_id"`
}

// exchange makes an access token of a client id and a secret. Parameters in the query do not count.
func (f *Fake) exchange(c *call) (answer, *failure) {
	if err := c.r.ParseForm(); err != nil {
		return answer{}, badExchange("invalid_request", "the form cannot be read")
	}
	switch c.r.PostForm.Get("grant_type") {
	case grantType:
	case "":
		return answer{}, badExchange("invalid_request", "the form has no grant_type")
	default:
		return answer{}, badExchange("unsupported_grant_type", "the only grant type is "+grantType)
	}
	used, failed := f.identify(c.r)
	if failed != nil {
		return answer{}, failed
	}
	now := f.now()
	used.LastUsed = &now
	lifetime := f.number(optTokenLifetime)
	return answer{http.StatusOK, wireToken{
		AccessToken: f.issue(used, time.Duration(lifetime)*time.Second), TokenType: "Bearer", ExpiresIn: lifetime,
	}}, nil
}

// identify reads who the client is from the header or from the form, which has been parsed.
func (f *Fake) identify(r *http.Request) (*credential, *failure) {
	way, style := f.options.Get(optClientAuth), clientInBody
	clientID, secret := r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	if name, password, ok := r.BasicAuth(); ok {
		if secret != "" {
			return nil, badExchange("invalid_request", "the client authenticates in two ways at once")
		}
		clientID, secret, style = name, password, clientBasic
	}
	if way != clientBoth && way != style {
		return nil, badClient(style, "this way to authenticate is not accepted")
	}
	used := f.login(clientID, secret)
	if used == nil {
		return nil, badClient(style, "the client id or the secret is wrong")
	}
	return used, nil
}

// issue makes a token. It goes by the time of those who are not in the sandbox: who makes objects old by moving the clock
// keeps the token.
func (f *Fake) issue(used *credential, lifetime time.Duration) string {
	now := f.clock.Unmoved()
	// A JWT counts in seconds; rounded up, the token lives for as long as it is said to.
	end := now.Add(lifetime + time.Second - 1).Truncate(time.Second)
	signed, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: issuer, Subject: used.ClientID, ID: stage.NewUUID(),
			IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(end),
		},
		OrganizationID: f.db.accountOf(used).OrganizationID,
	}).SignedString([]byte(f.db.SigningKey))
	if err != nil {
		panic("keycardtest: cannot sign a token: " + err.Error()) // only for a key of the wrong type
	}
	return signed
}

// readToken verifies a token and returns what it says.
func (f *Fake) readToken(text string) (claims, bool) {
	var read claims
	_, err := jwt.ParseWithClaims(text, &read,
		func(*jwt.Token) (any, error) { return []byte(f.db.SigningKey), nil },
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithIssuer(issuer),
		jwt.WithExpirationRequired(), jwt.WithTimeFunc(f.clock.Unmoved))
	return read, err == nil
}
