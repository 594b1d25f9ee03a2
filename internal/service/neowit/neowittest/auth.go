package neowittest

import (
	"crypto/subtle"
	"net/http"
	"strings"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage"
)

// authenticate finds the account that sent a request, by an access token or by a key with its secret.
func (f *Fake) authenticate(r *http.Request) (*account, *failure) {
	if id, secret, ok := r.BasicAuth(); ok {
		return f.byKey(id, secret)
	}
	scheme, text, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	issued := f.db.Tokens[stage.Digest(text)]
	if !strings.EqualFold(scheme, "Bearer") || issued == nil || !f.now().Before(issued.Expires) {
		return nil, unauthorized()
	}
	k := f.db.Keys[issued.KeyID]
	if k == nil {
		return nil, unauthorized()
	}
	return f.db.accountOf(k), nil
}

func (f *Fake) byKey(id, secret string) (*account, *failure) {
	k := f.db.Keys[id]
	if k == nil || subtle.ConstantTimeCompare([]byte(secret), []byte(k.Secret)) == 0 {
		return nil, unauthorized()
	}
	a := f.db.accountOf(k)
	if !a.EnableBasicAuth {
		return nil, refusal(http.StatusUnauthorized, "basic auth not enabled")
	}
	return a, nil
}
