package dt_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

const projectMemberAddress = "machineid_dt_project_member.test"

var projectMemberConfig = config.StaticFile("testdata/project_member/member.tf")

// expectProjectMember checks every attribute of the member under test.
func expectProjectMember(project, email, role, memberID, accountType string) []statecheck.StateCheck {
	return []statecheck.StateCheck{acctest.ExpectWhole(projectMemberAddress, acctest.PlainObject(map[string]knownvalue.Check{
		"project":      knownvalue.StringExact(project),
		"email":        knownvalue.StringExact(email),
		"role":         knownvalue.StringExact(role),
		"member_id":    matching(memberID),
		"name":         matching("projects/" + last(project) + "/members/" + memberID),
		"account_type": knownvalue.StringExact(accountType),
	}))}
}

func TestAccProjectMemberLifecycle(t *testing.T) {
	server := target(t)
	account, email := server.hand.createAccount(t, server.project, "to be a member")
	id, bare := last(account), last(server.otherProject)
	step := func(action plancheck.ResourceActionType, project, email, role string, checks []statecheck.StateCheck) resource.TestStep {
		return resource.TestStep{
			ConfigFile: projectMemberConfig, ConfigVariables: vars("project", project, "email", email, "role", role),
			ConfigPlanChecks: acctest.Planned(action, projectMemberAddress), ConfigStateChecks: checks,
		}
	}
	held := func(project, role string) []statecheck.StateCheck {
		return expectProjectMember(project, email, role, id, "SERVICE_ACCOUNT")
	}
	const user, admin = "roles/project.user", "roles/project.admin"
	acctest.Test(t, server.env,
		step(plancheck.ResourceActionCreate, bare, email, user, held(bare, user)),
		step(plancheck.ResourceActionUpdate, bare, email, admin, held(bare, admin)),
		// Other spellings are no change, and the state keeps its own.
		step(plancheck.ResourceActionNoop, server.otherProject, strings.ToUpper(email), admin, held(bare, admin)),
		step(plancheck.ResourceActionUpdate, server.otherProject, strings.ToUpper(email), user, held(bare, user)),
		step(plancheck.ResourceActionReplace, server.project, email, user, held(server.project, user)),
		step(plancheck.ResourceActionReplace, server.project, "New.User@example.com", user,
			expectProjectMember(server.project, "New.User@example.com", user, "[0-9]+", "USER")),
	)
	if left := server.box.Objects(t, "dt", "project_members"); len(left) != 0 {
		t.Errorf("left after destroy: %v", left)
	}
	server.hand.read(t, account) // it outlives its memberships
}

func TestAccProjectMemberDrift(t *testing.T) {
	server := target(t)
	_, email := server.hand.createAccount(t, server.project, "drifting")
	var name string
	again := func(action plancheck.ResourceActionType, meanwhile func()) resource.TestStep {
		return resource.TestStep{
			PreConfig:  meanwhile,
			ConfigFile: projectMemberConfig, ConfigVariables: vars("project", server.project, "email", email),
			ConfigPlanChecks: acctest.Planned(action, projectMemberAddress),
			ConfigStateChecks: append(expectProjectMember(server.project, email, "roles/project.user", "[0-9a-v]{20}", "SERVICE_ACCOUNT"),
				statecheck.ExpectKnownValue(projectMemberAddress, tfjsonpath.New("name"), acctest.Remember(&name))),
		}
	}
	acctest.Test(t, server.env,
		again(plancheck.ResourceActionCreate, nil),
		again(plancheck.ResourceActionUpdate, func() {
			server.hand.patch(t, name, map[string]any{"roles": []string{"roles/project.admin"}})
		}),
		again(plancheck.ResourceActionNoop, func() { // its display name is the account's
			server.hand.patch(t, server.project+"/serviceaccounts/"+last(name), map[string]any{"displayName": "renamed"})
		}),
		again(plancheck.ResourceActionCreate, server.removed(t, &name, 1)),
		resource.TestStep{
			PreConfig:  server.removed(t, &name, 2),
			ConfigFile: projectMemberConfig, ConfigVariables: vars("project", server.project, "email", email), Destroy: true,
		},
	)
}
