package keycard_test

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-exec/tfexec"
)

func line(attribute, value string) string { return fmt.Sprintf("%s = %q", attribute, value) }

// accountNamed is the account under test; more lines may follow its name.
func accountNamed(name string, lines ...string) string {
	return fmt.Sprintf("resource \"machineid_keycard_service_account\" \"test\" {\n name = %q\n%s\n}\n", name, strings.Join(lines, "\n"))
}

// credentialOf is the credential under test, of an account that is given as an expression.
func credentialOf(account string, lines ...string) string {
	return fmt.Sprintf("resource \"machineid_keycard_service_account_credential\" \"test\" {\n service_account_id = %s\n name = \"ci\"\n%s\n}\n",
		account, strings.Join(lines, "\n"))
}

func joined(lines []string) string { return strings.Join(lines, "\n") }

// quoted is an id as an expression.
func quoted(id string) string { return fmt.Sprintf("%q", id) }

// listConfig is read at plan, and needs no more than a login and an organization.
const listConfig = "data \"machineid_keycard_service_accounts\" \"test\" {}\n"

// providerConfig sets attributes of the wing, one a line.
func providerConfig(lines ...string) string {
	return "provider \"machineid\" {\n max_retries = 0\n keycard = {\n" + strings.Join(lines, "\n") + "\n}\n}\n"
}

// withoutRefresh plans by what the state has.
var withoutRefresh = tfexec.Refresh(false)
