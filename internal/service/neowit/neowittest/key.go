package neowittest

import "net/http"

type wireKey struct {
	KeyID   string `json:"keyId"`
	Created int64  `json:"created"` // seconds since 1970
}

// wireNewKey is the only answer that holds a secret.
type wireNewKey struct {
	wireKey
	Secret string `json:"secret"`
}

func (k *key) wire() wireKey { return wireKey{k.ID, k.Created.Unix()} }

// wireKeys lists the keys of an account, oldest first; never nil.
func (f *Fake) wireKeys(a *account) []wireKey {
	shown := []wireKey{}
	for _, k := range f.db.sortedKeys() {
		if k.AccountID == a.ID {
			shown = append(shown, k.wire())
		}
	}
	return shown
}

// createKey takes a body of no fields, or none at all. Nothing limits how many keys an account has.
func (f *Fake) createKey(c *call) (answer, *failure) {
	a, failed := f.getAccount(c)
	switch {
	case failed != nil && f.options.Get(optUnknownAccount) == asBadRequest:
		return answer{}, malformedAccountID()
	case failed != nil:
		return answer{}, failed
	}
	if failed := c.emptyBody(); failed != nil {
		return answer{}, failed
	}
	k := &key{ID: newID(), AccountID: a.ID, Secret: newSecret(), Created: f.now()}
	f.db.addKey(k)
	return answer{http.StatusCreated, wireNewKey{k.wire(), k.Secret}}, nil
}

// deleteKey deletes any key, also the last one and the caller's own.
func (f *Fake) deleteKey(c *call) (answer, *failure) {
	k, failed := f.getKey(c)
	if failed != nil {
		return answer{}, failed
	}
	delete(f.db.Keys, k.ID)
	return answer{status: http.StatusNoContent}, nil
}
