package zenmltest

import (
	"slices"
	"strings"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage"
)

const (
	maxName = 255
	maxText = 65535
)

func (f *Fake) createAccount(c *call) (any, *failure) {
	fields := c.fields()
	wanted := account{ID: stage.NewUUID(), ServiceAccount: true}
	wanted.Name = fields.required("name", maxName)
	wanted.FullName = fields.withDefault("full_name", maxName)
	description := fields.nullable("description", maxText)
	wanted.Active = fields.requiredBool("active")
	wanted.AvatarURL = fields.nullable("avatar_url", 0)
	if refusal := fields.refusal(); refusal != nil {
		return nil, refusal
	}
	if description != nil {
		wanted.Description = *description
	}
	if refusal := f.mayChangeLocal(false); refusal != nil {
		return nil, refusal
	}
	if refusal := f.mustBeAdmin(c, "create service account"); refusal != nil {
		return nil, refusal
	}

	if f.findAccount(wanted.Name) != nil {
		return nil, conflict("Unable to create service account with name '%s': Found existing service account with this name.",
			wanted.Name)
	}
	if f.accountNameTaken(wanted.Name, wanted.ID) {
		return nil, duplicateRow("user.name, user.is_service_account")
	}
	wanted.Created = f.now()
	wanted.Updated = wanted.Created
	f.db.Accounts[wanted.ID] = &wanted
	return f.wireAccount(&wanted, true), nil
}

func (f *Fake) readAccount(c *call) (any, *failure) {
	hydrate, refusal := c.hydrate(true)
	if refusal != nil {
		return nil, refusal
	}
	a, refusal := f.getAccount(c.r.PathValue("id"))
	if refusal != nil {
		return nil, refusal
	}
	return f.wireAccount(a, hydrate), nil
}

func (f *Fake) listAccounts(c *call) (any, *failure) {
	var rows []row
	for _, a := range f.db.Accounts {
		if !a.ServiceAccount {
			continue
		}
		rows = append(rows, row{
			"id": a.ID, "created": a.Created, "updated": a.Updated, "name": a.Name, "description": a.Description,
			"active": a.Active, "external_user_id": orNil(f.externalID(a)),
		})
	}
	return c.list(accountModel, accountColumns, rows, func(id string, hydrate bool) wireObject {
		return f.wireAccount(f.db.Accounts[id], hydrate)
	})
}

// updateAccount changes what is given; null means the same as leaving it out.
func (f *Fake) updateAccount(c *call) (any, *failure) {
	fields := c.fields()
	name := fields.nullable("name", maxName)
	fullName := fields.nullable("full_name", maxName)
	description := fields.nullable("description", maxText)
	active := fields.nullableBool("active")
	avatarURL := fields.nullable("avatar_url", 0)
	if refusal := fields.refusal(); refusal != nil {
		return nil, refusal
	}
	onlyActive := active != nil && name == nil && fullName == nil && description == nil && avatarURL == nil
	if refusal := f.mayChangeLocal(onlyActive); refusal != nil {
		return nil, refusal
	}
	a, refusal := f.getAccount(c.r.PathValue("id"))
	if refusal != nil {
		return nil, refusal
	}
	if f.externalID(a) != nil {
		return nil, illegal("Service accounts created via external authentication cannot be updated.")
	}
	if refusal := f.mustBeAdmin(c, "update service account"); refusal != nil {
		return nil, refusal
	}

	if name != nil && *name != a.Name {
		if f.findAccount(*name) != nil {
			return nil, conflict("Unable to update service account with name '%s': Found an existing service account with this name.",
				*name)
		}
		if f.accountNameTaken(*name, a.ID) {
			return nil, duplicateRow("user.name, user.is_service_account")
		}
	}
	set(&a.Name, name)
	set(&a.FullName, fullName)
	set(&a.Description, description)
	set(&a.Active, active)
	if avatarURL != nil {
		a.AvatarURL = avatarURL
	}
	a.Updated = f.now()
	return f.wireAccount(a, true), nil
}

// deleteAccount takes the account's keys with it.
func (f *Fake) deleteAccount(c *call) (any, *failure) {
	a, refusal := f.getAccount(c.r.PathValue("id"))
	if refusal != nil {
		return nil, refusal
	}
	if f.externalID(a) != nil {
		return nil, illegal("Service accounts created via external authentication cannot be deleted.")
	}
	if refusal := f.mustBeAdmin(c, "delete service account"); refusal != nil {
		return nil, refusal
	}
	if named(f.options.List(optOwners), a) {
		return nil, illegal("The service account has already been used to create other resources that it now owns and " +
			"therefore cannot be deleted. Please delete all resources owned by the service account or consider " +
			"deactivating it instead.")
	}
	delete(f.db.Accounts, a.ID)
	for id, k := range f.db.Keys {
		if k.AccountID == a.ID {
			delete(f.db.Keys, id)
		}
	}
	return nil, nil
}

// getAccount finds a service account or refuses as the server does.
func (f *Fake) getAccount(nameOrID string) (*account, *failure) {
	if a := f.findAccount(nameOrID); a != nil {
		return a, nil
	}
	return nil, notFound("No service account with the '%s' name or ID was found", nameOrID)
}

// findAccount takes everything that looks like a UUID for an id. So an account with such a name is never found by it.
func (f *Fake) findAccount(nameOrID string) *account {
	if id, ok := asUUID(nameOrID); ok {
		if a := f.db.Accounts[id]; a != nil && a.ServiceAccount {
			return a
		}
		return nil
	}
	for _, a := range f.db.Accounts {
		if a.ServiceAccount && a.Name == nameOrID {
			return a
		}
	}
	return nil
}

func (f *Fake) accountNameTaken(name, exceptID string) bool {
	for _, a := range f.db.Accounts {
		if a.ServiceAccount && a.Name == name && a.ID != exceptID {
			return true
		}
	}
	return false
}

// mayChangeLocal is the rule of ZenML Pro: accounts and keys of the workspace itself can only be (de)activated.
func (f *Fake) mayChangeLocal(onlyActive bool) *failure {
	if f.options.Get(optAuthScheme) != schemeExternal || onlyActive || f.older() {
		return nil
	}
	return illegal("Workspace-level service accounts and API keys are deprecated in ZenML Pro workspaces. Use ZenML Pro " +
		"organization service accounts and API keys instead.")
}

func (f *Fake) mustBeAdmin(c *call, action string) *failure {
	if !f.options.On(optAdminOnly) || c.who.account.Admin {
		return nil
	}
	return adminsOnly(action)
}

func adminsOnly(action string) *failure {
	return illegal("Only admin users can perform `%s` without RBAC enabled.", action)
}

// set overwrites target if there is a value.
func set[T any](target, value *T) {
	if value != nil {
		*target = *value
	}
}

// orNil turns a nil pointer into a nil interface.
func orNil[T any](value *T) any {
	if value == nil {
		return nil
	}
	return *value
}

// asUUID reads a UUID as leniently as Python does, and spells it the usual way.
func asUUID(text string) (string, bool) {
	digits := strings.ReplaceAll(strings.ReplaceAll(text, "urn:", ""), "uuid:", "")
	digits = strings.ToLower(strings.ReplaceAll(strings.Trim(digits, "{}"), "-", ""))
	hex := !slices.ContainsFunc([]rune(digits), func(r rune) bool { return !strings.ContainsRune("0123456789abcdef", r) })
	if len(digits) != 32 || !hex {
		return "", false
	}
	return strings.Join([]string{digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]}, "-"), true
}
