package keycard_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-exec/tfexec"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// nouns are how the resources of the wing are told to users, by address.
var nouns = map[string]string{
	accountAddress:    "Keycard service account",
	credentialAddress: "Keycard service account credential",
	rotatingAddress:   "Keycard service account credential",
}

// policed is one object of each kind, each with these lines. The credentials are of an account that is not under test.
func policed(holder string, lines ...string) map[string]string {
	return map[string]string{
		accountAddress:    accountNamed("ci", lines...),
		credentialAddress: credentialOf(quoted(holder), lines...),
		rotatingAddress:   rotatingOf(quoted(holder), lines...),
	}
}

// rotatingOf is the rotating credential under test, of an account that is given as an expression.
func rotatingOf(account string, lines ...string) string {
	return fmt.Sprintf("resource \"machineid_keycard_service_account_rotating_credential\" \"test\" {\n service_account_id = %s\n name = \"rotating\"\n"+
		" overlap = \"7d\"\n%s\n}\n", account, joined(lines))
}

// whole writes all objects but one, "" for all.
func whole(objects map[string]string, but string) string {
	text := ""
	for address, config := range objects {
		if address != but {
			text += config
		}
	}
	return text
}

func policy(value string) string { return line("deletion_policy", value) }

// What is to be kept is neither deleted nor replaced: the plan says so, and where it does not see it, the apply.
func TestDeletionPolicyPrevents(t *testing.T) {
	t.Parallel()
	server := target(t)
	holder, other := server.hand.createAccount(t, "holder"), server.hand.createAccount(t, "other")
	w := acctest.NewWorkspace(t, newTwoOrganizations(server.own).before(t, server, server.env))
	objects := policed(holder, policy("prevent"))
	w.Write("main.tf", whole(objects, ""))
	w.MustApply()
	w.MustBeQuiet()
	moved := policed(other, policy("prevent"))
	moved[accountAddress] = accountNamed("ci", policy("prevent"), inOrganization(otherLabel))
	for address, noun := range nouns {
		kept := []string{"deletion_policy in the state is \"prevent\"", "It was not touched", `set deletion_policy = "delete", apply that`}
		w.Write("main.tf", whole(objects, address))
		w.PlanMustFail(acctest.Says(append([]string{"Refused to delete " + noun}, kept...)...))
		w.Write("main.tf", whole(objects, address)+moved[address])
		w.PlanMustFail(acctest.Says(append([]string{"Refused to replace " + noun}, kept...)...))
		// A policy in the configuration does not count before it was applied.
		w.Write("main.tf", whole(objects, address)+policed(other, policy("delete"))[address])
		if address != accountAddress {
			w.PlanMustFail(acctest.Says("Refused to replace "+noun, "deletion_policy in the state"))
		}

		w.Write("main.tf", whole(objects, ""))
		printed, err := w.Apply(tfexec.Replace(address), tfexec.Target(address))
		if err == nil || !acctest.Said(printed, append([]string{"Refused to delete " + noun}, kept...)...) {
			t.Errorf("replacing %s ended with %v:\n%s", address, err, printed)
		}
		w.Taint(address)
		if printed, err = w.Apply(); err == nil || !acctest.Said(printed, "Refused to delete "+noun) {
			t.Errorf("replacing the tainted %s ended with %v:\n%s", address, err, printed)
		}
		w.Untaint(address)
	}
	w.Write("main.tf", whole(objects, credentialAddress)+credentialOf(quoted(holder), policy("prevent"), "rotate_when_changed = { quarter = \"1\" }"))
	w.MustApply()
	w.Write("main.tf", whole(objects, credentialAddress)+credentialOf(quoted(holder), policy("prevent"), "rotate_when_changed = { quarter = \"2\" }"))
	w.PlanMustFail(acctest.Says("Refused to rotate Keycard service account credential", "rotate_when_changed ="))
	if made := server.box.Made(t, "keycard"); len(made) != 5 {
		t.Errorf("the server holds %v", made)
	}
	// A rotation in place deletes nothing that is not to be rotated.
	w.Write("main.tf", rotatingOf(quoted(holder), policy("prevent"), "rotate_when_changed = { quarter = \"1\" }")+whole(policed(holder, policy("delete")), rotatingAddress))
	w.MustApply()
	w.Write("main.tf", rotatingOf(quoted(holder), policy("delete"), "rotate_when_changed = { quarter = \"2\" }")+whole(policed(holder, policy("delete")), rotatingAddress))
	w.MustApply()
	w.MustDestroy()
	if made := server.box.Made(t, "keycard"); len(made) != 2 {
		t.Errorf("left behind: %v", made)
	}
}

// What is abandoned leaves the state, and stays in the system as it is.
func TestDeletionPolicyAbandons(t *testing.T) {
	t.Parallel()
	server := target(t)
	holder := server.hand.createAccount(t, "holder")
	w := acctest.NewWorkspace(t, server.env)
	objects := policed(holder, policy("abandon"))
	w.Write("main.tf", whole(objects, ""))
	w.MustApply()
	for address, noun := range nouns {
		w.Write("main.tf", whole(objects, address))
		_, printed, _ := w.Plan()
		if !acctest.Said(printed, noun+" is abandoned", "leaves the state and stays in the system as it is", `deletion_policy in the state is "abandon"`) {
			t.Errorf("%s is not abandoned:\n%s", address, printed)
		}
		server.box.ForgetRequests(t)
		w.MustApply(w.SavedPlan())
		if w.Value(address, "name") != nil || server.written(t) > 0 || len(server.box.Made(t, "keycard")) != 4 {
			t.Errorf("%s is in the state, or not in the system", address)
		}
		w.MustBeQuiet()
		objects[address] = ""
	}
	w.Write("main.tf", policed(holder, policy("abandon"))[rotatingAddress])
	w.MustApply()
	w.Taint(rotatingAddress)
	w.MustApply()
	w.MustBeQuiet()
	if made := server.box.Made(t, "keycard"); len(made) != 6 {
		t.Errorf("the server holds %v", made)
	}
}

// The provider's default holds for objects that have no policy of their own, and no other.
func TestDeletionPolicyByDefault(t *testing.T) {
	t.Parallel()
	server := target(t)
	holder := server.hand.createAccount(t, "holder")
	w := acctest.NewWorkspace(t, server.env)
	def := func(value string) { w.Write("provider.tf", "provider \"machineid\" {\n"+policy(value)+"\n}\n") }
	objects := policed(holder)
	w.Write("main.tf", whole(objects, ""))
	def("prevent")
	w.MustApply()
	for address, noun := range nouns {
		w.Write("main.tf", whole(objects, address))
		w.PlanMustFail(acctest.Says("Refused to delete "+noun, "the provider's deletion_policy is \"prevent\""))
	}
	// Its own policy comes and goes without a request, and counts once it is applied.
	own := policed(holder, policy("delete"))
	for _, written := range []map[string]string{own, objects, own} {
		w.Write("main.tf", whole(written, ""))
		w.Plan()
		server.box.ForgetRequests(t)
		w.MustApply(w.SavedPlan())
		if sent := server.written(t); sent > 0 {
			t.Errorf("a policy brought %d requests", sent)
		}
		w.MustBeQuiet()
	}
	w.Write("main.tf", own[accountAddress]+objects[rotatingAddress])
	w.MustApply() // deletes the credential, and takes its policy from the rotating one
	if printed, err := w.Apply(tfexec.Destroy(true)); err == nil || !acctest.Said(printed, "Refused to delete Keycard service account credential") {
		t.Errorf("the destroy ended with %v:\n%s", err, printed)
	}
	def("abandon")
	w.Write("main.tf", "")
	_, printed, _ := w.Plan()
	if !acctest.Said(printed, "the provider's deletion_policy is \"abandon\"") {
		t.Errorf("nothing is abandoned:\n%s", printed)
	}
	w.MustApply(w.SavedPlan())
	if made := server.box.Made(t, "keycard"); len(made) != 2 {
		t.Errorf("the account is to be deleted, and the rotating credential to be left: %v", made)
	}
}
