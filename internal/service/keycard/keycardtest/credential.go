package keycardtest

import (
	"net/http"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage"
)

// wireCredential says nothing of the credential's account, and there is no time of its last change.
type wireCredential struct {
	ID          string      `json:"id"`
	Name        string      `json:"name"`
	Description *string     `json:"description,omitempty"`
	ClientID    string      `json:"client_id"`
	CreatedAt   moment      `json:"created_at"`
	LastUsedAt  *moment     `json:"last_used_at,omitempty"`
	Permissions permissions `json:"permissions,omitempty"`
}

// wireNewCredential is the only answer that holds a secret.
type wireNewCredential struct {
	wireCredential
	ClientSecret string `json:"client_secret"`
}

func (f *Fake) wireCredential(c *call, k *credential) wireCredential {
	return wireCredential{
		ID: k.ID, Name: k.Name, Description: k.Description, ClientID: k.ClientID, CreatedAt: moment(k.Created),
		LastUsedAt: (*moment)(k.LastUsed), Permissions: c.grant(f.onOne(kindCredentials)),
	}
}

func (f *Fake) listCredentials(c *call) (answer, *failure) {
	a, failed := f.getAccount(c)
	if failed != nil {
		return answer{}, failed
	}
	var items []item
	for _, k := range f.db.Credentials {
		if k.AccountID == a.ID && f.shown(k.Created, k.Seeded) {
			items = append(items, newItem(k.ID, k.Created, f.wireCredential(c, k)))
		}
	}
	return f.page(c, a.ID, items, f.onList(kindCredentials))
}

func (f *Fake) createCredential(c *call) (answer, *failure) {
	a, failed := f.getAccount(c)
	if failed != nil {
		return answer{}, failed
	}
	secret := newSecret()
	k := &credential{
		ID: newID(), AccountID: a.ID, ClientID: newClientID(), SecretDigest: stage.Digest(secret), Created: f.now(),
	}
	if failed := f.receive(c, &k.naming); failed != nil {
		return answer{}, failed
	}
	if f.takenCredential(k) {
		return answer{}, conflict("a credential of this service account has the name %q", k.Name)
	}
	if limit, limited := f.options.Number(optMaxCredentials); limited && f.db.countCredentials(a) >= limit {
		return answer{}, conflict("a service account has at most %d credentials", limit)
	}
	f.db.addCredential(k)
	return answer{f.number(optCreateStatus), wireNewCredential{f.wireCredential(c, k), secret}}, nil
}

// takenCredential tells whether another credential of the account has the same name, to the letter.
func (f *Fake) takenCredential(wanted *credential) bool {
	if !f.on(optUniqueNames) {
		return false
	}
	for _, k := range f.db.Credentials {
		if k.ID != wanted.ID && k.AccountID == wanted.AccountID && k.Name == wanted.Name {
			return true
		}
	}
	return false
}

func (f *Fake) readCredential(c *call) (answer, *failure) {
	k, failed := f.getCredential(c)
	if failed != nil {
		return answer{}, failed
	}
	return answer{http.StatusOK, f.wireCredential(c, k)}, nil
}

// updateCredential leaves the client id and the secret alone.
func (f *Fake) updateCredential(c *call) (answer, *failure) {
	k, failed := f.getCredential(c)
	if failed != nil {
		return answer{}, failed
	}
	changed := *k
	if failed := f.receive(c, &changed.naming); failed != nil {
		return answer{}, failed
	}
	if f.takenCredential(&changed) {
		return answer{}, conflict("a credential of this service account has the name %q", changed.Name)
	}
	*k = changed
	return answer{http.StatusOK, f.wireCredential(c, k)}, nil
}

// deleteCredential deletes any credential, also the caller's own.
func (f *Fake) deleteCredential(c *call) (answer, *failure) {
	k, failed := f.getCredential(c)
	if failed != nil {
		return answer{}, failed
	}
	delete(f.db.Credentials, k.ID)
	return f.deleted(), nil
}
