package keycard_test

import (
	"fmt"
	"maps"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

type checks = map[string]knownvalue.Check

// today is the age of what was made today.
var today = knownvalue.Int64Exact(0)

// and returns checks with more of them.
func and(some, more checks) checks {
	all := maps.Clone(some)
	maps.Copy(all, more)
	return all
}

func allowed(kind string, verbs ...string) knownvalue.Check {
	granted := checks{}
	for _, verb := range verbs {
		granted[verb] = knownvalue.Bool(true)
	}
	return knownvalue.MapExact(checks{kind: knownvalue.MapExact(granted)})
}

func TestAccDataSources(t *testing.T) {
	server := target(t)
	seededAccount, _ := server.seeded(t, false)
	server.later(t) // lists are sorted by age
	account := server.hand.createAccount(t, "looked up")
	server.hand.patch(t, account, map[string]any{"description": "with a text"})
	used, usedID, secret := server.hand.createCredential(t, account, "used")
	server.later(t)
	fresh, freshID, _ := server.hand.createCredential(t, account, "never used")
	if !server.accepts(t, usedID, secret) {
		t.Fatal("the login fails")
	}
	step := func(spelling, organization string, permissions bool) resource.TestStep {
		variables := vars("account", account, "credential", used)
		var expand knownvalue.Check = knownvalue.Null()
		said := textCheck(organization)
		if permissions {
			variables["expand"] = config.SetVariable(config.StringVariable("permissions"))
			expand = knownvalue.SetExact([]knownvalue.Check{knownvalue.StringExact("permissions")})
		}
		if organization != "" {
			variables["organization_id"] = config.StringVariable(organization)
		}
		mayOnly := func(granted knownvalue.Check) knownvalue.Check {
			if permissions {
				return granted
			}
			return knownvalue.Null()
		}
		place := checks{"organization_id": said, "expand": expand}
		found := and(place, checks{"organization_id": textCheck(organizationOr(organization, server.own))})
		accountDetails := func(id, name, description string) checks {
			return checks{
				"id": textCheck(id), "name": textCheck(name), "description": textCheck(description), "created_at": isMoment, "updated_at": isMoment, "age_days": today,
				"permissions": mayOnly(allowed("service_accounts", "read", "update", "delete")),
			}
		}
		credentialDetails := func(id, name, clientID string, lastUsed knownvalue.Check) checks {
			return checks{
				"id": textCheck(id), "name": textCheck(name), "description": knownvalue.Null(), "client_id": textCheck(clientID), "created_at": isMoment,
				"age_days": today, "last_used_at": lastUsed, "unused_days": today, "permissions": mayOnly(allowed("credentials", "read", "update", "delete")),
			}
		}
		theAccount, ofAccount := accountDetails(account, "looked up", "with a text"), and(found, checks{"service_account_id": textCheck(account)})
		theCredential, theOther := credentialDetails(used, "used", usedID, isMoment), credentialDetails(fresh, "never used", freshID, knownvalue.Null())
		whole := func(noun, name string, want checks) statecheck.StateCheck {
			return acctest.ExpectWhole("data.machineid_keycard_"+noun+"."+name, knownvalue.MapExact(want))
		}
		return resource.TestStep{
			PreConfig:  func() { server.set(t, "expand", spelling); server.box.ForgetRequests(t) },
			ConfigFile: config.StaticFile("testdata/data_sources/all.tf"), ConfigVariables: variables,
			ConfigStateChecks: []statecheck.StateCheck{
				whole("organization", "test", and(place, checks{
					"id": textCheck(server.own), "name": textCheck("Acme"), "label": textCheck(ownLabel), "sso_enabled": knownvalue.Bool(false),
					"created_at": isMoment, "updated_at": isMoment,
					"permissions": mayOnly(knownvalue.MapExact(checks{
						"organizations":    knownvalue.MapExact(checks{"read": knownvalue.Bool(true), "update": knownvalue.Bool(true)}),
						"service_accounts": knownvalue.MapExact(checks{"list": knownvalue.Bool(true), "create": knownvalue.Bool(true)}),
					})),
				})),
				whole("service_account", "by_id", and(found, theAccount)),
				whole("service_account", "by_name", and(found, theAccount)),
				whole("service_accounts", "test", and(found, checks{
					"service_accounts": knownvalue.ListExact([]knownvalue.Check{
						knownvalue.MapExact(accountDetails(seededAccount.ID, "terraform", "")), knownvalue.MapExact(theAccount),
					}),
					"permissions": mayOnly(allowed("service_accounts", "list", "create")),
				})),
				whole("service_account_credential", "by_id", and(ofAccount, theCredential)),
				whole("service_account_credential", "by_name", and(ofAccount, theCredential)),
				whole("service_account_credentials", "test", and(ofAccount, checks{
					"credentials": knownvalue.ListExact([]knownvalue.Check{knownvalue.MapExact(theCredential), knownvalue.MapExact(theOther)}),
					"permissions": mayOnly(allowed("credentials", "list", "create")),
				})),
			},
		}
	}
	acctest.Test(t, server.env,
		step("both", "", false),
		step("brackets", ownLabel, true),
		step("plain", server.own, true),
	)
}

func organizationOr(said, found string) string {
	if said != "" {
		return said
	}
	return found
}

// Every page is read, also where more fit on one than the server gives at once.
func TestEveryPageIsRead(t *testing.T) {
	t.Parallel()
	server := target(t)
	for i := range 101 { // with the one that is there from the start, two pages
		server.hand.createAccount(t, fmt.Sprintf("account %d", i))
	}
	account := server.hand.createAccount(t, "last")
	for i := range 101 {
		server.hand.createCredential(t, account, fmt.Sprintf("credential %d", i))
	}
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", fmt.Sprintf(`
data "machineid_keycard_service_accounts" "test" {}
data "machineid_keycard_service_account" "test" { name = "last" }
data "machineid_keycard_service_account_credentials" "test" { service_account_id = %q }
data "machineid_keycard_service_account_credential" "test" {
  service_account_id = %q
  name               = "credential 100"
}
output "found" {
  value = [
    length(distinct(data.machineid_keycard_service_accounts.test.service_accounts[*].id)), data.machineid_keycard_service_account.test.id,
    length(distinct(data.machineid_keycard_service_account_credentials.test.credentials[*].id)), data.machineid_keycard_service_account_credential.test.name,
  ]
}
`, account, account))
	for _, order := range []string{"oldest", "newest"} {
		server.set(t, "order", order, "empty_cursors", "null")
		w.MustApply()
		if got, want := fmt.Sprint(w.Output("found")), fmt.Sprintf("[103 %s 101 credential 100]", account); got != want {
			t.Errorf("%s first: found %s, want %s", order, got, want)
		}
	}
}

func TestLookupsThatFail(t *testing.T) {
	t.Parallel()
	server := target(t)
	first := server.hand.createAccount(t, "twin")
	one, _, _ := server.hand.createCredential(t, first, "twin")
	server.later(t) // lists are sorted by age
	second := server.hand.createAccount(t, "twin")
	two, _, _ := server.hand.createCredential(t, first, "twin")
	const (
		nobody                = "00000000000000000000000000"
		noAccount, noOne      = "No such Keycard service account", "No such Keycard service account credential"
		account, ofCredential = "service_account", "service_account_credential"
	)
	ofFirst, elsewhere := line("service_account_id", first)+"\n", line("service_account_id", second)+"\n"
	for _, test := range []struct {
		noun, lines string
		want        []string
	}{
		{account, `name = "twin"`, []string{"More than one Keycard service account", `The name "twin" is that of 2. Set id to choose one`, "- " + first + ", made at", "- " + second}},
		{account, `name = "nobody"`, []string{noAccount, `Nothing with the name "nobody"`}},
		{account, `name = "TWIN"`, []string{noAccount}},
		{account, line("id", nobody), []string{noAccount, `There is no service account with the id "` + nobody}},
		{account, line("id", first) + "\n" + inOrganization(emptyLabel), []string{"Cannot read Keycard service account", "status 404", "The organization is not found either", "organization_id"}},
		{ofCredential, ofFirst + `name = "twin"`, []string{"More than one Keycard service account credential", "- " + one + ", made at", "- " + two}},
		{ofCredential, ofFirst + `name = "nobody"`, []string{noOne, `Nothing with the name "nobody"`}},
		{ofCredential, ofFirst + line("id", nobody), []string{noOne, "The service account " + first + " has no credential with the id"}},
		{ofCredential, elsewhere + line("id", one), []string{noOne, "The service account " + second + " has no credential with the id"}},
		{ofCredential, elsewhere + `name = "twin"`, []string{noOne}},
		{ofCredential, line("service_account_id", nobody) + "\n" + line("id", one), []string{noAccount, `There is no service account with the id "` + nobody}},
		{ofCredential, line("service_account_id", nobody) + "\nname = \"twin\"", []string{noAccount, `There is no service account with the id "` + nobody}},
		{"service_account_credentials", line("service_account_id", nobody), []string{noAccount, `There is no service account with the id "` + nobody}},
		{"service_accounts", inOrganization(emptyLabel), []string{"Cannot list Keycard service accounts", "status 404", "Check that organization_id is"}},
		{"organization", inOrganization(emptyLabel), []string{"Cannot find Keycard organization", `Organization "globex"`, "It sees:", ownLabel}},
	} {
		w := acctest.NewWorkspace(t, server.env)
		w.Write("main.tf", fmt.Sprintf("data \"machineid_keycard_%s\" \"test\" {\n%s\n}\n", test.noun, test.lines))
		w.PlanMustFail(acctest.Says(test.want...))
	}
}
