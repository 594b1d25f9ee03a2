package zenml_test

import (
	"testing"

	"github.com/hashicorp/terraform-exec/tfexec"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// guarded are the wing's resources, with one to be deleted, alone or in a replacement, by variables.
var guarded = map[string]struct {
	config, address, policy, noun, nouns string
}{
	"account":      {"key.tf", accountAddress, "account_policy", "ZenML service account", "service_accounts"},
	"key":          {"key.tf", keyAddress, "deletion_policy", "ZenML API key", "api_keys"},
	"rotating key": {"rotating_key.tf", rotatingAddress, "deletion_policy", "ZenML API key", "api_keys"},
}

func TestAccDeletionPolicy(t *testing.T) {
	t.Parallel()
	for name, test := range guarded {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := clocked(t, test.config, nil)
			box := r.server.box
			forbidden := []string{"Refused to delete " + test.noun, `its deletion_policy in the state is "prevent"`}

			// A policy counts once it is applied, and that sends nothing.
			r.set(t, map[string]any{test.policy: "prevent"})
			box.ForgetRequests(t)
			r.mustTurn(t, test.address, "update")
			if sent := box.Count(t, changes); sent != 0 {
				t.Errorf("a policy sends %d requests that change something", sent)
			}
			r.Write("main.tf", "")
			r.PlanMustFail(acctest.Says(forbidden...))
			r.configure()
			printed, err := r.Apply(tfexec.Replace(test.address))
			if err == nil || !acctest.Said(printed, forbidden...) {
				t.Errorf("-replace ended with %v:\n%s", err, printed)
			}
			r.Taint(test.address)
			r.ApplyMustFail(forbidden...)
			r.Untaint(test.address)
			r.MustApply() // what the object holds was deleted before it
			r.MustBeQuiet()

			r.set(t, map[string]any{test.policy: "abandon"})
			r.Write("main.tf", "")
			r.PlanMustFail(acctest.Says(forbidden...))
			r.configure()
			r.MustApply()
			r.Write("main.tf", "")
			_, printed, _ = r.Plan(tfexec.Target(test.address))
			if !acctest.Said(printed, test.noun+" is abandoned", `its deletion_policy in the state is "abandon"`) {
				t.Errorf("the plan does not warn:\n%s", printed)
			}
			r.MustApply(r.SavedPlan())
			left := box.Objects(t, "zenml", test.nouns)
			if r.Value(test.address, "name") != nil || len(left) != 1 {
				t.Errorf("left in the system: %v", left)
			}
		})
	}
}

// A replacement that prevent forbids is an error at plan, whatever asks for it.
func TestAccDeletionPolicyForbidsReplacements(t *testing.T) {
	t.Parallel()
	server := target(t)
	name := unique("prevent")
	configuration := func(policy, owner, number string) string {
		account := "machineid_zenml_service_account." + owner + ".id"
		return `
		resource "machineid_zenml_service_account" "one" { name = "` + name + `-one" }
		resource "machineid_zenml_service_account" "two" { name = "` + name + `-two" }
		resource "machineid_zenml_api_key" "test" {
			service_account_id  = ` + account + `
			name                = "plain"
			deletion_policy     = "` + policy + `"
			rotate_when_changed = { n = "` + number + `" }
		}
		resource "machineid_zenml_rotating_api_key" "test" {
			service_account_id  = ` + account + `
			name                = "rotating"
			overlap             = "1d"
			deletion_policy     = "` + policy + `"
			rotate_when_changed = { n = "` + number + `" }
		}`
	}
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", configuration("prevent", "one", "1"))
	w.MustApply()
	w.Write("main.tf", configuration("prevent", "two", "1"))
	w.PlanMustFail(acctest.Says("Refused to replace ZenML API key", `"rotating"`, "deletion_policy"))
	w.PlanMustFail(acctest.Says("Refused to replace ZenML API key", `"plain"`, "deletion_policy"))
	w.Write("main.tf", configuration("prevent", "one", "2"))
	w.PlanMustFail(acctest.Says("Refused to rotate ZenML API key", `"plain"`, "deletion_policy"))
	// A rotation in place ends no object.
	printed, err := w.Apply(tfexec.Target(rotatingAddress))
	if err != nil {
		t.Errorf("the rotating key: %v\n%s", err, printed)
	}
	// Another policy counts once it is applied.
	w.Write("main.tf", configuration("delete", "one", "2"))
	w.PlanMustFail(acctest.Says("Refused to rotate ZenML API key", `"plain"`))
	w.Write("main.tf", configuration("delete", "one", "1"))
	w.MustApply()
	w.MustDestroy()
}

// The provider's default holds for what has no policy of its own.
func TestAccDeletionPolicyOfTheProvider(t *testing.T) {
	t.Parallel()
	server := target(t)
	name := unique("default")
	configuration := func(policy string) string {
		return `
		provider "machineid" { deletion_policy = "` + policy + `" }
		resource "machineid_zenml_service_account" "test" {
			name            = "` + name + `"
			deletion_policy = "delete"
		}
		resource "machineid_zenml_api_key" "test" {
			service_account_id = machineid_zenml_service_account.test.id
			name               = "ci"
		}
		resource "machineid_zenml_rotating_api_key" "test" {
			service_account_id = machineid_zenml_service_account.test.id
			name               = "rotating"
			overlap            = "1d"
		}`
	}
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", configuration("prevent"))
	w.MustApply()
	w.MustBeQuiet()
	account, _ := w.Value(accountAddress, "id").(string)
	for _, address := range []string{keyAddress, rotatingAddress} {
		printed, err := w.Apply(tfexec.Replace(address), tfexec.Target(address))
		if err == nil || !acctest.Said(printed, "Refused to delete ZenML API key", `the provider's deletion_policy is "prevent"`) {
			t.Errorf("replacing %s ended with %v:\n%s", address, err, printed)
		}
	}
	w.Write("main.tf", configuration("abandon"))
	w.MustDestroy(tfexec.Target(rotatingAddress))
	if left := server.hand.countKeys(t, account, "rotating"); left != 1 {
		t.Errorf("%d keys are left of the abandoned one", left)
	}
	w.MustDestroy()
	if left := server.hand.countAccounts(t, name); left != 0 {
		t.Error("the account with a policy of its own is left")
	}
}

// A deposed key keeps what its state says, whatever the configuration says by now. Only its deletion in the system ends that.
func TestAccADeposedKeyKeepsItsPolicy(t *testing.T) {
	t.Parallel()
	for name, kept := range map[string]struct {
		policy, refused string
		atPlan          bool
	}{
		"prevent": {`deletion_policy = "prevent"`, "An object that is tainted or deposed keeps the policy that it has", true},
		"used":    {`keep_if_used_within = "1d"`, "one that is deposed or tainted keeps its period", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := target(t)
			w := acctest.NewWorkspace(t, server.env)
			account := unique("deposed")
			configuration := func(key, policy string) {
				w.Write("main.tf", `
				resource "machineid_zenml_service_account" "test" { name = "`+account+`" }
				resource "machineid_zenml_api_key" "test" {
					service_account_id = machineid_zenml_service_account.test.id
					name               = "`+key+`"
					lifecycle { create_before_destroy = true }
					`+policy+`
				}`)
			}
			configuration("one", kept.policy)
			w.MustApply()
			r := rotated{Workspace: w, server: server}
			place, first, value := r.keyPlace()
			server.hand.useKey(t, value)
			w.Taint(keyAddress)
			configuration("two", "")
			w.ApplyMustFail(kept.refused)
			if _, second, _ := r.keyPlace(); second == first {
				t.Error("there is no second key")
			}
			if kept.atPlan {
				w.PlanMustFail(acctest.Says(kept.refused))
			}
			w.ApplyMustFail(kept.refused)
			r.mustAccept(t, true, value)
			server.hand.deleteKey(t, place, first)
			w.MustApply()
			w.MustBeQuiet()
			w.MustDestroy()
		})
	}
}

// A key that would be abandoned keeps the name that the next one needs: the plan refuses that, unless the name changes.
func TestAccAnAbandonedKeyKeepsItsName(t *testing.T) {
	t.Parallel()
	r := kept(t, "key.tf", map[string]any{"deletion_policy": "abandon", "rotate": map[string]string{"n": "1"}})
	account, id, value := r.keyPlace()
	r.set(t, map[string]any{"rotate": map[string]string{"n": "2"}})
	r.PlanMustFail(acctest.Says("Refused to replace ZenML API key", "which the next key needs"))
	r.set(t, map[string]any{"key_name": "ci-2"})
	r.mustTurn(t, keyAddress, "delete+create", "is abandoned")
	r.mustAccept(t, true, value)
	r.server.hand.deleteKey(t, account, id)
	r.set(t, map[string]any{"deletion_policy": nil})
	r.MustApply()
	r.MustDestroy()
}
