package neowittest

// seed makes a database with what somebody finds who had the first account and its key made in the app.
func (f *Fake) seed() database {
	now := f.now()
	own := &organization{ID: newID(), Name: "Example Organization", Created: now}
	child := &organization{ID: newID(), ParentID: own.ID, Name: "Example Branch", Created: now}
	foreign := &organization{ID: newID(), Name: "Foreign Organization", Created: now}
	operator := &account{ID: newID(), OrganizationID: own.ID, Name: "terraform", Created: now, Seeded: true}
	access := &key{ID: newID(), AccountID: operator.ID, Secret: newSecret(), Created: now, Seeded: true}
	db := database{
		Seeds: seeds{
			OrganizationID: own.ID, AccountID: operator.ID, KeyID: access.ID, Secret: access.Secret,
		},
		Organizations: map[string]*organization{own.ID: own, child.ID: child, foreign.ID: foreign},
		Accounts:      map[string]*account{},
		Keys:          map[string]*key{},
		Tokens:        map[string]*token{},
	}
	db.addAccount(operator)
	db.addKey(access)
	return db
}
