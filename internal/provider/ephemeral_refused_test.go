//go:build unix

package provider_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// What is in the way of a creation is told: a full account, a name that is taken.
func TestEphemeralCredentialsThatThereIsNoRoomFor(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		more  string
		count int
		want  []string
	}{
		"dt":      {"", 10, []string{"A service account may have at most 10 keys, and this one has 10", "made at", "Delete one that is not used any more"}},
		"zenml":   {"name = \"ephemeral\"", 1, []string{"status 409", "One of this name exists already,", "made at", "what a killed one has left: then delete it"}},
		"keycard": {"name = \"ephemeral\"", 1, []string{"status 409", "Something is in the way", "machineid_keycard_service_account_credentials lists what is there"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box := acctest.Sandbox(t)
			box.Set(t, "keycard", map[string]string{"unique_names": "on"})
			run := ephemeralRunOf(t, name, box, box.Env())
			parent, _, _ := strings.Cut(run.system.arguments, "\n")
			run.Write("full.tf", fmt.Sprintf("resource %q \"full\" {\n count = %d\n %s\n %s\n}\n", run.system.kind, test.count, parent, test.more))
			run.MustApply()
			run.open("no room")
			run.ApplyMustFail(append([]string{"Cannot open ephemeral"}, test.want...)...)
			if made := run.made(); len(made) != test.count {
				t.Errorf("there are %v, want %d", made, test.count)
			}
			run.Write("full.tf", "")
			run.end()
		})
	}
}

// A system that names the provider's own credential as the one that it has made does not get it revoked.
func TestEphemeralCredentialsNamedAsTheProvidersOwn(t *testing.T) {
	t.Parallel()
	for name, system := range ephemeralSystems {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box := acctest.Sandbox(t)
			named, settings := ownNameOf(t, box, name)
			env := box.Between(t, acctest.Between{Rewrite: func(r *http.Request, answer string) string {
				if !acctest.IsCreation(r, system.path) {
					return answer
				}
				for member, value := range named {
					answer = regexp.MustCompile(`"`+member+`":"[^"]*"`).ReplaceAllString(answer, `"`+member+`":"`+value+`"`)
				}
				return answer
			}})
			if settings != nil {
				env = acctest.Without(env, "ZENML_USERNAME", "ZENML_PASSWORD")
				maps.Copy(env, settings)
			}
			run := ephemeralRunOf(t, name, box, env)
			run.open("own")
			run.ApplyMustFail("Refused to revoke the provider's own", "Nothing was revoked", "the data source machineid_")
			if revoked := box.Count(t, func(request acctest.RequestCount) bool { return request.Method == http.MethodDelete }); revoked > 0 {
				t.Errorf("%d were revoked", revoked)
			}
		})
	}
}

// ownNameOf are the members of an answer that name a credential, with the values of the one that the provider logs in with,
// and the settings by which it does if they are not the sandbox's own.
func ownNameOf(t *testing.T, box *acctest.Box, system string) (members, settings map[string]string) {
	t.Helper()
	env := box.Env()
	switch system {
	case "dt":
		account, _, _ := strings.Cut(env["DT_SERVICE_ACCOUNT_EMAIL"], "@")
		id := env["DT_SERVICE_ACCOUNT_KEY_ID"]
		return map[string]string{"id": id, "name": env["TF_VAR_dt_project"] + "/serviceaccounts/" + account + "/keys/" + id}, nil
	case "neowit":
		return map[string]string{"keyId": env["NEOWIT_KEY_ID"]}, nil
	case "keycard":
		return map[string]string{"client_id": env["KEYCARD_CLIENT_ID"]}, nil
	}
	box.Set(t, "zenml", map[string]string{"admin_only": "false"})
	w := acctest.NewWorkspace(t, env)
	w.Write("main.tf", strings.Replace(tokenSystems["zenml"].credential, `"ephemeral"`, `"own"`, 1))
	w.MustApply()
	id, _ := w.Value("machineid_zenml_api_key.test", "id").(string)
	key, _ := w.Value("machineid_zenml_api_key.test", "key").(string)
	return map[string]string{"id": id}, map[string]string{"ZENML_API_KEY": key}
}

// An interrupt while the credential is being made does not leave it behind, if its answer comes in time. If none comes, what
// may have been made is listed.
func TestEphemeralCredentialsInterruptedWhileTheyAreMade(t *testing.T) {
	t.Parallel()
	for name, how := range map[string]held{"answered late": answeredLate, "never answered": neverAnswered} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box := acctest.Sandbox(t)
			env, active, underWay := holding(t, box, "/keys", how)
			run := ephemeralRunOf(t, "dt", box, env)
			active.Store(true)
			ctx, interrupt := context.WithCancel(context.Background())
			defer interrupt()
			interrupted := make(chan time.Time, 1)
			go func() {
				<-underWay
				interrupted <- time.Now()
				interrupt()
			}()
			run.open("interrupted")
			printed, err := run.ApplyUntil(ctx)
			if took := since(t, interrupted); took > 10*time.Second || err == nil {
				t.Errorf("the apply ended %s after the interrupt, with %v:\n%s", took, err, printed)
			}
			left := run.made()
			switch {
			case how == answeredLate && len(left) > 0:
				t.Errorf("after the interrupt there are %v:\n%s", left, printed)
			case how == neverAnswered && (len(left) != 1 || !acctest.Said(printed, "these were made between", left[0].ID, "ago")):
				t.Errorf("of %v, told was:\n%s", left, printed)
			}
			active.Store(false)
			run.end()
		})
	}
}

// A create_when that is known only at apply has nothing made before, and settings that the plan does not know are not needed
// as long as nothing is made.
func TestEphemeralCredentialsOfWhatIsKnownAtApply(t *testing.T) {
	t.Parallel()
	for name, when := range map[string]string{"create_when": "terraform_data.later.output == \"yes\"", "settings": "terraform.applying"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box := acctest.Sandbox(t)
			env := box.Env()
			system := ephemeralSystems["dt"]
			maker := acctest.NewWorkspace(t, env)
			maker.Variables(map[string]string{"dt_project": env["TF_VAR_dt_project"]})
			maker.Write("main.tf", "variable \"dt_project\" {}\n"+system.account)
			maker.MustApply()
			account := fmt.Sprintf("%q", maker.Value("machineid_dt_service_account.test", "name"))
			w := acctest.NewInstalledWorkspace(t, acctest.Without(env, "DT_SERVICE_ACCOUNT_SECRET"))
			w.Variables(map[string]string{"secret": env["DT_SERVICE_ACCOUNT_SECRET"]})
			secret := "var.secret"
			if name == "settings" {
				secret = "terraform_data.later.output == \"yes\" ? var.secret : \"\""
			}
			made := false
			consumer := acctest.Consumer(t, func(handed map[string]string) bool {
				made = handed["DT_SERVICE_ACCOUNT_SECRET"] != "" && len(box.Objects(t, "dt", "service_account_keys")) == 1
				return made
			})
			w.Write("main.tf", `
				variable "secret" {
					sensitive = true
				}
				resource "terraform_data" "later" {
					input = "yes"
				}
				provider "machineid" {
					dt = {
						secret = `+secret+`
					}
				}
				`+strings.NewReplacer("terraform.applying", when, "machineid_dt_service_account.test.name", account).Replace(system.block())+
				consumer("first", "{ DT_SERVICE_ACCOUNT_SECRET = ephemeral.machineid_dt_service_account_key.test.secret }"))
			w.Plan()
			if keys := box.Objects(t, "dt", "service_account_keys"); len(keys) > 0 {
				t.Errorf("the plan has made %v", keys)
			}
			w.MustApply()
			if keys := box.Objects(t, "dt", "service_account_keys"); !made || len(keys) > 0 {
				t.Errorf("made: %t, left: %v", made, keys)
			}
			w.MustDestroy()
		})
	}
}
