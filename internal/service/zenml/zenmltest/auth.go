package zenmltest

import (
	"net/http"
	"strings"
)

// caller is who sent a request, and by which key if by one.
type caller struct {
	account *account
	key     *apiKey
	token   *token // nil without an access token
}

// authenticate finds the caller of a request, by the server's authentication scheme.
func (f *Fake) authenticate(r *http.Request) (caller, *failure) {
	switch f.options.Get(optAuthScheme) {
	case schemeNone:
		return caller{account: f.db.Accounts[f.db.AdminID]}, nil
	case schemeBasic:
		username, password, ok := r.BasicAuth()
		if !ok {
			return caller{}, noCredentials("Basic")
		}
		return f.byPassword(username, password)
	}
	credential, ok := f.credential(r)
	if !ok {
		return caller{}, noCredentials("Bearer")
	}
	switch {
	case strings.HasPrefix(credential, keyPrefix) && f.options.On(optDirectBearer):
		return f.byKey(credential)
	case strings.HasPrefix(credential, proKeyPrefix) && f.options.On(optDirectBearer):
		return caller{}, proUnreachable()
	}
	return f.byToken(credential)
}

// credential takes the login from the cookie, and only without one from the header.
func (f *Fake) credential(r *http.Request) (string, bool) {
	if cookie, err := r.Cookie(f.cookieName()); err == nil && cookie.Value != "" {
		return cookie.Value, true
	}
	scheme, credential, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	return credential, strings.EqualFold(scheme, "Bearer")
}

func (f *Fake) cookieName() string {
	return "zenml-server-" + f.db.ServerID
}

// byPassword logs a user in; service accounts have no password.
func (f *Fake) byPassword(username, password string) (caller, *failure) {
	user := f.findUser(username)
	if user == nil || !user.Active || !sameDigest(password, user.PasswordDigest) {
		return caller{}, unauthorized("invalid username or password")
	}
	return caller{account: user}, nil
}

// byKey logs a service account in with the text of a key.
func (f *Fake) byKey(text string) (caller, *failure) {
	parsed, err := parseKey(text)
	if err != nil {
		return caller{}, unauthorized("error decoding API key")
	}
	key, refusal := f.useKey(parsed.ID, func(key *apiKey) *failure {
		current := sameDigest(parsed.Secret, key.Digest)
		previous := f.previousRetained(key) && sameDigest(parsed.Secret, key.PreviousDigest)
		if !current && !previous {
			return unauthorized("could not verify key value for API key %s", key.Name)
		}
		return nil
	})
	if refusal != nil {
		return caller{}, refusal
	}
	return caller{account: f.db.Accounts[key.AccountID], key: key}, nil
}

// byToken finds who a login belongs to. Nothing is remembered from one request to the next, so that a deactivation
// takes effect at once.
func (f *Fake) byToken(text string) (caller, *failure) {
	read, refusal := f.readToken(text)
	if refusal != nil {
		return caller{}, refusal
	}
	who := f.db.Accounts[read.accountID]
	switch {
	case who == nil:
		return caller{}, unauthorized("error retrieving token account %s", read.accountID)
	case !who.Active:
		return caller{}, unauthorized("account %s is not active", who.Name)
	case f.options.Get(optAuthScheme) == schemeExternal && !who.ServiceAccount:
		return caller{}, unauthorized("local account %s is not allowed to authenticate with external authentication", who.Name)
	case read.keyID == "":
		return caller{account: who, token: read}, nil
	}
	key, refusal := f.useKey(read.keyID, func(key *apiKey) *failure {
		if f.options.On(optGenerationCheck) && !f.generationValid(key, read.generation) {
			return unauthorized("access token for API key %s was issued for an API key generation that is no longer valid",
				key.Name)
		}
		return nil
	})
	if refusal != nil {
		return caller{}, refusal
	}
	return caller{account: who, key: key, token: read}, nil
}

// useKey checks a key and, when it is good, marks it as used now.
func (f *Fake) useKey(id string, verify func(*apiKey) *failure) (*apiKey, *failure) {
	key := f.db.Keys[id]
	if key == nil {
		return nil, unauthorized("error retrieving API key %s", id)
	}
	owner := f.db.Accounts[key.AccountID]
	if !owner.Active {
		return nil, unauthorized("service account %s associated with API key %s is not active", owner.Name, key.Name)
	}
	if f.externalID(owner) != nil && f.older() {
		return nil, unauthorized("cannot use an API key associated with an external service account to authenticate to the " +
			"ZenML server")
	}
	if !key.Active {
		return nil, unauthorized("API key %s associated with service account %s is not active", key.Name, owner.Name)
	}
	if refusal := verify(key); refusal != nil {
		return nil, refusal
	}
	now := f.now()
	key.LastLogin, key.Updated = &now, now
	return key, nil
}

// previousRetained tells whether the secret before the last rotation is still accepted.
func (f *Fake) previousRetained(key *apiKey) bool {
	return key.LastRotated != nil && f.now().Sub(*key.LastRotated).Minutes() < float64(key.RetainMinutes)
}

// generationValid judges a token by the number of the secret it was made with; 0 is a token that does not tell.
func (f *Fake) generationValid(key *apiKey, generation int) bool {
	return generation == 0 || generation == key.Generation ||
		(generation == key.Generation-1 && f.previousRetained(key))
}
