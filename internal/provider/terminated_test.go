//go:build unix

package provider_test

import (
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// TestTerminatedWhileCreating ends the CLI and the provider with one signal, as timeout and the runners of pipelines do, while
// the request for a key is under way. The CLI ends in order, and so must the provider: the key and its secret reach the state.
func TestTerminatedWhileCreating(t *testing.T) {
	t.Parallel()
	box := acctest.Sandbox(t)
	env, active, underWay := holding(t, box, "/keys", answeredLate)
	w := acctest.NewInstalledWorkspace(t, env)
	w.Variables(map[string]string{"project": env["TF_VAR_dt_project"]})
	w.Write("main.tf", `
		variable "project" {}
		resource "machineid_dt_service_account" "test" {
			project = var.project
		}
		resource "machineid_dt_service_account_key" "test" {
			service_account = machineid_dt_service_account.test.name
		}`)
	active.Store(true)
	terminate := make(chan struct{})
	go func() {
		<-underWay
		close(terminate)
	}()
	printed, err := w.ApplySignalled(env, syscall.SIGTERM, terminate)
	id, _ := w.Value("machineid_dt_service_account_key.test", "id").(string)
	secret, _ := w.Value("machineid_dt_service_account_key.test", "secret").(string)
	keys := box.Objects(t, "dt", "service_account_keys")
	if len(keys) != 1 || keys[0].ID != id || secret == "" {
		t.Errorf("the state has the key %q, with its secret: %t; the sandbox has %v; the apply ended with %v:\n%s", id, secret != "", keys, err, printed)
	}
	active.Store(false)
	w.MustApply()
	w.MustBeQuiet()
	w.MustDestroy()
}

// TestTerminatedWhileInUse does the same while an ephemeral credential is in use: it is revoked.
func TestTerminatedWhileInUse(t *testing.T) {
	t.Parallel()
	for name := range ephemeralSystems {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box := acctest.Sandbox(t)
			run := ephemeralRunOf(t, name, box, box.Env())
			terminate, once := make(chan struct{}), sync.Once{}
			run.using(func(map[string]string) bool {
				once.Do(func() { close(terminate) })
				<-time.After(time.Second)
				return true
			})
			run.open("terminated")
			printed, err := run.ApplySignalled(box.Env(), syscall.SIGTERM, terminate)
			if left := run.made(); len(left) > 0 || run.handed.Load() == nil {
				t.Errorf("after the signal there are %v; the apply ended with %v:\n%s", left, err, printed)
			}
			run.end()
		})
	}
}
