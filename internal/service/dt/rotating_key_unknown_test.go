package dt_test

import (
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// later is a value that no plan knows: it is told by an object that is made anew.
const later = `
variable "given" {
  type = string
}

variable "turn" {
  type    = string
  default = "1"
}

resource "terraform_data" "later" {
  input            = var.given
  triggers_replace = var.turn
}
`

// Whether a value that is not known at plan rotates a key is decided by apply, and any decision agrees with the plan.
func TestAccARotationThatIsDecidedByApply(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		argument, first, then string
		rotates               bool
	}{
		"a reason that stays":       {"rotate_when_changed = { reason = terraform_data.later.output }", "one", "one", false},
		"a reason that changes":     {"rotate_when_changed = { reason = terraform_data.later.output }", "one", "two", true},
		"a period that stays":       {"rotate_after = terraform_data.later.output", "90d", "90d", false},
		"a period that turns short": {"rotate_after = terraform_data.later.output", "90d", "20d", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := target(t).aging(t, "rotating_key.tf", map[string]string{"given": test.first})
			a.Write("main.tf", "variable \"project\" {\n type = string\n}\n"+accountIn("${var.project}")+later+`
resource "machineid_dt_service_account_rotating_key" "test" {
  service_account = machineid_dt_service_account.test.name
  overlap         = "7d"
  `+test.argument+`
}
`)
			a.settle()
			first, _ := a.both()
			a.at(30 * day)
			a.set("given", test.then)
			a.set("turn", "2")
			if plan, printed, _ := a.Plan(); !isRotated(plan) || acctest.Said(printed, first.secret) {
				t.Errorf("the plan tells what it cannot know:\n%s", printed)
			}
			a.settle()
			if current, previous := a.both(); test.rotates != (current.id != first.id) || test.rotates != (previous.id == first.id) {
				t.Errorf("current is %s, previous %s; the first was %s", current.id, previous.id, first.id)
			}
		})
	}
}

// A key that a rotation replaces has no such way: the CLI lets no apply replace what the plan has kept. So the plan says what
// it must know.
func TestAccAPeriodThatIsNotKnown(t *testing.T) {
	t.Parallel()
	a := target(t).aging(t, "key.tf", map[string]string{"given": "90d"})
	a.Write("main.tf", "variable \"project\" {\n type = string\n}\n"+accountIn("${var.project}")+later+`
resource "machineid_dt_service_account_key" "test" {
  service_account = machineid_dt_service_account.test.name
  rotate_after    = terraform_data.later.output
}
`)
	a.settle()
	a.set("turn", "2")
	a.PlanMustFail(acctest.Says("Value is not known at plan", "depends on rotate_after", "Give it a value that is known at plan"))
	a.set("turn", "")
	a.settle()
}
