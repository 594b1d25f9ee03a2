package keycardapi

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// Organization is what owns service accounts.
type Organization struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Label is a short name, like a DNS label. It addresses the organization as well as the id does.
	Label      string    `json:"label"`
	SSOEnabled bool      `json:"sso_enabled"`
	CreatedAt  time.Time `json:"created_at"`
	UpdatedAt  time.Time `json:"updated_at"`
	// Permissions are the caller's; nil if they were not asked for.
	Permissions Permissions `json:"permissions"`
}

const organizationNoun = "organization"

func (o Organization) complete() error {
	if problem := rest.IDProblem(o.ID); problem != "" {
		return &rest.IncompleteError{System: system, Noun: organizationNoun, Missing: problem}
	}
	return nil
}

func (o Organization) permissions() Permissions { return o.Permissions }

// IsNamed tells that a text means this organization.
func (o Organization) IsNamed(idOrLabel string) bool {
	return idOrLabel == o.ID || idOrLabel == o.Label
}

// Organization finds an organization that the caller sees, by id or label. "" finds its only one: a service account
// belongs to one organization (the vendor's provider). A *[ChoiceError] tells that there is none, or that there are
// several.
func (c *Client) Organization(ctx context.Context, idOrLabel string, permissions bool) (*Organization, error) {
	if idOrLabel != "" {
		found, err := c.namedOrganization(ctx, idOrLabel, permissions)
		if !IsNotFound(err) {
			return found, err
		}
	}
	visible, err := list[Organization](ctx, c, organizationNoun+"s", []string{"organizations"}, permissions)
	if err != nil {
		return nil, err
	}
	if idOrLabel != "" || len(visible.Items) != 1 {
		return nil, &ChoiceError{Wanted: idOrLabel, Visible: visible.Items}
	}
	return &visible.Items[0], nil
}

func (c *Client) namedOrganization(ctx context.Context, idOrLabel string, permissions bool) (*Organization, error) {
	names := func(found Organization) bool { return found.IsNamed(idOrLabel) }
	return read(ctx, c, organizationNoun, []string{"organizations", idOrLabel}, names, time.Time{}, permissions)
}

// ResolveOrganization finds what [Client.Organization] does, and asks once for each text.
func (c *Client) ResolveOrganization(ctx context.Context, idOrLabel string) (*Organization, error) {
	select {
	case c.organizations.asking <- struct{}{}:
		defer func() { <-c.organizations.asking }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if known, ok := c.organizations.known[idOrLabel]; ok {
		return known, nil
	}
	found, err := c.Organization(ctx, idOrLabel, false)
	if err == nil {
		c.organizations.known[idOrLabel] = found
	}
	return found, err
}

// resolved are the organizations that were asked for.
type resolved struct {
	asking chan struct{}            // holds one token: who has it asks, and the others wait for the answer
	known  map[string]*Organization // only looked at with the token
}

func newResolved() resolved {
	return resolved{asking: make(chan struct{}, 1), known: map[string]*Organization{}}
}

// ChoiceError is an organization that cannot be chosen from those that the caller sees.
type ChoiceError struct {
	// Wanted is the id or label that was asked for; "" for the only one there is.
	Wanted string
	// Visible are those that the caller sees.
	Visible []Organization
}

// Error implements error.
func (e *ChoiceError) Error() string {
	lines := make([]string, len(e.Visible))
	for i, organization := range e.Visible {
		lines[i] = fmt.Sprintf("- %s, label %q, name %q", organization.ID, organization.Label, organization.Name)
	}
	choice := strings.Join(lines, "\n")
	switch {
	case len(e.Visible) == 0:
		return "the credential sees no organization"
	case e.Wanted == "":
		return fmt.Sprintf("the credential sees %d organizations:\n%s", len(e.Visible), choice)
	}
	return fmt.Sprintf("the credential sees no organization with the id or label %q. It sees:\n%s", e.Wanted, choice)
}
