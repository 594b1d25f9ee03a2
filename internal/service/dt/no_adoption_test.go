package dt_test

import (
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// Nothing of DT is adopted: who is a member already stays one with the role that it has, and is to be imported.
func TestAMemberIsNotAdopted(t *testing.T) {
	t.Parallel()
	server := target(t)
	_, email := server.hand.createAccount(t, server.project, "member")
	member := server.hand.createMember(t, server.otherProject, email, "roles/project.user")
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", "provider \"machineid\" {\n adopt_existing = true\n}\n"+memberIn(server.otherProject, email, "roles/project.developer"))
	printed := w.ApplyMustFail("Cannot create DT project member", "status 409", "is a member already, with the role roles/project.user")
	if found := importCommand.FindStringSubmatch(printed); found == nil || found[1] != member {
		t.Errorf("the error does not tell how to import %s: %q", member, found)
	}
	if name := w.Value(projectMemberAddress, "name"); name != nil {
		t.Errorf("%v is in the state", name)
	}
}
