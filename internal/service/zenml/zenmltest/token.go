package zenmltest

import (
	"errors"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
)

// leeway is by how much a token may be past its end.
const leeway = 10 * time.Second

// token is what the server reads from an access token.
type token struct {
	accountID  string
	keyID      string // empty for a user's login
	generation int    // of the key's secret; 0 when the token does not tell
}

// mint makes an access token. It never ends when lifetime is 0.
func (f *Fake) mint(who caller, lifetime time.Duration) string {
	now := f.now()
	claims := jwt.MapClaims{"sub": who.account.ID, "iss": f.db.ServerID, "aud": f.db.ServerID}
	if lifetime > 0 {
		claims["exp"] = now.Add(lifetime).Unix()
	}
	if who.key != nil {
		claims["api_key_id"] = who.key.ID
	}
	// Servers that do not check generations do not write these two either.
	if f.options.On(optGenerationCheck) {
		claims["iat"] = float64(now.UnixMicro()) / 1e6
		if who.key != nil {
			claims["key_gen"] = who.key.Generation
		}
	}
	signed, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte(f.db.JWTSecret))
	if err != nil {
		panic("zenmltest: cannot sign a token: " + err.Error()) // only for a key of the wrong type
	}
	return signed
}

// readToken verifies an access token.
func (f *Fake) readToken(text string) (*token, *failure) {
	claims := jwt.MapClaims{}
	_, err := jwt.ParseWithClaims(text, claims,
		func(*jwt.Token) (any, error) { return []byte(f.db.JWTSecret), nil },
		jwt.WithValidMethods([]string{"HS256"}), jwt.WithTimeFunc(f.clock.Now), jwt.WithLeeway(leeway),
		jwt.WithAudience(f.db.ServerID), jwt.WithIssuer(f.db.ServerID), jwt.WithIssuedAt())
	if err != nil {
		return nil, badToken(jwtReason(err))
	}
	read := &token{}
	subject, _ := claims["sub"].(string)
	account, err := uuid.Parse(subject)
	if err != nil {
		return nil, badToken("the subject claim is not a valid UUID")
	}
	read.accountID = account.String()
	read.keyID, _ = claims["api_key_id"].(string)
	if generation, ok := claims["key_gen"].(float64); ok {
		read.generation = int(generation)
	}
	return read, nil
}

func badToken(reason string) *failure {
	return unauthorized("error decoding access token: Invalid JWT token: %s.", reason)
}

// jwtReason words an error as the server's own library does.
func jwtReason(err error) string {
	for _, known := range []struct {
		cause  error
		reason string
	}{
		{jwt.ErrTokenMalformed, "Not enough segments"},
		{jwt.ErrTokenSignatureInvalid, "Signature verification failed"},
		{jwt.ErrTokenExpired, "Signature has expired"},
		{jwt.ErrTokenUsedBeforeIssued, "The token is not yet valid (iat)"},
		{jwt.ErrTokenInvalidAudience, "Audience doesn't match"},
		{jwt.ErrTokenInvalidIssuer, "Invalid issuer"},
	} {
		if errors.Is(err, known.cause) {
			return known.reason
		}
	}
	return "Invalid token"
}
