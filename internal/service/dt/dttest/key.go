package dttest

// maxKeys is how many keys an account can have.
const maxKeys = 10

func (f *Fake) wireKey(k *key) wireKey {
	return wireKey{Name: f.db.keyName(k), ID: k.ID, CreateTime: moment(k.Created)}
}

func (f *Fake) listKeys(c *call) (any, *failure) {
	a, failed := f.getAccount(c, "serviceaccount.key.read")
	if failed != nil {
		return nil, failed
	}
	var items []item
	for _, k := range f.db.Keys {
		if k.AccountID == a.ID && f.shown(k.Created, k.Seeded) {
			items = append(items, newItem(f.db.keyName(k), k.Created, f.wireKey(k)))
		}
	}
	return c.page("keys", items)
}

// createKey takes a body of no fields, or none at all. Its answer is wrapped, unlike all others that tell of keys.
func (f *Fake) createKey(c *call) (any, *failure) {
	a, failed := f.getAccount(c, "serviceaccount.key.create")
	if failed != nil {
		return nil, failed
	}
	if _, failed := c.body(); failed != nil {
		return nil, failed
	}
	count := 0
	for _, k := range f.db.Keys {
		if k.AccountID == a.ID {
			count++
		}
	}
	if count >= maxKeys {
		return nil, refusal(f.status(optKeyLimitStatus), "a service account can have at most %d keys", maxKeys)
	}
	if failed := f.claim(a.name() + "/" + keys); failed != nil {
		return nil, failed
	}
	now := f.now()
	k := &key{ID: newID(now), AccountID: a.ID, Secret: newSecret(), Created: now}
	f.db.Keys[k.ID] = k
	return wireNewKey{Key: f.wireKey(k), Secret: k.Secret}, nil
}

func (f *Fake) readKey(c *call) (any, *failure) {
	k, failed := f.getKey(c, "serviceaccount.key.read")
	if failed != nil {
		return nil, failed
	}
	return f.wireKey(k), nil
}

func (f *Fake) deleteKey(c *call) (any, *failure) {
	k, failed := f.getKey(c, "serviceaccount.key.delete")
	if failed != nil {
		return nil, failed
	}
	if failed := f.claim(f.db.keyName(k)); failed != nil {
		return nil, failed
	}
	delete(f.db.Keys, k.ID)
	return nothing, nil
}
