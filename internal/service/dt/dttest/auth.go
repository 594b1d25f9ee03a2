package dttest

import (
	"crypto/subtle"
	"net/http"
	"strings"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage"
)

// caller is the account that sent a request, by its id: with tokens_outlive_key it may be gone.
type caller struct {
	accountID string
}

// authenticate finds the caller of a request, by an access token or by a key with its secret.
func (f *Fake) authenticate(r *http.Request) (caller, *failure) {
	if id, secret, ok := r.BasicAuth(); ok {
		return f.byKey(id, secret)
	}
	scheme, text, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || text == "" {
		return caller{}, unauthenticated("there is no access token and no key")
	}
	issued := f.db.Tokens[stage.Digest(text)]
	switch {
	case issued == nil:
		return caller{}, unauthenticated("the access token is unknown")
	case !f.now().Before(issued.Expires):
		return caller{}, unauthenticated("the access token has expired")
	case f.db.Keys[issued.KeyID] == nil && !f.options.On(optTokensOutliveKey):
		return caller{}, unauthenticated("the key of the access token was deleted")
	}
	return caller{issued.AccountID}, nil
}

func (f *Fake) byKey(id, secret string) (caller, *failure) {
	k := f.findKey(id)
	if k == nil || subtle.ConstantTimeCompare([]byte(secret), []byte(k.Secret)) == 0 {
		return caller{}, unauthenticated("the key id or the secret is wrong")
	}
	if !f.db.accountOf(k).EnableBasicAuth {
		return caller{}, refusal(f.status(optBasicAuthOff), "basic auth is not enabled for the service account")
	}
	return caller{k.AccountID}, nil
}

// findKey returns a key that can be logged in with. It is younger than its account, so if it can be seen, both can.
func (f *Fake) findKey(id string) *key {
	k := f.db.Keys[id]
	if k == nil || !f.shown(k.Created, k.Seeded) {
		return nil
	}
	return k
}
