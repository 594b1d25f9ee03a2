package neowit_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-exec/tfexec"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// kept is a type whose objects can be kept from being deleted.
type kept struct {
	address, nouns string
	// config is an object in a place, another one of which replaces it, with more lines.
	config func(place, more string) string
}

// keptTypes are all types of this wing. The place of an account is its organization, and that of a key its account.
func keptTypes() map[string]kept {
	block := func(address, format string) func(place, more string) string {
		kind, _, _ := strings.Cut(address, ".")
		return func(place, more string) string {
			return fmt.Sprintf("resource %q \"test\" {\n"+format+"\n%s\n}\n", kind, place, more)
		}
	}
	return map[string]kept{
		"an account":     {accountAddress, "service_accounts", block(accountAddress, "name = \"kept\"\n org_id = %q")},
		"a key":          {keyAddress, "service_account_keys", block(keyAddress, "service_account_id = %q")},
		"a rotating key": {rotatingAddress, "service_account_keys", block(rotatingAddress, "overlap = \"7d\"\n service_account_id = %q")},
	}
}

// keeping is a workspace with one object of a type.
type keeping struct {
	server
	kept
	*acctest.Workspace
	here, elsewhere string
}

func (k kept) apply(t *testing.T, more string) keeping {
	t.Helper()
	server := target(t)
	w := keeping{server, k, acctest.NewWorkspace(t, server.env), server.own, server.child}
	if k.nouns == "service_account_keys" {
		w.here, w.elsewhere = server.hand.createAccount(t, "", "here"), server.hand.createAccount(t, "", "elsewhere")
	}
	w.write(w.here, more)
	w.MustApply()
	w.MustBeQuiet()
	return w
}

func (w keeping) write(place, more string) { w.Write("main.tf", w.config(place, more)) }

// byDefault sets the provider's deletion_policy.
func (w keeping) byDefault(policy string) {
	w.Write("provider.tf", fmt.Sprintf("provider \"machineid\" {\n deletion_policy = %q\n}\n", policy))
}

// objects counts what the server has of the type.
func (w keeping) objects(t *testing.T) int {
	t.Helper()
	return len(w.box.Objects(t, "neowit", w.nouns))
}

const (
	prevents = `deletion_policy = "prevent"`
	abandons = `deletion_policy = "abandon"`
	deletes  = `deletion_policy = "delete"`
)

func TestWhatIsPreventedStays(t *testing.T) {
	t.Parallel()
	for noun, kept := range keptTypes() {
		t.Run(noun, func(t *testing.T) {
			t.Parallel()
			w := kept.apply(t, prevents)
			w.Write("main.tf", "")
			w.PlanMustFail(acctest.Says("Refused to delete Neowit", `is kept, because its deletion_policy in the state is "prevent"`, "It was not touched"))
			w.write(w.elsewhere, prevents)
			w.PlanMustFail(acctest.Says("Refused to replace Neowit", `deletion_policy in the state is "prevent"`))
			// What the configuration says counts once it is applied.
			w.write(w.elsewhere, deletes)
			w.PlanMustFail(acctest.Says("Refused to replace Neowit"))
			w.write(w.here, prevents)
			if printed, err := w.Apply(tfexec.Replace(kept.address)); err == nil || !acctest.Said(printed, "Refused to delete Neowit", `"prevent"`) {
				t.Errorf("-replace ended with %v:\n%s", err, printed)
			}
			w.Taint(kept.address)
			w.ApplyMustFail("Refused to delete Neowit", `"prevent"`)
			w.Untaint(kept.address)
			if w.objects(t) != 1 {
				t.Errorf("%d objects are there", w.objects(t))
			}
			w.write(w.here, deletes)
			w.MustApply()
			w.MustDestroy()
			if w.objects(t) != 0 {
				t.Error("it was not deleted")
			}
		})
	}
}

func TestWhatIsAbandonedStaysInTheSystem(t *testing.T) {
	t.Parallel()
	for noun, kept := range keptTypes() {
		t.Run(noun, func(t *testing.T) {
			t.Parallel()
			w := kept.apply(t, abandons)
			w.write(w.elsewhere, abandons)
			if _, printed, _ := w.Plan(); !acctest.Said(printed, "is abandoned", `because its deletion_policy in the state is "abandon"`) {
				t.Errorf("the plan of a replacement does not warn:\n%s", printed)
			}
			w.Write("main.tf", "")
			if _, printed, _ := w.Plan(); !acctest.Said(printed, "is abandoned", "leaves the state and stays in the system as it is") {
				t.Errorf("the plan of a destroy does not warn:\n%s", printed)
			}
			w.box.ForgetRequests(t)
			w.MustApply()
			if w.Value(kept.address, "deletion_policy") != nil || w.objects(t) != 1 || w.answered(t, http.MethodDelete, 0) != 0 {
				t.Error("it did not leave the state alone")
			}
		})
	}
}

// The provider's deletion_policy is for objects without their own.
func TestTheProvidersPolicy(t *testing.T) {
	t.Parallel()
	for noun, kept := range keptTypes() {
		t.Run(noun, func(t *testing.T) {
			t.Parallel()
			w := kept.apply(t, "")
			w.byDefault("prevent")
			w.write(w.elsewhere, "")
			w.PlanMustFail(acctest.Says("Refused to replace Neowit", `because the provider's deletion_policy is "prevent"`))
			w.write(w.here, "")
			w.Taint(kept.address)
			w.ApplyMustFail("Refused to delete Neowit", `because the provider's deletion_policy is "prevent"`)
			w.Untaint(kept.address)
			w.write(w.here, deletes)
			w.MustApply()
			w.MustDestroy()
			if w.objects(t) != 0 {
				t.Error("its own policy does not come first")
			}
			w.byDefault("abandon")
			w.write(w.here, "")
			w.MustApply()
			w.MustDestroy()
			if w.objects(t) != 1 {
				t.Error("it was not abandoned")
			}
		})
	}
}

// A policy is the state's alone.
func TestAChangedPolicySendsNothing(t *testing.T) {
	t.Parallel()
	for noun, kept := range keptTypes() {
		t.Run(noun, func(t *testing.T) {
			t.Parallel()
			w := kept.apply(t, "")
			for _, policy := range []string{prevents, abandons, ""} {
				w.write(w.here, policy)
				w.box.ForgetRequests(t)
				w.MustApply(tfexec.Refresh(false))
				w.box.MustBeUnasked(t)
			}
			w.MustBeQuiet()
			w.write(w.here, `deletion_policy = "never"`)
			w.PlanMustFail(acctest.Says(`deletion_policy = "never"`))
		})
	}
}
