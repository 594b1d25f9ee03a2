package keycard_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// What is known to be wrong is refused at its attribute, before any request.
func TestBadInput(t *testing.T) {
	t.Parallel()
	server := target(t)
	const (
		account, credential = "resource machineid_keycard_service_account", "resource machineid_keycard_service_account_credential"
		lookup, found       = "data machineid_keycard_service_account", "data machineid_keycard_service_account_credential"
		list, organization  = "data machineid_keycard_service_accounts", "data machineid_keycard_organization"
		ofAccount, named    = "service_account_id = \"a\"\n", "name = \"ci\"\n"
		blankName           = "name must not be empty or blank"
		blankDescription    = "description must not be empty or blank; leave it out for none"
		anID                = "_id must be an id, without slashes and blanks"
		oneOf               = "Exactly one of these attributes must be configured"
		onlyPermissions     = `value must be one of: ["permissions"]`
	)
	tooLong := strings.Repeat("ü", 501)
	tests := []struct{ kind, lines, want string }{
		{account, `name = ""`, blankName},
		{account, `name = " \t\n"`, blankName},
		{account, named + `description = ""`, blankDescription},
		{account, named + `description = "  "`, blankDescription},
		{account, named + line("description", tooLong), "description UTF-8 character count must be at most 500, got: 501"},
		{account, named + `organization_id = ""`, "organization" + anID},
		{account, named + `organization_id = "a/b"`, "organization" + anID},
		{account, named + `organization_id = "a b"`, "organization" + anID},
		{account, named + `organization_id = "a?x"`, "organization" + anID},
		{account, named + line("organization_id", strings.Repeat("a", 256)), "organization" + anID},
		{credential, named + `service_account_id = ""`, "service_account" + anID},
		{credential, named + `service_account_id = "a/b"`, "service_account" + anID},
		{credential, named + `service_account_id = "a b"`, "service_account" + anID},
		{credential, named + `service_account_id = "%2e%2e"`, "service_account" + anID},
		{credential, named + ofAccount + `organization_id = "a/b"`, "organization" + anID},
		{credential, ofAccount + `name = " "`, blankName},
		{credential, named + ofAccount + `description = " "`, blankDescription},
		{credential, named + ofAccount + line("description", tooLong), "description UTF-8 character count must be at most 500, got: 501"},
		{lookup, "", oneOf},
		{lookup, named + `id = "a"`, oneOf},
		{lookup, `id = "a/b"`, "id must be an id, without slashes and blanks"},
		{lookup, `name = " "`, blankName},
		{lookup, named + `organization_id = "a/b"`, "organization" + anID},
		{lookup, named + `expand = ["total_count"]`, onlyPermissions},
		{found, ofAccount, oneOf},
		{found, ofAccount + named + `id = "a"`, oneOf},
		{found, named + `service_account_id = "a/b"`, "service_account" + anID},
		{found, ofAccount + `id = "a/b"`, "id must be an id, without slashes and blanks"},
		{list, `organization_id = "a/b"`, "organization" + anID},
		{list, `expand = ["everything"]`, onlyPermissions},
		{organization, `organization_id = "a/b"`, "organization" + anID},
	}
	var config strings.Builder
	for i, test := range tests {
		block, kind, _ := strings.Cut(test.kind, " ")
		_, _ = fmt.Fprintf(&config, "%s %q \"bad_%d\" {\n%s\n}\n", block, kind, i, test.lines)
	}
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", config.String())
	printed, err := w.Apply()
	if err == nil {
		t.Fatalf("the apply succeeds:\n%s", printed)
	}
	told := map[int]string{}
	for _, text := range strings.Split(printed, "Error: ") {
		for i := range tests {
			if strings.Contains(text, fmt.Sprintf(".bad_%d,", i)) {
				told[i] += text
			}
		}
	}
	for i, test := range tests {
		if !acctest.Said(told[i], test.want) {
			t.Errorf("%s with %.80q must say %q; it says:\n%s", test.kind, test.lines, test.want, told[i])
		}
	}
	server.box.MustBeUnasked(t)
}
