package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"time"
)

// assertion is the form in which a signed statement is exchanged for a token (RFC 7523). The secret only signs it.
func assertion(keyID, secret, issuer, audience string) (url.Values, error) {
	header, err := json.Marshal(map[string]string{"alg": "HS256", "kid": keyID, "typ": "JWT"})
	if err != nil {
		return nil, err
	}
	now := time.Now()
	claims, err := json.Marshal(map[string]any{
		"iss": issuer, "sub": issuer, "aud": audience, "iat": now.Unix(), "exp": now.Add(time.Minute).Unix(),
	})
	if err != nil {
		return nil, err
	}
	encoding := base64.RawURLEncoding
	signed := encoding.EncodeToString(header) + "." + encoding.EncodeToString(claims)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(signed))
	return url.Values{
		"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"},
		"assertion":  {signed + "." + encoding.EncodeToString(mac.Sum(nil))},
	}, nil
}
