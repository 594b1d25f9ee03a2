package keycard

import (
	"context"
	"fmt"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/keycard/keycardapi"
)

// A label is that of one organization today, and may be that of another tomorrow, or at another address. So private state
// keeps the id beside a label, and an object is gone only from the organization that it was in.

// noteKey is under which private state keeps the id.
const noteKey = "organization"

// idForm is that of ids (docs: a nanoid of 26 characters). What looks like one needs no note.
var idForm = regexp.MustCompile(`^[a-z0-9]{26}$`)

// noteOrganization notes the id of an organization that is written as a label. Without a note the label is believed, so a
// failure is none of the object that was just made or read.
func (c *console) noteOrganization(ctx context.Context, private service.PrivateWriter, organization types.String) diag.Diagnostics {
	if idForm.MatchString(organization.ValueString()) {
		return nil
	}
	found, err := c.ResolveOrganization(ctx, organization.ValueString())
	if err != nil {
		return nil
	}
	return service.WriteNote(ctx, private, noteKey, found.ID)
}

// readNote is the id that was noted; "" for none.
func readNote(ctx context.Context, private service.PrivateReader) (string, diag.Diagnostics) {
	id, diags := service.ReadNote[string](ctx, private, noteKey, "on this object's organization")
	if id == nil {
		return "", diags
	}
	return *id, diags
}

// listedAccount answers with an account as a list shows it, or not at all. What is still to be noted is read by itself.
func (c *console) listedAccount(ctx context.Context, state serviceAccountModel, noted string) (*keycardapi.ServiceAccount, bool) {
	if !isNoted(state.OrganizationID, noted) {
		return nil, false
	}
	return c.ListedServiceAccount(ctx, state.OrganizationID.ValueString(), state.ID.ValueString())
}

// listedCredential answers with a credential as a list shows it, or not at all. What is still to be noted is read by itself.
func (c *console) listedCredential(ctx context.Context, state credentialModel, noted string) (*keycardapi.Credential, bool) {
	if !isNoted(state.OrganizationID, noted) {
		return nil, false
	}
	return c.ListedCredential(ctx, state.OrganizationID.ValueString(), state.ServiceAccountID.ValueString(), state.ID.ValueString())
}

func isNoted(organization types.String, noted string) bool {
	return noted != "" || idForm.MatchString(organization.ValueString())
}

// goneFrom returns an error as it is, unless it says that an object is gone from an organization of that label which is not
// the one that was noted.
func (c *console) goneFrom(ctx context.Context, organization types.String, noted string, err error) error {
	if !keycardapi.IsGone(err) || noted == "" {
		return err
	}
	found, resolveErr := c.ResolveOrganization(ctx, organization.ValueString())
	switch {
	case resolveErr != nil:
		return resolveErr
	case found.ID != noted:
		return &otherOrganizationError{label: organization.ValueString(), noted: noted, found: found.ID}
	}
	return err
}

// otherOrganizationError tells that a label is that of another organization than before.
type otherOrganizationError struct{ label, noted, found string }

// Error implements error.
func (e *otherOrganizationError) Error() string {
	return fmt.Sprintf("the label %q is that of the organization %s here, and this object was in %s, so nothing is known about it", e.label, e.found, e.noted)
}
