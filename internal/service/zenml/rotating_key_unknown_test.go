package zenml_test

import (
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

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
			r.Write("main.tf", `
variable "name" {}
variable "rotate_after" {}
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
  rotate_when_changed = { reason = terraform_data.later.output }
}
`)
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
