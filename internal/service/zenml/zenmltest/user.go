package zenmltest

import (
	"net/http"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage"
)

// createUser makes a user, who can log in when a password is given. It is here so that somebody who is no admin can be.
func (f *Fake) createUser(c *call) (any, *failure) {
	if f.options.Get(optAuthScheme) == schemeExternal {
		return nil, methodNotAllowed(http.MethodGet)
	}
	fields := c.fields()
	wanted := account{ID: stage.NewUUID()}
	wanted.Name = fields.required("name", maxName)
	wanted.FullName = fields.withDefault("full_name", maxName)
	wanted.Admin = fields.requiredBool("is_admin")
	wanted.AvatarURL = fields.nullable("avatar_url", 0)
	password := fields.nullable("password", maxName)
	if refusal := fields.refusal(); refusal != nil {
		return nil, refusal
	}
	if !c.who.account.Admin {
		return nil, adminsOnly("create user")
	}
	if f.findUser(wanted.Name) != nil {
		return nil, conflict("Unable to create user with name '%s': Found an existing user account with this name.",
			wanted.Name)
	}
	if password != nil {
		wanted.Active, wanted.PasswordDigest = true, stage.Digest(*password)
	}
	wanted.Created = f.now()
	wanted.Updated = wanted.Created
	f.db.Accounts[wanted.ID] = &wanted
	return f.wireUser(&wanted, true), nil
}

func (f *Fake) currentUser(c *call) (any, *failure) {
	return f.wireUser(c.who.account, true), nil
}

// readUser finds users by name or id, and service accounts by id only.
func (f *Fake) readUser(c *call) (any, *failure) {
	hydrate, refusal := c.hydrate(true)
	if refusal != nil {
		return nil, refusal
	}
	nameOrID := c.r.PathValue("id")
	found := f.findUser(nameOrID)
	kind := "user "
	if id, ok := asUUID(nameOrID); ok {
		found, kind = f.db.Accounts[id], ""
	}
	if found == nil {
		return nil, notFound("No %saccount with the '%s' name or ID was found", kind, nameOrID)
	}
	if found != c.who.account && !c.who.account.Admin {
		return nil, adminsOnly("get other user")
	}
	return f.wireUser(found, hydrate), nil
}

func (f *Fake) findUser(nameOrID string) *account {
	id, isID := asUUID(nameOrID)
	for _, a := range f.db.Accounts {
		if !a.ServiceAccount && ((isID && a.ID == id) || (!isID && a.Name == nameOrID)) {
			return a
		}
	}
	return nil
}
