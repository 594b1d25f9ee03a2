package rest

import (
	"context"
	"encoding/base64"
	"net/http"
)

// Authorizer puts a credential on requests. A [TokenSource], a [Bearer] and a [Basic] are authorizers.
type Authorizer interface {
	// Authorize sets the headers that prove who calls.
	Authorize(ctx context.Context, header http.Header) error
	// Refused is told the headers that were answered with 401. It reports whether a repeat with a fresh credential
	// makes sense.
	Refused(header http.Header) bool
}

// Bearer is a fixed token.
type Bearer string

// Authorize implements [Authorizer].
func (b Bearer) Authorize(_ context.Context, header http.Header) error {
	header.Set("Authorization", "Bearer "+string(b))
	return nil
}

// Refused implements [Authorizer]: a fixed token cannot be renewed.
func (b Bearer) Refused(http.Header) bool { return false }

// Basic is a fixed pair of user and password (RFC 7617).
type Basic struct {
	User, Password string
}

// Authorize implements [Authorizer].
func (b Basic) Authorize(_ context.Context, header http.Header) error {
	header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(b.pair())))
	return nil
}

// Refused implements [Authorizer]: a fixed pair cannot be renewed.
func (b Basic) Refused(http.Header) bool { return false }

func (b Basic) pair() string { return b.User + ":" + b.Password }
