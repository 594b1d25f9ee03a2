package keycard_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-exec/tfexec"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

func inOrganization(idOrLabel string) string { return line("organization_id", idOrLabel) }

// organizationReads counts what it costs to find an organization.
func (s server) organizationReads(t *testing.T) int {
	t.Helper()
	return s.routed(t, http.MethodGet, "/organizations", 0) + s.routed(t, http.MethodGet, "/organizations/{organization}", 0)
}

// The organization of a new object is what it says itself, else the provider's, else the caller's own.
func TestTheOrganizationOfNewObjects(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		variable, setting, said string // "own" stands for the caller's, by id
		want                    string
		known                   bool // at plan
		requests                int
	}{
		"said nowhere": {"", "", "", "own", false, 1},
		// A label is resolved once, for its id to be noted.
		"by the environment":          {ownLabel, "", "", ownLabel, true, 1},
		"by the provider's attribute": {emptyLabel, "own", "", "own", true, 0},
		"by the resource":             {emptyLabel, foreignLabel, ownLabel, ownLabel, true, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := target(t)
			named := func(organization string) string {
				if organization == "own" {
					return server.own
				}
				return organization
			}
			said := func(organization string) string {
				if organization == "" {
					return ""
				}
				return inOrganization(named(organization))
			}
			w := acctest.NewWorkspace(t, acctest.With(server.env, "KEYCARD_ORGANIZATION_ID", test.variable))
			w.Write("main.tf", providerConfig(said(test.setting))+accountNamed("ci", said(test.said))+credentialOf(accountAddress+".id", said(test.said)))
			plan, printed, _ := w.Plan()
			for _, change := range plan.ResourceChanges {
				if planned, known := change.Change.After.(map[string]any)["organization_id"]; known != test.known || known && planned != named(test.want) {
					t.Errorf("%s is planned in the organization %v:\n%s", change.Address, planned, printed)
				}
			}
			server.box.ForgetRequests(t)
			w.MustApply(w.SavedPlan())
			if sent := server.organizationReads(t); sent != test.requests {
				t.Errorf("%d requests to find the organization, want %d", sent, test.requests)
			}
			for _, address := range []string{accountAddress, credentialAddress} {
				if w.Value(address, "organization_id") != named(test.want) {
					t.Errorf("%s was made in %v", address, w.Value(address, "organization_id"))
				}
			}
			// The default concerns new objects only. What exists is addressed by what the state has.
			w.Write("main.tf", providerConfig(inOrganization(emptyLabel))+accountNamed("ci")+credentialOf(accountAddress+".id"))
			server.box.ForgetRequests(t)
			w.MustBeQuiet()
			if sent := server.organizationReads(t); sent != 0 {
				t.Errorf("what exists brought %d requests to find an organization", sent)
			}
			w.MustDestroy()
			server.box.MustBeEmpty(t, "keycard")
		})
	}
}

// bothIn is an account with a credential; "" says nothing of the organization.
func bothIn(name, organization string, more ...string) string {
	if organization != "" {
		more = append(more, inOrganization(organization))
		return accountNamed(name, inOrganization(organization)) + credentialOf(accountAddress+".id", more...)
	}
	return accountNamed(name) + credentialOf(accountAddress+".id", more...)
}

// Another spelling of the same organization is no change, and costs one request a run.
func TestAnotherSpellingOfTheOrganization(t *testing.T) {
	t.Parallel()
	server := target(t)
	for name, spellings := range map[string][2]string{
		"an id, then a label": {server.own, ownLabel},
		"a label, then an id": {ownLabel, server.own},
		"nothing, then":       {"", ownLabel},
	} {
		w := acctest.NewWorkspace(t, server.env)
		w.Write("main.tf", bothIn("ci", spellings[0]))
		w.MustApply()
		kept := w.Value(accountAddress, "organization_id")
		w.Write("main.tf", bothIn("ci", spellings[1]))
		server.box.ForgetRequests(t)
		if plan, printed, changes := w.Plan(); changes || len(plan.ResourceDrift) > 0 {
			t.Errorf("%s: that is no other organization:\n%s", name, printed)
		}
		if sent := server.organizationReads(t); sent != 1 {
			t.Errorf("%s: %d requests to find the organization of two objects, want 1", name, sent)
		}
		w.Write("main.tf", bothIn("renamed", spellings[1]))
		w.MustApply()
		if w.Value(accountAddress, "organization_id") != kept || w.Value(credentialAddress, "organization_id") != kept {
			t.Errorf("%s: the state's spelling is %v, want %v", name, w.Value(accountAddress, "organization_id"), kept)
		}
		w.MustDestroy()
	}
	server.box.MustBeEmpty(t, "keycard")
}

// An organization that the caller does not see is told at plan, for what exists, and nothing is done.
func TestAnUnknownOrganizationAtPlan(t *testing.T) {
	t.Parallel()
	server := target(t)
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", bothIn("ci", ""))
	w.MustApply()
	choice := []string{
		"Cannot find Keycard organization", "with " + accountAddress + ",", `Organization "globex".`, `The credential sees no organization with the id or label "globex". It sees:`,
		"- " + server.own + `, label "acme", name "Acme"`, "Set organization_id to the id or label of the organization that the credential belongs to",
	}
	w.Write("main.tf", bothIn("ci", emptyLabel))
	w.PlanMustFail(acctest.Says(choice...))
	server.set(t, "foreign_organization", "403")
	w.PlanMustFail(acctest.Says("Cannot find Keycard organization", "status 403", "Check organization_id, and as whom the provider logs in"))
	if len(server.box.Made(t, "keycard")) != 2 {
		t.Error("something was deleted")
	}
	w.Write("main.tf", bothIn("ci", ""))
	w.MustBeQuiet()
	w.MustDestroy()
}

// Another organization is another object. A credential that is rotated must not be led to one by a default that was
// changed: the old one would be gone, and the new one refused.
func TestAnotherOrganizationReplaces(t *testing.T) {
	t.Parallel()
	server := target(t)
	w := acctest.NewWorkspace(t, newTwoOrganizations(server.own).before(t, server, server.env))
	w.Write("main.tf", bothIn("ci", server.own, "rotate_when_changed = { quarter = \"1\" }"))
	w.MustApply()
	account, credential, secret := w.Value(accountAddress, "id"), w.Value(credentialAddress, "id"), w.Value(credentialAddress, "client_secret")

	toOther := providerConfig(inOrganization(otherLabel))
	const rotated = "rotate_when_changed = { quarter = \"2\" }"
	w.Write("main.tf", toOther+bothIn("ci", "", rotated))
	w.PlanMustFail(acctest.Says("Cannot replace Keycard service account credential", "with "+credentialAddress+",",
		"made in the organization "+server.own+", but the provider now leads new ones to another", "Set organization_id of this credential"))
	w.Write("main.tf", providerConfig(inOrganization(emptyLabel))+bothIn("ci", "", rotated))
	w.PlanMustFail(acctest.Says("Cannot find Keycard organization", "with "+credentialAddress+",", `"globex"`))
	// What leads to the same organization, or says which, is not refused.
	for _, config := range []string{bothIn("ci", "", rotated), providerConfig(inOrganization(ownLabel)) + bothIn("ci", "", rotated), toOther + bothIn("ci", server.own, rotated)} {
		w.Write("main.tf", config)
		if plan, printed, _ := w.Plan(); acctest.Actions(plan, credentialAddress) != "delete+create" || acctest.Actions(plan, accountAddress) != "no-op" {
			t.Errorf("the credential is to be rotated:\n%s", printed)
		}
	}

	w.Write("main.tf", bothIn("ci", otherLabel, "rotate_when_changed = { quarter = \"1\" }"))
	plan, printed, _ := w.Plan()
	if acctest.Actions(plan, accountAddress) != "delete+create" || acctest.Actions(plan, credentialAddress) != "delete+create" || !acctest.Said(printed, "forces replacement") {
		t.Errorf("both are to be replaced:\n%s", printed)
	}
	w.MustApply(w.SavedPlan())
	w.MustBeQuiet()
	if w.Value(accountAddress, "id") == account || w.Value(credentialAddress, "id") == credential || w.Value(credentialAddress, "client_secret") == secret ||
		w.Value(credentialAddress, "organization_id") != otherLabel {
		t.Error("account and credential were not made anew in the other organization")
	}
	w.MustDestroy()
	server.box.MustBeEmpty(t, "keycard")
}

// Nothing is made in an organization that is not the caller's, whichever way the server says so, and a provider of another
// organization concludes nothing from what it does not see.
func TestAForeignOrganization(t *testing.T) {
	t.Parallel()
	for status, advice := range map[string]string{
		"404": "Check that organization_id is the id or label of the organization that the credential belongs to",
		"403": "Check organization_id, and as whom the provider logs in",
	} {
		t.Run(status, func(t *testing.T) {
			t.Parallel()
			server := target(t)
			server.set(t, "foreign_organization", status)
			account, credential := server.seeded(t, true)
			explained := []string{"status " + status, advice}
			w := acctest.NewWorkspace(t, server.env)
			for operation, config := range map[string]string{
				"create Keycard service account":            accountNamed("ci", inOrganization(foreignLabel)),
				"create Keycard service account credential": credentialOf(quoted(account.ID), inOrganization(account.Parent)),
				"list Keycard service accounts":             "data \"machineid_keycard_service_accounts\" \"test\" {\n " + inOrganization(foreignLabel) + "\n}\n",
			} {
				w.Write("main.tf", config)
				printed := w.ApplyMustFail(append([]string{"Cannot " + operation}, explained...)...)
				if acctest.Said(printed, "state rm") {
					t.Errorf("there is nothing in the state:\n%s", printed)
				}
			}
			server.box.MustBeEmpty(t, "keycard")
			w.Write("main.tf", bothIn("ci", ""))
			place := "organizations/" + foreignLabel + "/service-accounts/" + account.ID
			for address, id := range map[string]string{accountAddress: place, credentialAddress: place + "/credentials/" + credential.ID} {
				if printed, err := w.Import(address, id); err == nil || !acctest.Said(printed, append([]string{"Cannot read Keycard service account"}, explained...)...) {
					t.Errorf("the import ended with %v:\n%s", err, printed)
				}
			}

			w.MustApply()
			id := w.Value(accountAddress, "id")
			server.later(t)
			stranger := &proxy{redirect: func(path string) string { return strings.Replace(path, server.own, account.Parent, 1) }}
			front := stranger.before(t, server, server.env)["KEYCARD_ENDPOINT"]
			w.Write("main.tf", providerConfig(line("base_url", front))+bothIn("ci", ""))
			w.PlanMustFail(acctest.Says(append([]string{"Cannot read Keycard service account"}, explained...)...))
			if printed, err := w.Apply(tfexec.Destroy(true), withoutRefresh); err == nil || !acctest.Said(printed, explained...) {
				t.Errorf("the destroy ended with %v:\n%s", err, printed)
			}
			if w.Value(accountAddress, "id") != id || w.Value(credentialAddress, "id") == nil {
				t.Error("the state was lost")
			}
			w.Write("main.tf", bothIn("ci", ""))
			w.MustBeQuiet()
			w.MustDestroy()
			server.box.MustBeEmpty(t, "keycard")
		})
	}
}

// A caller that sees several organizations has to choose one. It must be its own, for the others are shown and no more.
func TestSeveralOrganizations(t *testing.T) {
	t.Parallel()
	server := target(t)
	server.set(t, "organizations", "several")
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", bothIn("ci", ""))
	w.ApplyMustFail("Cannot find Keycard organization", "The credential sees 3 organizations:", `label "`,
		"Choose one: set keycard.organization_id (KEYCARD_ORGANIZATION_ID), or organization_id here")
	w.Write("main.tf", "data \"machineid_keycard_organization\" \"test\" {}\n")
	w.ApplyMustFail("Cannot find Keycard organization", "3 organizations", "Choose one")
	server.box.MustBeEmpty(t, "keycard")
	w.Write("main.tf", providerConfig(inOrganization(ownLabel))+bothIn("ci", ""))
	w.MustApply()
	w.MustBeQuiet()
	// What exists needs no choice.
	w.Write("main.tf", bothIn("ci", ""))
	w.MustBeQuiet()
	w.MustDestroy()
	server.box.MustBeEmpty(t, "keycard")
}

// A label may be that of another organization by now, or at another address. An object is gone only from the one it was in.
func TestALabelOfAnotherOrganization(t *testing.T) {
	t.Parallel()
	server, other := target(t), target(t)
	for name, imports := range map[string]bool{"made": false, "imported": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewWorkspace(t, server.env)
			w.Write("main.tf", accountNamed(name, inOrganization(ownLabel)))
			if imports {
				id := server.hand.createAccount(t, name)
				w.MustImport(accountAddress, "organizations/"+ownLabel+"/service-accounts/"+id)
			} else {
				w.MustApply()
			}
			server.later(t)
			other.later(t)
			w.Write("provider.tf", providerConfig(fmt.Sprintf("base_url = %q\nclient_id = %q\nclient_secret = %q\n",
				other.env["KEYCARD_ENDPOINT"], other.env["KEYCARD_CLIENT_ID"], other.env["KEYCARD_CLIENT_SECRET"])))
			w.PlanMustFail(acctest.Says("Cannot read Keycard service account",
				`label "acme" is that of the organization `+other.own+" here", "was in "+server.own, "terraform state rm"))
			w.Write("main.tf", "")
			if printed, err := w.Apply(withoutRefresh); err == nil || !acctest.Said(printed, "Cannot delete Keycard service account") {
				t.Errorf("an account of another installation passes for deleted: %v\n%s", err, printed)
			}
			w.Write("provider.tf", "")
			w.MustApply()
		})
	}
	t.Cleanup(func() { server.box.MustBeEmpty(t, "keycard") })
}
