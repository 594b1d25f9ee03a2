package dtapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// Member is somebody who has a role in a project or an organization.
type Member struct {
	// Name is <parent>/members/<id>; the id of a service account's membership is that of the account.
	Name        string `json:"name"`
	DisplayName string `json:"displayName"`
	Email       string `json:"email"`
	// Roles holds exactly one role at present, such as roles/project.user.
	Roles []string `json:"roles"`
	// Status is ACCEPTED, or PENDING for a user who has not answered the invitation.
	Status string `json:"status"`
	// AccountType is USER or SERVICE_ACCOUNT.
	AccountType string `json:"accountType"`
	// CreateTime may be zero in the answer to a create.
	CreateTime time.Time `json:"createTime"`
}

const memberNoun = "member"

func (m Member) nameProblem() string { return nameProblem(m.Name, "", "members") }

func (m Member) complete() error {
	if m.Name == "" || m.Email == "" {
		return &rest.IncompleteError{System: system, Noun: memberNoun, Object: m.Name, Missing: "name or e-mail"}
	}
	if problem := m.nameProblem(); problem != "" {
		return &rest.IncompleteError{System: system, Noun: memberNoun, Missing: problem}
	}
	return nil
}

// CreateMember gives an account or user a role in projects/<project> or organizations/<organization>. If the answer has
// a name but lacks something else, both the member, as far as it is known, and an *[rest.IncompleteError] are returned. A
// *[MemberExistsError] tells that there is one already.
func (c *Client) CreateMember(ctx context.Context, parent, email, role string) (*Member, error) {
	var answer json.RawMessage
	_, accountCreated, accountMade := c.Made(email)
	unknownYet := func(err error) bool {
		return IsNotFound(err) || accountMade && IsInvalid(err) && isSettling(err, accountCreated)
	}
	err := rest.Patiently(ctx, either(isConcurrentChange, unknownYet), func() (err error) {
		answer, err = create(ctx, c, path(parent, "members"), map[string]any{"email": email, "roles": []string{role}})
		return c.orMemberExists(ctx, parent, email, err)
	})
	if err != nil {
		return nil, err
	}
	// Read on its own, so that nothing else in the answer can keep it from being read.
	var made struct {
		Name string `json:"name"`
	}
	_ = json.Unmarshal(answer, &made)
	if problem := (Member{Name: made.Name}).nameProblem(); problem != "" {
		return nil, &rest.IncompleteError{System: system, Noun: memberNoun, Missing: problem}
	}
	var found Member
	if err := json.Unmarshal(answer, &found); err != nil {
		return &Member{Name: made.Name}, &rest.IncompleteError{System: system, Noun: memberNoun, Object: made.Name, Cause: c.secrets.ScrubError(err)}
	}
	return &found, found.complete()
}

// Member reads a member, made at a moment as far as that is known.
func (c *Client) Member(ctx context.Context, name string, created time.Time) (*Member, error) {
	found, err := read[Member](ctx, c, name, created)
	if err != nil {
		return nil, err
	}
	return &found, found.complete()
}

// Members lists the members of projects/<project> or organizations/<organization>, every page.
func (c *Client) Members(ctx context.Context, parent string) ([]Member, error) {
	return all[Member](ctx, c, path(parent, "members"), "members")
}

// EachMember gives the members of projects/<project> or organizations/<organization> while their list is read. An error is
// the last that it gives.
func (c *Client) EachMember(ctx context.Context, parent string) iter.Seq2[Member, error] {
	return each[Member](ctx, c, path(parent, "members"), "members")
}

// UpdateMember gives a member of a project another role. Members of organizations cannot be changed.
func (c *Client) UpdateMember(ctx context.Context, name string, created time.Time, role string) error {
	c.snapshots.members.Changed(parent(name), name)
	return rest.Patiently(ctx, either(IsConflict, invisibleYet(created)), func() error {
		err := patch(ctx, c, path(name), map[string]any{"roles": []string{role}})
		if !IsConflict(err) {
			return err
		}
		current, readErr := rest.Get[Member](ctx, c.rest, path(name), nil)
		if readErr == nil && len(current.Roles) == 1 && current.Roles[0] == role {
			return nil
		}
		return err
	})
}

// DeleteMember ends a membership, made at a moment as far as that is known. The account or user stays.
func (c *Client) DeleteMember(ctx context.Context, name string, created time.Time) error {
	c.snapshots.members.Changed(parent(name), name)
	return c.remove(ctx, name, created)
}

// MemberExistsError tells that an account or user is a member already.
type MemberExistsError struct {
	// Member is the membership that there is.
	Member Member
	// Cause is the server's refusal.
	Cause error
}

// Error implements error.
func (e *MemberExistsError) Error() string {
	return fmt.Sprintf("%s is a member already: %s", e.Member.Email, e.Cause)
}

// Unwrap gives the server's refusal.
func (e *MemberExistsError) Unwrap() error { return e.Cause }

// AsMemberExists finds the *MemberExistsError in an error's chain.
func AsMemberExists(err error) (*MemberExistsError, bool) {
	var exists *MemberExistsError
	ok := errors.As(err, &exists)
	return exists, ok
}

// orMemberExists finds out what a 409 means: that there is such a member already, or a concurrent change.
func (c *Client) orMemberExists(ctx context.Context, parent, email string, err error) error {
	if !IsConflict(err) {
		return err
	}
	members, listErr := c.Members(ctx, parent)
	if listErr != nil {
		return err
	}
	for _, member := range members {
		if strings.EqualFold(member.Email, email) {
			return &MemberExistsError{Member: member, Cause: err}
		}
	}
	return &concurrentChangeError{err}
}

// concurrentChangeError is a 409 that is known not to mean that the object exists.
type concurrentChangeError struct{ error }

// Unwrap gives the server's refusal.
func (e *concurrentChangeError) Unwrap() error { return e.error }

func isConcurrentChange(err error) bool {
	var change *concurrentChangeError
	return errors.As(err, &change)
}
