package zenml_test

import (
	"fmt"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

const laterReason = `
variable "name" {}
variable "rotate_after" {}
variable "on_drift" { default = null }
variable "given" { default = "one" }
variable "turn" { default = "1" }

resource "terraform_data" "later" {
  input            = var.given
  triggers_replace = var.turn
}

resource "machineid_zenml_service_account" "test" {
  name = var.name
}

resource "machineid_zenml_rotating_api_key" "test" {
  service_account_id  = machineid_zenml_service_account.test.id
  name                = "ci"
  rotate_after        = var.rotate_after
  overlap             = "7d"
  on_drift            = var.on_drift
  rotate_when_changed = { reason = terraform_data.later.output }
}
`

// Whether a reason that is not known at plan rotates a key is decided by apply, and any decision agrees with the plan.
func TestAccARotationThatIsDecidedByApply(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		then    string
		rotates bool
	}{"it stays": {"one", false}, "it changes": {"two", true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := kept(t, "rotating_key.tf", map[string]any{"rotate_after": "90d"})
			r.Write("main.tf", laterReason)
			r.MustApply()
			r.MustBeQuiet()
			first := r.held("current")
			r.set(t, map[string]any{"given": test.then, "turn": "2"})
			if plan, printed, _ := r.Plan(); acctest.Actions(plan, rotatingAddress) != "update" || acctest.Said(printed, text(first, "secret")) {
				t.Errorf("the plan tells what it cannot know:\n%s", printed)
			}
			r.MustApply()
			r.MustBeQuiet()
			rotated := text(r.held("current"), "secret") != text(first, "secret")
			if kept := text(r.held("previous"), "secret") == text(first, "secret"); rotated != test.rotates || kept != test.rotates {
				t.Errorf("rotated: %t, the value before is kept: %t", rotated, kept)
			}
			r.MustDestroy()
		})
	}
}

// A key that was found deactivated is activated if it turns out that a rotation is asked for, and stays as it is if not.
func TestAccADeactivatedKeyThatIsDecidedByApply(t *testing.T) {
	t.Parallel()
	r := kept(t, "rotating_key.tf", map[string]any{"rotate_after": "90d", "on_drift": "warn"})
	r.Write("main.tf", laterReason)
	r.MustApply()
	account, id := r.place()
	for turn, given := range []string{"one", "two"} {
		r.server.hand.updateKey(t, account, id, map[string]any{"active": false})
		r.set(t, map[string]any{"given": given, "turn": fmt.Sprint(turn + 2)})
		r.mustSay(t, "update", "was deactivated outside Terraform")
		r.MustApply(r.SavedPlan())
		r.mustSay(t, "no-op")
		if got := r.Value(rotatingAddress, "active"); got != (given == "two") {
			t.Errorf("with the reason %q the key is active: %v", given, got)
		}
	}
	r.MustDestroy()
}

// A rotation elsewhere refuses nobody when a reason turns out to have changed.
func TestAccARotationElsewhereThatIsDecidedByApply(t *testing.T) {
	t.Parallel()
	r := kept(t, "rotating_key.tf", map[string]any{"rotate_after": "90d", "on_drift": "warn"})
	r.Write("main.tf", laterReason)
	r.MustApply()
	account, id := r.place()
	first := text(r.held("current"), "secret")
	theirs := r.server.hand.rotateKey(t, account, id, 60)
	r.set(t, map[string]any{"given": "two", "turn": "2"})
	r.mustSay(t, "update", "The plan keeps it as it is", "may be refused")
	r.MustApply(r.SavedPlan())
	r.MustBeQuiet()
	r.mustAccept(t, true, first, theirs, text(r.held("current"), "secret"))
	r.MustDestroy()
}
