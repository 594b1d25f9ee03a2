package dt

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/dt/dtapi"
)

// own is what the provider's way in depends on, as far as the settings tell.
type own struct {
	// guard is what the settings say about changes that end something.
	guard service.Guard
	// keyID is the key that the provider uses, email the account that it logs in as; "" with Basic auth.
	keyID, email string

	// account is the name of the account that has the key, once Basic auth had it looked for and found.
	mu      sync.Mutex
	account string
}

// The effects that a change can have on the provider.
const (
	endsLogins  = "end every login with it, and may end this run's own at once"
	takesLogins = "take its keys along, end every login with them, and may end this run's own at once"
	refusesPair = "have every further request refused, because the provider sends key id and secret with each"
	takesRights = "take rights from the provider that the rest of this run, or the next one, may need"
)

func (s *studio) guard() service.Guard {
	guard := s.own.guard
	guard.Advice = s.advice
	return guard
}

// guardKey refuses a change to the key that the provider uses.
func (s *studio) guardKey(state serviceAccountKeyModel, moment service.Moment, operation string, attribute path.Path) diag.Diagnostics {
	threat := service.Threat{
		Moment: moment, Operation: operation, Noun: serviceAccountKeyNoun, Object: state.object(), Attribute: attribute,
		Policy: state.DeletionPolicy, Effect: endsLogins,
	}
	return s.guard().Judge(threat, func() (string, error) {
		// An import knows the name before a read tells the id.
		if s.own.keyID != lastSegment(state.Name.ValueString()) {
			return "", nil
		}
		return "It is the key that the provider uses (dt.key_id or DT_SERVICE_ACCOUNT_KEY_ID).", nil
	})
}

// guardAccount refuses a change to the service account whose key the provider uses.
func (s *studio) guardAccount(
	ctx context.Context, state serviceAccountModel, moment service.Moment, operation string, attribute path.Path, effect string,
) diag.Diagnostics {
	threat := service.Threat{
		Moment: moment, Operation: operation, Noun: serviceAccountNoun, Object: state.object(), Attribute: attribute,
		Policy: state.DeletionPolicy, Effect: effect,
	}
	return s.guard().Judge(threat, func() (string, error) {
		return s.dependsOn(ctx, state.Email.ValueString(), func() (string, error) { return state.Name.ValueString(), nil })
	})
}

// guardBasicAuth refuses to switch off Basic auth of the service account while the provider uses it.
func (s *studio) guardBasicAuth(ctx context.Context, state, plan serviceAccountModel, moment service.Moment) diag.Diagnostics {
	if s.auth != authBasic || !switchesOff(state.EnableBasicAuth, plan.EnableBasicAuth) {
		return nil
	}
	return s.guardAccount(ctx, state, moment, "switch off Basic auth of", path.Root("enable_basic_auth"), refusesPair)
}

// guardPlan judges what a plan does to a key; while settings are unknown, apply does.
func (r *serviceAccountKeyResource) guardPlan(state serviceAccountKeyModel, operation string, attribute path.Path) diag.Diagnostics {
	var undecided diag.Diagnostics
	if studio, ok := r.Client(&undecided); ok {
		return studio.guardKey(state, service.AtPlan, operation, attribute)
	}
	return nil
}

// membership is what a [studio.guardMember] must know of a member.
type membership struct {
	noun, object       string
	email, accountType types.String
	policy             types.String
}

// guardMember refuses to take from the provider's own account what it may do in a project or an organization.
func (s *studio) guardMember(
	ctx context.Context, member membership, moment service.Moment, operation string, attribute path.Path,
) diag.Diagnostics {
	threat := service.Threat{
		Moment: moment, Operation: operation, Noun: member.noun, Object: member.object, Attribute: attribute,
		Policy: member.policy, Effect: takesRights,
	}
	return s.guard().Judge(threat, func() (string, error) { return s.dependsOn(ctx, member.email.ValueString(), member.account) })
}

// dependsOn tells how the way in depends on the service account of that address; "" if it does not. Basic auth knows no
// address, so it asks for the account's name; "" is that of a user.
func (s *studio) dependsOn(ctx context.Context, email string, account func() (name string, err error)) (string, error) {
	if s.auth == authOAuth2 {
		if strings.EqualFold(email, s.own.email) {
			return "The provider logs in as this service account (dt.email or DT_SERVICE_ACCOUNT_EMAIL).", nil
		}
		return "", nil
	}
	name, err := account()
	if err != nil || name == "" {
		return "", err
	}
	found, err := s.hasOwnKey(ctx, name)
	if err != nil || !found {
		return "", err
	}
	return "The key that the provider uses (dt.key_id or DT_SERVICE_ACCOUNT_KEY_ID) belongs to this service account.", nil
}

// hasOwnKey looks for the provider's key in a service account, as long as it was not found in another.
func (s *studio) hasOwnKey(ctx context.Context, account string) (bool, error) {
	s.own.mu.Lock()
	defer s.own.mu.Unlock()
	if s.own.account == "" {
		_, err := s.Key(ctx, fmt.Sprintf("%s/keys/%s", account, s.own.keyID), time.Time{})
		if dtapi.IsNotFound(err) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		s.own.account = account
	}
	return s.own.account == account, nil
}

// accountEmail is the address that the server makes for a service account (contract: e-mail of an account).
var accountEmail = regexp.MustCompile(`^([^@]+)@([^@.]+)\.serviceaccount\.`)

// account is the name of the service account that is the member; "" if the member is a user.
func (m membership) account() (string, error) {
	parts := accountEmail.FindStringSubmatch(strings.ToLower(m.email.ValueString()))
	switch {
	case parts != nil:
		return fmt.Sprintf("projects/%s/serviceaccounts/%s", parts[2], parts[1]), nil
	case m.accountType.ValueString() == "SERVICE_ACCOUNT":
		return "", fmt.Errorf("the project of the service account cannot be told from its address %s", m.email.ValueString())
	}
	return "", nil
}

// projectRoles are the roles whose order is known, the weakest first (docs: managing access rights).
var projectRoles = []string{"roles/project.user", "roles/project.developer", "roles/project.admin"}

// lowers tells that a role is not known to be at least what there was. A role that is unknown at plan is judged at apply.
func lowers(state, plan types.String) bool {
	if plan.IsUnknown() || plan.Equal(state) {
		return false
	}
	before, after := slices.Index(projectRoles, state.ValueString()), slices.Index(projectRoles, plan.ValueString())
	return before < 0 || after < before
}

// switchesOff tells that a plan switches off what is on. A value that is unknown at plan is judged at apply.
func switchesOff(state, plan types.Bool) bool {
	return state.ValueBool() && !plan.IsUnknown() && !plan.ValueBool()
}
