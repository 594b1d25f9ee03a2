package provider_test

import (
	"maps"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// TestStatesOfOtherVersions holds what the guide "Upgrade" says: a state is read that an older version has written, which
// did not know the attributes that are not set, and one of a newer version, which knows more.
func TestStatesOfOtherVersions(t *testing.T) {
	t.Parallel()
	box := acctest.Sandbox(t)
	env := box.Env()
	w := acctest.NewWorkspace(t, env)
	w.Copy("internal/provider/testdata/upgrade/main.tf")
	w.Variables(map[string]string{
		"dt_project": env["TF_VAR_dt_project"], "dt_organization": env["TF_VAR_dt_organization"], "keycard_organization_id": env["TF_VAR_keycard_organization_id"],
	})
	w.MustApply()
	objects := 0
	for _, change := range []func(map[string]any){
		func(attributes map[string]any) {
			objects++
			maps.DeleteFunc(attributes, func(_ string, value any) bool { return value == nil })
		},
		func(attributes map[string]any) {
			objects++
			attributes["of_a_newer_version"] = map[string]any{"level": 1}
			if current, has := attributes["current"].(map[string]any); has {
				current["of_a_newer_version"] = "x"
			}
		},
	} {
		w.ChangeState(change)
		w.MustBeQuiet()
	}
	resources, _ := types(t)
	if want := 2 * len(resources); objects != want {
		t.Errorf("%d objects were changed, want %d: there is a type without one", objects, want)
	}
	w.MustDestroy()
}
