package provider_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
	"github.com/machineid/terraform-provider-machineid/internal/campaign"
)

// rotations are how each system is asked for a new credential: the end of the path, and the method.
var rotations = map[string]struct{ method, path string }{
	"zenml":   {http.MethodPut, "/rotate"},
	"dt":      {http.MethodPost, "/keys"},
	"neowit":  {http.MethodPost, "/key"},
	"keycard": {http.MethodPost, "/credentials"},
}

// rotates tells that a request asks for a new credential.
func rotates(r *http.Request, system string) bool {
	return r.Method == rotations[system].method && strings.HasSuffix(r.URL.Path, rotations[system].path)
}

// rotateTwice applies a configuration of testdata/rotating, so that there is a credential and one before it, and asks for the
// next. An hour passes between any two of them, as far as the sandbox knows; the next comes in the hour before now.
func rotateTwice(t *testing.T, w *acctest.Workspace, box *acctest.Box, env map[string]string) (before rotating) {
	t.Helper()
	quarter := func(number string, moment time.Duration) {
		box.MoveClock(t, moment)
		w.Variables(map[string]string{
			"dt_project": env["TF_VAR_dt_project"], "keycard_organization_id": env["TF_VAR_keycard_organization_id"], "quarter": number,
		})
	}
	quarter("1", -3*time.Hour)
	w.MustApply()
	quarter("2", -2*time.Hour)
	w.MustApply()
	quarter("3", -time.Hour)
	return rotatingIn(t, w)
}

// rotating is a rotating credential in the state.
type rotating struct {
	// ids are what the system knows the credentials by, and pairs what logs in with them, the current one first.
	ids   []string
	pairs []campaign.Pair
}

func rotatingIn(t *testing.T, w *acctest.Workspace) rotating {
	t.Helper()
	objects := map[string]campaign.Object{}
	for _, resource := range w.State().Values.RootModule.Resources {
		if resource.Mode == "managed" {
			objects[resource.Name] = campaign.Object{Type: resource.Type, Values: resource.AttributeValues}
		}
	}
	return rotating{ids: objects["leaf"].IDs(), pairs: campaign.Pairs("leaf", objects)}
}

// mustLogIn fails unless somebody without Terraform can log in.
func mustLogIn(t *testing.T, box *acctest.Box, who string, pair campaign.Pair) {
	t.Helper()
	if err := pair.Login(t.Context(), box.Env()); err != nil {
		t.Errorf("%s is refused: %v", who, err)
	}
}

// mustRotate applies what a rotation that was cut short has left to do: the plan shows it, unless the state has the next
// credential already. Then there are a new current credential and at most one before it, both log in, and so does who still uses
// what was current before. It returns the ids of the credentials that the state does not know.
func mustRotate(t *testing.T, w *acctest.Workspace, box *acctest.Box, system string, before rotating) (strays []string) {
	t.Helper()
	box.MoveClock(t, 0)
	mustLogIn(t, box, "who uses the credential of before, now that the rotation was cut short,", before.pairs[0])
	rotated := rotatingIn(t, w).pairs[0].Secret != before.pairs[0].Secret
	if _, printed, changes := w.Plan(); changes == rotated {
		t.Errorf("the state has the next credential: %t, and a plan says:\n%s", rotated, printed)
	}
	w.MustApply()
	w.MustBeQuiet()
	now := rotatingIn(t, w)
	if len(now.pairs) > 2 || slices.ContainsFunc(before.pairs, func(old campaign.Pair) bool { return old.Secret == now.pairs[0].Secret }) {
		t.Errorf("of %d credentials, the current one is not new", len(now.pairs))
	}
	for _, pair := range now.pairs {
		mustLogIn(t, box, "who uses what is in the state", pair)
	}
	mustLogIn(t, box, "who uses the credential of before", before.pairs[0])
	for nouns, objects := range box.AllObjects(t)[system] {
		if nouns == "service_accounts" || nouns == "organizations" {
			continue
		}
		for _, object := range objects {
			if !slices.Contains(now.ids, object.ID) {
				strays = append(strays, object.ID)
			}
		}
	}
	return strays
}
