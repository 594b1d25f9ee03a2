package dtapi

import (
	"context"
	"encoding/json"
	"iter"
	"strings"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// ServiceAccount is a service account of a project.
type ServiceAccount struct {
	// Name is projects/<project>/serviceaccounts/<id>.
	Name string `json:"name"`
	// Email is made by the server, <id>@<project>.serviceaccount.d21s.com, and never changes.
	Email string `json:"email"`
	// DisplayName may be empty, and need not be unique.
	DisplayName string `json:"displayName"`
	// EnableBasicAuth allows a key and its secret to be sent with each request.
	EnableBasicAuth bool      `json:"enableBasicAuth"`
	CreateTime      time.Time `json:"createTime"`
	// UpdateTime is later than CreateTime even on an account that was never changed.
	UpdateTime time.Time `json:"updateTime"`
}

// ServiceAccountCreate is the body of a create.
type ServiceAccountCreate struct {
	DisplayName     string `json:"displayName"`
	EnableBasicAuth bool   `json:"enableBasicAuth"`
}

// ServiceAccountUpdate is the body of an update. Nil keeps a value.
type ServiceAccountUpdate struct {
	DisplayName     *string `json:"displayName,omitempty"`
	EnableBasicAuth *bool   `json:"enableBasicAuth,omitempty"`
}

// done tells that an account has what the update asks for.
func (u ServiceAccountUpdate) done(account ServiceAccount) bool {
	return (u.DisplayName == nil || *u.DisplayName == account.DisplayName) &&
		(u.EnableBasicAuth == nil || *u.EnableBasicAuth == account.EnableBasicAuth)
}

const serviceAccountNoun = "service account"

func (a ServiceAccount) nameProblem() string {
	return nameProblem(a.Name, "projects", "serviceaccounts")
}

// complete tells what an answer lacks without which it is no service account.
func (a ServiceAccount) complete() error {
	if a.Name == "" || a.Email == "" {
		return &rest.IncompleteError{System: system, Noun: serviceAccountNoun, Object: a.Name, Missing: "name or e-mail"}
	}
	if problem := a.nameProblem(); problem != "" {
		return &rest.IncompleteError{System: system, Noun: serviceAccountNoun, Missing: problem}
	}
	return nil
}

// CreateServiceAccount creates a service account in projects/<project>. If the answer has a name but lacks something
// else, both the account, as far as it is known, and an *[rest.IncompleteError] are returned: the account exists.
func (c *Client) CreateServiceAccount(ctx context.Context, project string, account ServiceAccountCreate) (*ServiceAccount, error) {
	var answer json.RawMessage
	// The project may be as new as that its own creation is not visible yet. A 409 can only mean a concurrent change,
	// because accounts share no name.
	err := rest.Patiently(ctx, either(IsNotFound, IsConflict), func() (err error) {
		answer, err = create(ctx, c, path(project, "serviceaccounts"), account)
		return err
	})
	if err != nil {
		return nil, err
	}
	// Read on its own, so that nothing else in the answer can keep it from being read.
	var made struct {
		Name string `json:"name"`
	}
	_ = json.Unmarshal(answer, &made)
	if problem := (ServiceAccount{Name: made.Name}).nameProblem(); problem != "" {
		return nil, &rest.IncompleteError{System: system, Noun: serviceAccountNoun, Missing: problem}
	}
	var found ServiceAccount
	err = json.Unmarshal(answer, &found)
	c.made.Store(strings.ToLower(lastSegment(made.Name)), madeAccount{name: made.Name, created: orNow(found.CreateTime)})
	if err != nil {
		return &ServiceAccount{Name: made.Name}, &rest.IncompleteError{System: system, Noun: serviceAccountNoun, Object: made.Name, Cause: c.secrets.ScrubError(err)}
	}
	return &found, found.complete()
}

// ServiceAccount reads a service account, made at a moment as far as that is known.
func (c *Client) ServiceAccount(ctx context.Context, name string, created time.Time) (*ServiceAccount, error) {
	found, err := read[ServiceAccount](ctx, c, name, created)
	if err != nil {
		return nil, err
	}
	return &found, found.complete()
}

// ServiceAccounts lists the service accounts of projects/<project>, every page.
func (c *Client) ServiceAccounts(ctx context.Context, project string) ([]ServiceAccount, error) {
	return all[ServiceAccount](ctx, c, path(project, "serviceaccounts"), "serviceAccounts")
}

// EachServiceAccount gives the service accounts of projects/<project> while their list is read. An error is the last that it
// gives.
func (c *Client) EachServiceAccount(ctx context.Context, project string) iter.Seq2[ServiceAccount, error] {
	return each[ServiceAccount](ctx, c, path(project, "serviceaccounts"), "serviceAccounts")
}

// UpdateServiceAccount changes what is not nil, of an account made at a moment as far as that is known.
func (c *Client) UpdateServiceAccount(ctx context.Context, name string, created time.Time, update ServiceAccountUpdate) error {
	c.snapshots.accounts.Changed(parent(name), name)
	return rest.Patiently(ctx, either(IsConflict, invisibleYet(created)), func() error {
		err := patch(ctx, c, path(name), update)
		if !IsConflict(err) {
			return err
		}
		if current, readErr := rest.Get[ServiceAccount](ctx, c.rest, path(name), nil); readErr == nil && update.done(current) {
			return nil
		}
		return err
	})
}

// DeleteServiceAccount deletes a service account, made at a moment as far as that is known, and its keys.
func (c *Client) DeleteServiceAccount(ctx context.Context, name string, created time.Time) error {
	c.snapshots.accounts.Changed(parent(name), name)
	c.snapshots.keys.Forget()
	c.snapshots.members.Forget()
	return c.remove(ctx, name, created)
}

// madeAccount is what a client remembers of a service account that it has made.
type madeAccount struct {
	name    string
	created time.Time
}

// Made returns the name, and the moment of creation, of a service account that this client has made, by its id or
// e-mail. Such an account may not be visible everywhere yet.
func (c *Client) Made(idOrEmail string) (name string, created time.Time, ok bool) {
	id, _, _ := strings.Cut(idOrEmail, "@")
	found, _ := c.made.Load(strings.ToLower(id))
	account, ok := found.(madeAccount)
	return account.name, account.created, ok
}

func lastSegment(name string) string { return name[strings.LastIndexByte(name, '/')+1:] }

func orNow(moment time.Time) time.Time {
	if moment.IsZero() {
		return time.Now()
	}
	return moment
}
