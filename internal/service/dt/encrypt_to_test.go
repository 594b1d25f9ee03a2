package dt_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
	"github.com/machineid/terraform-provider-machineid/internal/seal/sealtest"
)

// sealedTo writes a configuration of a key whose secret is encrypted to these readers; without any it is not.
func (a aging) sealedTo(kind, more string, readers ...sealtest.Reader) {
	a.t.Helper()
	argument := ""
	for _, reader := range readers {
		argument += fmt.Sprintf("<<-EOT\n%s\nEOT\n,", reader.Recipient)
	}
	if argument != "" {
		argument = "encrypt_to = [" + argument + "]\n"
	}
	a.Write("main.tf", "variable \"project\" {\n type = string\n}\n"+accountIn("${var.project}")+fmt.Sprintf(`
resource "machineid_dt_service_account_%s" "test" {
  service_account = machineid_dt_service_account.test.name
  %s
  %s
}
`, kind, more, argument))
}

// mustOpen has a reader open what an object of the state holds, and fails unless the secret logs in. It returns the secret.
func (a aging) mustOpen(object map[string]any, reader sealtest.Reader) string {
	a.t.Helper()
	sealed, _ := object["encrypted_secret"].(string)
	id, _ := object["id"].(string)
	secret := reader.Open(a.t, sealed)
	a.mustLogIn(held{id: id, secret: secret}, true)
	if object["secret"] != nil {
		a.t.Error("the plain secret is in the state, too")
	}
	if state, err := json.Marshal(a.State()); err != nil || strings.Contains(string(state), secret) {
		a.t.Errorf("the state shows the secret, or cannot be read: %v", err)
	}
	return secret
}

// A secret that is encrypted is in the state for its readers alone, and logs in once they have opened it.
func TestAccAnEncryptedSecret(t *testing.T) {
	t.Parallel()
	for name, newReader := range map[string]func(testing.TB) sealtest.Reader{"age": sealtest.Age, "gpg": sealtest.PGP} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, one, two := target(t).aging(t, "key.tf", map[string]string{}), newReader(t), newReader(t)
			a.sealedTo("key", "", one, two)
			a.settle()
			first := a.whole(keyAddress)
			if secret := a.mustOpen(first, one); secret != two.Open(t, first["encrypted_secret"].(string)) {
				t.Error("the two read different secrets")
			}
			if known := fmt.Sprint(first["recipient_fingerprints"]); !strings.Contains(known, one.Fingerprint) || !strings.Contains(known, two.Fingerprint) {
				t.Errorf("it is known to be for %s", known)
			}
			a.sealedTo("key", "", two, one)
			if plan, printed, _ := a.Plan(); acctest.Actions(plan, keyAddress) != "no-op" {
				t.Errorf("the order of the readers matters:\n%s", printed)
			}
			a.sealedTo("key", "", one)
			if plan, printed, _ := a.Plan(); acctest.Actions(plan, keyAddress) != "delete+create" || !acctest.Said(printed, "encrypt_to", "forces replacement") {
				t.Errorf("a reader less replaces nothing:\n%s", printed)
			}
			a.settle()
			second := a.whole(keyAddress)
			a.mustOpen(second, one)
			if second["id"] == first["id"] {
				t.Error("the key that the other can read lives on")
			}
			a.sealedTo("key", "")
			a.settle()
			third := a.whole(keyAddress)
			if third["id"] == second["id"] || third["encrypted_secret"] != nil || third["recipient_fingerprints"] != nil {
				t.Errorf("it is not taken into plain text: %v", third["id"])
			}
			a.mustLogIn(held{id: third["id"].(string), secret: third["secret"].(string)}, true)
			a.sealedTo("key", "", one)
			if plan, printed, _ := a.Plan(); acctest.Actions(plan, keyAddress) != "delete+create" {
				t.Errorf("a secret that is in the state in plain text stays there:\n%s", printed)
			}
		})
	}
}

// A rotation encrypts the next secret to the readers of then, and leaves the one before it to its own.
func TestAccAnEncryptedRotation(t *testing.T) {
	t.Parallel()
	a, one, two := target(t).aging(t, "rotating_key.tf", map[string]string{}), sealtest.Age(t), sealtest.Age(t)
	more := "overlap = \"7d\"\n rotate_after = \"90d\""
	a.sealedTo("rotating_key", more, one)
	a.settle()
	first, _ := a.Value(rotatingAddress, "current").(map[string]any)
	secret := a.mustOpen(first, one)
	a.at(91 * day)
	a.settle()
	current, _ := a.Value(rotatingAddress, "current").(map[string]any)
	previous, _ := a.Value(rotatingAddress, "previous").(map[string]any)
	if again := a.mustOpen(previous, one); again != secret || previous["id"] != first["id"] {
		t.Errorf("previous is %v, want %v", previous["id"], first["id"])
	}
	a.mustOpen(current, one)
	a.at(99 * day)
	a.settle()
	a.sealedTo("rotating_key", more, two)
	if plan, printed, _ := a.Plan(); acctest.Actions(plan, rotatingAddress) != "update" || !isRotated(plan) {
		t.Errorf("another reader rotates nothing:\n%s", printed)
	}
	a.settle()
	next, _ := a.Value(rotatingAddress, "current").(map[string]any)
	before, _ := a.Value(rotatingAddress, "previous").(map[string]any)
	a.mustOpen(next, two)
	a.mustOpen(before, one)
	if before["id"] != current["id"] || fmt.Sprint(next["recipient_fingerprints"]) != "["+two.Fingerprint+"]" {
		t.Errorf("previous is %v, want %v; the next is for %v", before["id"], current["id"], next["recipient_fingerprints"])
	}
}

// An imported key has no secret to encrypt, so that its readers are free to change.
func TestAccEncryptAnImportedKey(t *testing.T) {
	t.Parallel()
	a, reader := target(t).aging(t, "key.tf", map[string]string{}), sealtest.Age(t)
	a.Write("main.tf", accountIn(a.project))
	a.MustApply()
	account, _ := a.Value(testAccount, "name").(string)
	name, _ := a.now().createKey(t, account)
	a.sealedTo("key", "", reader)
	a.MustImport(keyAddress, name)
	if plan, printed, _ := a.Plan(); acctest.Actions(plan, keyAddress) != "update" {
		t.Errorf("it is replaced:\n%s", printed)
	}
	a.settle()
}

// What a secret cannot be encrypted to is refused by the plan, in words that do not repeat it.
func TestAccUnusableReaders(t *testing.T) {
	t.Parallel()
	const private = "AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQ"
	reader := sealtest.Age(t)
	for name, test := range map[string]struct {
		recipient, more string
		want            *regexp.Regexp
	}{
		"a secret key":      {private, "", acctest.Says("Invalid recipient in encrypt_to", "treat it as leaked")},
		"a name":            {"reader@example.org", "", acctest.Says("Invalid recipient in encrypt_to", "either an age recipient")},
		"verify_on_refresh": {reader.Recipient, "verify_on_refresh = true", acctest.Says("Two settings that exclude each other", "encrypt_to =")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := target(t).aging(t, "key.tf", map[string]string{})
			a.sealedTo("key", test.more, sealtest.Reader{Recipient: test.recipient})
			a.PlanMustFail(test.want)
			printed, err := a.Apply()
			if err == nil || acctest.Said(printed, private) {
				t.Errorf("the apply shows the key, or ends with %v", err)
			}
		})
	}
}
