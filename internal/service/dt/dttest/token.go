package dttest

import (
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage"
)

const (
	grantType    = "urn:ietf:params:oauth:grant-type:jwt-bearer"
	realTokenURL = "https://identity.disruptive-technologies.com" + tokenPath

	tokenLifetime     = time.Hour
	assertionLifetime = time.Hour       // at most
	skewAllowed       = 2 * time.Second // by which an assertion may seem to be issued in the future
)

type wireToken struct {
	AccessToken string `json:"access_token"`
	TokenType   string `json:"token_type"`
	ExpiresIn   int    `json:"expires_in"`
}

// exchange makes an access token of an assertion. Parameters in the query do not count.
func (f *Fake) exchange(c *call) (any, *failure) {
	if err := c.r.ParseForm(); err != nil {
		return nil, badExchange("invalid_request", "the form cannot be read")
	}
	form := c.r.PostForm
	switch {
	case form.Get("grant_type") == "":
		return nil, badExchange("invalid_request", "the form has no grant_type")
	case form.Get("grant_type") != grantType:
		return nil, badExchange("unsupported_grant_type", "the only grant type is "+grantType)
	case form.Get("assertion") == "":
		return nil, badExchange("invalid_request", "the form has no assertion")
	}
	k, failed := f.verify(form.Get("assertion"))
	if failed != nil {
		return nil, failed
	}

	now := f.now()
	for known, issued := range f.db.Tokens {
		if !now.Before(issued.Expires) {
			delete(f.db.Tokens, known)
		}
	}
	text := stage.RandomHex(32)
	f.db.Tokens[stage.Digest(text)] = &token{AccountID: k.AccountID, KeyID: k.ID, Expires: now.Add(tokenLifetime)}
	return wireToken{AccessToken: text, TokenType: "Bearer", ExpiresIn: int(tokenLifetime / time.Second)}, nil
}

// verify checks an assertion and returns the key that it was signed with.
func (f *Fake) verify(assertion string) (*key, *failure) {
	var signer *key
	var claims jwt.RegisteredClaims
	_, err := jwt.ParseWithClaims(assertion, &claims, func(parsed *jwt.Token) (any, error) {
		id, _ := parsed.Header["kid"].(string)
		signer = f.findKey(id)
		if signer == nil || !strings.EqualFold(claims.Issuer, f.db.accountOf(signer).email()) {
			return nil, errUntrusted
		}
		return []byte(signer.Secret), nil
	}, jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithoutClaimsValidation())
	switch {
	case errors.Is(err, errUntrusted):
		return nil, badAssertion("untrusted entity: no service account with this e-mail as iss has a key with this id as kid")
	case errors.Is(err, jwt.ErrTokenSignatureInvalid):
		return nil, badAssertion("signature: the assertion must be signed with HS256 and the secret of its key")
	case err != nil:
		return nil, badAssertion("the assertion is no JWT with the claims it must have")
	}
	if problem := f.timing(claims); problem != "" {
		return nil, badAssertion("timing: " + problem)
	}
	for _, audience := range claims.Audience {
		if isTokenURL(audience) {
			return signer, nil
		}
	}
	return nil, badAssertion("aud is not the address of the token endpoint")
}

var errUntrusted = errors.New("the assertion is of nobody known")

// tokenTime is the clock of the token endpoint, which need not be the caller's. It does not move with the sandbox's:
// who makes objects old by moving that must still be able to log in.
func (f *Fake) tokenTime() time.Time {
	skew, _ := f.options.Number(optClockSkew)
	return f.clock.Unmoved().Add(time.Duration(skew) * time.Second)
}

// timing judges iat and exp; "" means that they are right.
func (f *Fake) timing(claims jwt.RegisteredClaims) string {
	now := f.tokenTime()
	switch {
	case claims.IssuedAt == nil || claims.ExpiresAt == nil:
		return "iat and exp are required"
	case claims.IssuedAt.After(now.Add(skewAllowed)):
		return "iat is in the future"
	case !claims.ExpiresAt.After(now):
		return "exp has passed"
	case claims.ExpiresAt.Sub(claims.IssuedAt.Time) > assertionLifetime:
		return "exp is more than an hour after iat"
	}
	return ""
}

// isTokenURL accepts the address of the real endpoint, and any on this machine, since a proxy may stand between.
func isTokenURL(audience string) bool {
	if audience == realTokenURL {
		return true
	}
	address, err := url.Parse(audience)
	if err != nil || (address.Scheme != "http" && address.Scheme != "https") {
		return false
	}
	host := address.Hostname()
	ip := net.ParseIP(host)
	loopback := host == "localhost" || (ip != nil && ip.IsLoopback())
	return loopback && strings.HasSuffix(address.Path, tokenPath)
}

func badAssertion(description string) *failure {
	return badExchange("invalid_grant", description)
}

func badExchange(code, description string) *failure {
	return &failure{status: http.StatusBadRequest, oauth: code, text: description}
}
