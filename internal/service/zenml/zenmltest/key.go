package zenmltest

import (
	"github.com/google/uuid"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage"
)

// secretBytes is the size of a key's secret.
const secretBytes = 32

func (f *Fake) createKey(c *call) (any, *failure) {
	fields := c.fields()
	owner := c.ownerID(fields)
	name := fields.required("name", maxName)
	description := fields.nullable("description", maxText)
	if refusal := fields.refusal(); refusal != nil {
		return nil, refusal
	}
	a, refusal := f.keyOwner(c, owner, "create API key")
	if refusal != nil {
		return nil, refusal
	}

	if f.findKey(a, name) != nil {
		return nil, conflict("Unable to register API key with name '%s': Found an existing API key with the same name "+
			"configured for the same '%s' service account.", name, a.Name)
	}
	if f.keyNameTaken(a, name, "") {
		return nil, duplicateRow("api_key.name, api_key.service_account_id")
	}
	now, secret := f.now(), stage.RandomHex(secretBytes)
	k := &apiKey{
		ID: stage.NewUUID(), AccountID: a.ID, Name: name, Active: true,
		Digest: stage.Digest(secret), Generation: 1, Created: now, Updated: now,
	}
	set(&k.Description, description)
	f.db.Keys[k.ID] = k
	text := keyText{k.ID, secret}.String()
	return f.wireKey(k, true, &text), nil
}

func (f *Fake) readKey(c *call) (any, *failure) {
	fields := c.noFields()
	owner := c.ownerID(fields)
	if refusal := fields.refusal(); refusal != nil {
		return nil, refusal
	}
	hydrate, refusal := c.hydrate(true)
	if refusal != nil {
		return nil, refusal
	}
	k, refusal := f.getKey(owner, c.r.PathValue("id"))
	if refusal != nil {
		return nil, refusal
	}
	return f.wireKey(k, hydrate, nil), nil
}

func (f *Fake) listKeys(c *call) (any, *failure) {
	fields := c.noFields()
	owner := c.ownerID(fields)
	if refusal := fields.refusal(); refusal != nil {
		return nil, refusal
	}
	a, refusal := f.getAccount(owner)
	if refusal != nil {
		return nil, refusal
	}
	var rows []row
	for _, k := range f.db.Keys {
		if k.AccountID != a.ID {
			continue
		}
		rows = append(rows, row{
			"id": k.ID, "created": k.Created, "updated": k.Updated, "name": k.Name, "description": k.Description,
			"active": k.Active, "last_login": orNil(k.LastLogin), "last_rotated": orNil(k.LastRotated),
		})
	}
	return c.list(keyModel, keyColumns, rows, func(id string, hydrate bool) wireObject {
		return f.wireKey(f.db.Keys[id], hydrate, nil)
	})
}

// updateKey changes what is given; null means the same as leaving it out, and so does an empty name only for the
// check whether the name is taken.
func (f *Fake) updateKey(c *call) (any, *failure) {
	fields := c.fields()
	owner := c.ownerID(fields)
	name := fields.nullable("name", maxName)
	description := fields.nullable("description", maxText)
	active := fields.nullableBool("active")
	if refusal := fields.refusal(); refusal != nil {
		return nil, refusal
	}
	onlyActive := active != nil && name == nil && description == nil
	if refusal := f.mayChangeLocal(onlyActive); refusal != nil {
		return nil, refusal
	}
	a, refusal := f.getAccount(owner)
	if refusal != nil {
		return nil, refusal
	}
	if f.externalID(a) != nil && f.older() {
		return nil, illegal("Service accounts created via external authentication cannot have associated API keys.")
	}
	if f.externalID(a) != nil && !onlyActive {
		return nil, illegal("API keys associated with externally managed service accounts can only be activated, " +
			"deactivated, or deleted.")
	}
	if refusal := f.mustBeAdmin(c, "update API key"); refusal != nil {
		return nil, refusal
	}
	k, refusal := f.getKey(owner, c.r.PathValue("id"))
	if refusal != nil {
		return nil, refusal
	}

	if name != nil && *name != k.Name {
		if *name != "" && f.findKey(a, *name) != nil {
			return nil, conflict("Unable to update API key with name '%s': Found an existing API key with the same name "+
				"configured for the same '%s' service account.", *name, a.Name)
		}
		if f.keyNameTaken(a, *name, k.ID) {
			return nil, duplicateRow("api_key.name, api_key.service_account_id")
		}
	}
	set(&k.Name, name)
	set(&k.Description, description)
	set(&k.Active, active)
	k.Updated = f.now()
	return f.wireKey(k, true, nil), nil
}

// rotateKey gives the key a new secret. Its answer is the one that comes without metadata although nobody asked for that.
func (f *Fake) rotateKey(c *call) (any, *failure) {
	fields := c.fields()
	owner := c.ownerID(fields)
	retain := fields.wholeNumber("retain_period_minutes")
	if refusal := fields.refusal(); refusal != nil {
		return nil, refusal
	}
	if _, refusal := f.keyOwner(c, owner, "rotate API key"); refusal != nil {
		return nil, refusal
	}
	k, refusal := f.getKey(owner, c.r.PathValue("id"))
	if refusal != nil {
		return nil, refusal
	}
	now, secret := f.now(), stage.RandomHex(secretBytes)
	k.PreviousDigest, k.Digest = k.Digest, stage.Digest(secret)
	k.Generation++
	k.RetainMinutes = retain
	k.LastRotated, k.Updated = &now, now
	text := keyText{k.ID, secret}.String()
	return f.wireKey(k, false, &text), nil
}

func (f *Fake) deleteKey(c *call) (any, *failure) {
	fields := c.noFields()
	owner := c.ownerID(fields)
	if refusal := fields.refusal(); refusal != nil {
		return nil, refusal
	}
	if _, refusal := f.getAccount(owner); refusal != nil {
		return nil, refusal
	}
	if refusal := f.mustBeAdmin(c, "delete API key"); refusal != nil {
		return nil, refusal
	}
	k, refusal := f.getKey(owner, c.r.PathValue("id"))
	if refusal != nil {
		return nil, refusal
	}
	delete(f.db.Keys, k.ID)
	return nil, nil
}

// ownerID reads the service account of the path, which unlike a key must be given by its id.
func (c *call) ownerID(fields *fields) string {
	text := c.r.PathValue("service_account_id")
	id, err := uuid.Parse(text)
	if err != nil {
		fields.complain("uuid_parsing", "Input should be a valid UUID", quote(text), "path", "service_account_id")
		return text
	}
	return id.String()
}

// keyOwner applies the rules that making and rotating a key share.
func (f *Fake) keyOwner(c *call, owner, action string) (*account, *failure) {
	if refusal := f.mayChangeLocal(false); refusal != nil {
		return nil, refusal
	}
	a, refusal := f.getAccount(owner)
	if refusal != nil {
		return nil, refusal
	}
	if f.externalID(a) != nil {
		return nil, illegal("Service accounts created via external authentication cannot have associated API keys.")
	}
	return a, f.mustBeAdmin(c, action)
}

func (f *Fake) getKey(owner, nameOrID string) (*apiKey, *failure) {
	a, refusal := f.getAccount(owner)
	if refusal != nil {
		return nil, refusal
	}
	if k := f.findKey(a, nameOrID); k != nil {
		return k, nil
	}
	return nil, notFound("An API key with ID or name '%s' is not configured for service account with ID '%s'.", nameOrID, owner)
}

// findKey, like findAccount, takes everything that looks like a UUID for an id.
func (f *Fake) findKey(a *account, nameOrID string) *apiKey {
	if id, ok := asUUID(nameOrID); ok {
		if k := f.db.Keys[id]; k != nil && k.AccountID == a.ID {
			return k
		}
		return nil
	}
	for _, k := range f.db.Keys {
		if k.AccountID == a.ID && k.Name == nameOrID {
			return k
		}
	}
	return nil
}

func (f *Fake) keyNameTaken(a *account, name, exceptID string) bool {
	for _, k := range f.db.Keys {
		if k.AccountID == a.ID && k.Name == name && k.ID != exceptID {
			return true
		}
	}
	return false
}
