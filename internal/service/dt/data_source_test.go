package dt_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

func TestAccDataSources(t *testing.T) {
	server := target(t)
	account, email := server.hand.createAccount(t, server.otherProject, "looked up")
	server.hand.patch(t, account, map[string]any{"enableBasicAuth": true})
	server.hand.createAccount(t, server.otherProject, "")
	first, _ := server.hand.createKey(t, account)
	second, _ := server.hand.createKey(t, account)
	server.hand.createMember(t, server.otherProject, email, "roles/project.admin")
	server.hand.createMember(t, server.otherProject, "Alan.Turing@example.com", "roles/project.user")

	today := knownvalue.Int64Exact(0)
	found := map[string]knownvalue.Check{
		"id": knownvalue.StringExact(last(account)), "name": knownvalue.StringExact(account),
		"display_name": knownvalue.StringExact("looked up"), "email": knownvalue.StringExact(email),
		"enable_basic_auth": knownvalue.Bool(true), "create_time": isMoment, "update_time": isMoment, "age_days": today,
	}
	lookup := func(name string, project knownvalue.Check) statecheck.StateCheck {
		whole := map[string]knownvalue.Check{"project": project}
		for attribute, check := range found {
			whole[attribute] = check
		}
		return acctest.ExpectWhole("data.machineid_dt_service_account."+name, knownvalue.MapExact(whole))
	}
	project := knownvalue.StringExact(server.otherProject)
	key := func(name string) knownvalue.Check {
		return knownvalue.MapExact(map[string]knownvalue.Check{
			"id": knownvalue.StringExact(last(name)), "name": knownvalue.StringExact(name), "create_time": isMoment, "age_days": today,
		})
	}
	member := func(id, displayName, email, role, accountType, status string) knownvalue.Check {
		return knownvalue.MapExact(map[string]knownvalue.Check{
			"member_id": matching(id), "name": matching(server.otherProject + "/members/" + id), "display_name": matching(displayName),
			"email": matching(email), "role": knownvalue.StringExact(role), "account_type": knownvalue.StringExact(accountType),
			"status": knownvalue.StringExact(status), "create_time": isMoment, "age_days": today,
		})
	}
	list := func(address, attribute string, check knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue("data."+address, tfjsonpath.New(attribute), check)
	}
	acctest.Test(t, server.env, resource.TestStep{
		ConfigFile: config.StaticFile("testdata/data_sources/all.tf"), ConfigVariables: vars("project", server.otherProject, "organization", server.organization, "account", account, "email", email),
		ConfigStateChecks: []statecheck.StateCheck{
			lookup("by_id", project), lookup("by_email", knownvalue.StringExact(last(server.otherProject))), lookup("by_display_name", project),
			list("machineid_dt_service_accounts.test", "service_accounts", knownvalue.ListSizeExact(2)),
			list("machineid_dt_service_accounts.test", "service_accounts", knownvalue.ListPartial(map[int]knownvalue.Check{0: knownvalue.MapExact(found)})),
			list("machineid_dt_service_account_keys.test", "keys", knownvalue.ListExact([]knownvalue.Check{key(first), key(second)})),
			list("machineid_dt_project_members.test", "members", knownvalue.ListExact([]knownvalue.Check{
				member(last(account), "looked up", email, "roles/project.admin", "SERVICE_ACCOUNT", "ACCEPTED"),
				member("[0-9]+", ".*", "(?i)alan.turing@example.com", "roles/project.user", "USER", "PENDING"),
			})),
			list("machineid_dt_organization_members.test", "members", knownvalue.ListSizeExact(2)),
			list("machineid_dt_organization_members.test", "members", knownvalue.ListPartial(map[int]knownvalue.Check{0: knownvalue.MapPartial(map[string]knownvalue.Check{
				"name": matching(server.organization + "/members/[^/]+"), "role": knownvalue.StringExact("roles/organization.admin"), "status": knownvalue.StringExact("ACCEPTED"),
			})})),
			list("machineid_dt_roles.test", "roles", knownvalue.ListPartial(map[int]knownvalue.Check{0: knownvalue.MapPartial(map[string]knownvalue.Check{
				"name": knownvalue.StringExact("roles/project.user"),
				"permissions": knownvalue.SetPartial([]knownvalue.Check{
					knownvalue.StringExact("serviceaccount.read"), knownvalue.StringExact("serviceaccount.key.read"),
				}),
			})})),
		},
	})
}

func TestAccListsHaveEveryPage(t *testing.T) {
	server := target(t)
	const many = 205
	for i := range many {
		server.hand.createAccount(t, server.otherProject, fmt.Sprintf("account %03d", i))
	}
	acctest.Test(t, server.env, resource.TestStep{
		Config: "data \"machineid_dt_service_accounts\" \"test\" {\n project = \"" + server.otherProject + "\"\n}",
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue("data.machineid_dt_service_accounts.test", tfjsonpath.New("service_accounts"), knownvalue.ListSizeExact(many)),
		},
	})
}

func TestAccLookupsThatFail(t *testing.T) {
	server := target(t)
	first, email := server.hand.createAccount(t, server.project, "twin")
	second, _ := server.hand.createAccount(t, server.project, "twin")
	look := func(line string, want ...string) resource.TestStep {
		return resource.TestStep{
			Config:   "data \"machineid_dt_service_account\" \"test\" {\n project = \"" + server.project + "\"\n " + line + "\n}",
			PlanOnly: true, ExpectError: acctest.Says(want...),
		}
	}
	acctest.Test(t, server.env,
		look(`display_name = "twin"`, "More than one DT service account", first, second),
		look(`display_name = "nobody"`, "No such DT service account", `display_name is "nobody"`),
		look(`email = "nobody@example.com"`, "No such DT service account", `email is "nobody@example.com"`),
		look(`id = "00000000000000000000"`, "Cannot read DT service account", "status 404"),
		look(`id = "projects/a/serviceaccounts/b"`, "must be the id alone"),
		look(``, "Exactly one of these attributes must be configured"),
		look("id = \"a\"\n email = \""+email+"\"", "Exactly one of these attributes must be configured"),
	)
}
