package rest

import (
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// An assertion counts from a moment back, because a server refuses one from its future, and lives for some minutes, so
// that a clock that is slow by less does no harm.
const (
	assertionBackdated = 30 * time.Second
	assertionLifetime  = 5 * time.Minute
)

// Assertion is a statement signed with HS256 that a login exchanges for a token: OAuth2 with a JWT bearer grant
// (RFC 7523).
type Assertion struct {
	// KeyID and Secret are the key that signs.
	KeyID, Secret string
	// Issuer tells who logs in; Subject as whom, and is left out if it is "".
	Issuer, Subject string
	// Audience is whom the assertion is for, usually the address of the token endpoint.
	Audience string
}

// GrantTypeJWTBearer is the grant_type of the exchange (RFC 7523, section 2.1).
const GrantTypeJWTBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer"

// Sign returns the assertion as made at a moment. It is a credential as long as it lives.
func (a Assertion) Sign(now time.Time) (string, error) {
	issued := now.Add(-assertionBackdated)
	claims := jwt.MapClaims{
		"iat": issued.Unix(),
		"exp": issued.Add(assertionLifetime).Unix(),
		"aud": a.Audience,
		"iss": a.Issuer,
	}
	if a.Subject != "" {
		claims["sub"] = a.Subject
	}
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, claims)
	token.Header["kid"] = a.KeyID
	signed, err := token.SignedString([]byte(a.Secret))
	if err != nil {
		return "", fmt.Errorf("signing the assertion: %w", err)
	}
	return signed, nil
}

// ClockSkew returns how far this machine's clock is ahead of the server's at a failed login, and whether that is enough
// to make the server refuse an assertion.
func ClockSkew(err error) (time.Duration, bool) {
	login, ok := AsLogin(err)
	if !ok {
		return 0, false
	}
	return login.Ahead, login.Ahead > assertionBackdated || login.Ahead < assertionBackdated-assertionLifetime
}
