package dttest

import "time"

// database is what survives a restart. Members are found by their full names, users by their numbers, tokens by their
// digests, and everything else by its id.
type database struct {
	Seeds         seeds                    `json:"seeds"`
	Organizations map[string]*organization `json:"organizations"`
	Projects      map[string]*project      `json:"projects"`
	Accounts      map[string]*account      `json:"accounts"`
	Keys          map[string]*key          `json:"keys"`
	Members       map[string]*member       `json:"members"`
	Users         map[string]*user         `json:"users"`
	Tokens        map[string]*token        `json:"tokens"`
	NextUser      int                      `json:"next_user"`
}

// complete tells whether a database that was read can be used.
func (db *database) complete() bool {
	return db.Seeds.Organization != "" && db.Organizations != nil && db.Projects != nil && db.Accounts != nil &&
		db.Keys != nil && db.Members != nil && db.Users != nil && db.Tokens != nil
}

// seeds is what the environment tells. Its parents are full names.
type seeds struct {
	KeyID        string `json:"key_id"`
	Secret       string `json:"secret"`
	Email        string `json:"email"`
	Project      string `json:"project"`
	OtherProject string `json:"other_project"`
	Organization string `json:"organization"`
}

type organization struct {
	ID          string    `json:"id"`
	DisplayName string    `json:"display_name"`
	Created     time.Time `json:"created"`
}

type project struct {
	ID             string    `json:"id"`
	OrganizationID string    `json:"organization_id"`
	DisplayName    string    `json:"display_name"`
	Location       location  `json:"location"`
	Created        time.Time `json:"created"`
	Seeded         bool      `json:"seeded"`
}

type account struct {
	ID              string    `json:"id"`
	ProjectID       string    `json:"project_id"`
	DisplayName     string    `json:"display_name"`
	EnableBasicAuth bool      `json:"enable_basic_auth"`
	Created         time.Time `json:"created"`
	Updated         time.Time `json:"updated"`
	Seeded          bool      `json:"seeded"`
}

// key holds its secret as it is: a digest could not verify an HMAC.
type key struct {
	ID        string    `json:"id"`
	AccountID string    `json:"account_id"`
	Secret    string    `json:"secret"`
	Created   time.Time `json:"created"`
	Seeded    bool      `json:"seeded"`
}

// member ties an account or a user to a project or an organization. E-mail and display name are those of the account
// when it joined: they are told only when it no longer exists.
type member struct {
	Parent      string    `json:"parent"` // full name
	ID          string    `json:"id"`
	OfAccount   bool      `json:"of_account"` // else of a user
	Email       string    `json:"email"`
	DisplayName string    `json:"display_name"`
	Role        string    `json:"role"` // full name
	Created     time.Time `json:"created"`
	Seeded      bool      `json:"seeded"`
}

// user is a person. One who was invited and never seen is pending.
type user struct {
	ID          string `json:"id"`
	Email       string `json:"email"`
	DisplayName string `json:"display_name"`
	Pending     bool   `json:"pending"`
}

type token struct {
	AccountID string    `json:"account_id"`
	KeyID     string    `json:"key_id"`
	Expires   time.Time `json:"expires"`
}

// The collections, as they stand in names and paths.
const (
	organizations   = "organizations"
	projects        = "projects"
	serviceAccounts = "serviceaccounts"
	keys            = "keys"
	members         = "members"
	roles           = "roles"
)

func (o *organization) name() string { return organizations + "/" + o.ID }

func (p *project) name() string { return projects + "/" + p.ID }

func (p *project) organization() string { return organizations + "/" + p.OrganizationID }

func (a *account) parent() string { return projects + "/" + a.ProjectID }

func (a *account) name() string { return a.parent() + "/" + serviceAccounts + "/" + a.ID }

func (a *account) email() string { return a.ID + "@" + a.ProjectID + accountDomain }

func (m *member) name() string { return memberName(m.Parent, m.ID) }

func memberName(parent, id string) string { return parent + "/" + members + "/" + id }

// accountOf returns the account of a key, which never outlives it.
func (db *database) accountOf(k *key) *account { return db.Accounts[k.AccountID] }

func (db *database) keyName(k *key) string { return db.accountOf(k).name() + "/" + keys + "/" + k.ID }
