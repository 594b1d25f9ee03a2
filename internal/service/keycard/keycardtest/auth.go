package keycardtest

import (
	"crypto/subtle"
	"net/http"
	"strings"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage"
)

// authenticate finds the organization that a request's token is of.
func (f *Fake) authenticate(r *http.Request) (*organization, *failure) {
	read, ok := f.readToken(bearer(r))
	if !ok {
		return nil, unauthorized()
	}
	if f.db.client(read.Subject) == nil && f.on(optRevokeTokens) {
		return nil, unauthorized()
	}
	own := f.db.Organizations[read.OrganizationID]
	if own == nil {
		return nil, unauthorized()
	}
	return own, nil
}

// bearer is the token of a request, empty if there is none.
func bearer(r *http.Request) string {
	scheme, text, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return text
}

// login finds the credential that a client id and a secret are of; nil if there is none. One that the replicas do not
// know yet cannot be used either.
func (f *Fake) login(clientID, secret string) *credential {
	known := f.db.client(clientID)
	if known == nil || !f.shown(known.Created, known.Seeded) {
		return nil
	}
	if subtle.ConstantTimeCompare([]byte(stage.Digest(secret)), []byte(known.SecretDigest)) == 0 {
		return nil
	}
	return known
}
