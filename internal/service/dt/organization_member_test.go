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

const organizationMemberAddress = "machineid_dt_organization_member.test"

var organizationMemberConfig = config.StaticFile("testdata/organization_member/member.tf")

func TestAccOrganizationMemberLifecycle(t *testing.T) {
	server := target(t)
	_, email := server.hand.createAccount(t, server.project, "to be a member")
	account, other := server.hand.createAccount(t, server.otherProject, "to be another")
	bare := last(server.organization)
	var name string
	step := func(action plancheck.ResourceActionType, organization, email, wantOrganization, wantEmail string) resource.TestStep {
		return resource.TestStep{
			ConfigFile: organizationMemberConfig, ConfigVariables: vars("organization", organization, "email", email),
			ConfigPlanChecks: acctest.Planned(action, organizationMemberAddress),
			ConfigStateChecks: []statecheck.StateCheck{
				acctest.ExpectWhole(organizationMemberAddress, acctest.PlainObject(map[string]knownvalue.Check{
					"organization": knownvalue.StringExact(wantOrganization),
					"email":        knownvalue.StringExact(wantEmail),
					"role":         knownvalue.StringExact("roles/organization.admin"),
					"member_id":    isID,
					"name":         matching("organizations/" + bare + "/members/[0-9a-v]{20}"),
					"account_type": knownvalue.StringExact("SERVICE_ACCOUNT"),
				})),
				statecheck.ExpectKnownValue(organizationMemberAddress, tfjsonpath.New("name"), acctest.Remember(&name)),
			},
		}
	}
	removed := step(plancheck.ResourceActionCreate, bare, other, bare, other)
	removed.PreConfig = server.removed(t, &name, 1)
	acctest.Test(t, server.env,
		step(plancheck.ResourceActionCreate, bare, email, bare, email),
		step(plancheck.ResourceActionNoop, server.organization, strings.ToUpper(email), bare, email),
		step(plancheck.ResourceActionReplace, server.organization, other, server.organization, other),
		step(plancheck.ResourceActionNoop, bare, other, server.organization, other),
		removed,
	)
	if left := server.box.Objects(t, "dt", "organization_members"); len(left) != 0 {
		t.Errorf("left after destroy: %v", left)
	}
	server.hand.loginAs(t, server.env).read(t, account) // it outlives its membership
}
