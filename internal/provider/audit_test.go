package provider_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
	"github.com/machineid/terraform-provider-machineid/internal/campaign"
)

const auditing = "../../examples/guides/find-what-exists"

// auditor runs the commands of the pipeline that the guide shows.
type auditor struct {
	t       *testing.T
	scripts *acctest.Scripts
	steps   []string
}

// run returns what was printed, and whether the pipeline succeeds.
func (a auditor) run() (printed string, succeeds bool) {
	a.t.Helper()
	for _, step := range a.steps {
		output, err := a.scripts.Run(step)
		printed += output
		if _, left := os.Stat(filepath.Join(a.scripts.Folder, "audit.tfplan")); left == nil {
			a.t.Error("the pipeline leaves its plan, which holds secrets")
		}
		if err != nil {
			return printed, false
		}
	}
	return printed, true
}

// mustFail fails the test unless the pipeline fails with these words.
func (a auditor) mustFail(phrases ...string) {
	a.t.Helper()
	if printed, succeeds := a.run(); succeeds || !acctest.Said(printed, phrases...) {
		a.t.Errorf("the pipeline must fail and say %q:\n%s", phrases, printed)
	}
}

// mustFind fails the test unless the pipeline fails and a plan of everybody else's warns, both with these words.
func (a auditor) mustFind(phrases ...string) {
	a.t.Helper()
	a.mustFail(phrases...)
	printed, err := a.scripts.Run("terraform plan -no-color -input=false -detailed-exitcode")
	if err != nil || !acctest.Said(printed, append([]string{"Check block assertion failed"}, phrases...)...) {
		a.t.Errorf("a plan must warn and say %q (%v):\n%s", phrases, err, printed)
	}
}

// newAuditor returns a folder with the configuration that the guide shows, initialized by the pipeline's own first command only.
func newAuditor(t *testing.T, box *acctest.Box) auditor {
	t.Helper()
	audit := auditor{t: t, scripts: acctest.NewScripts(t, box.Env())}
	audit.scripts.Write("main.tf", read(t, filepath.Join(auditing, "main.tf")))
	var file pipeline
	if err := yaml.Unmarshal([]byte(read(t, filepath.Join(auditing, "audit.yml"))), &file); err != nil {
		t.Fatal(err)
	}
	for _, step := range file.Jobs["audit"].Steps {
		if step.Run != "" {
			audit.steps = append(audit.steps, step.Run)
		}
	}
	if len(audit.steps) != 2 {
		t.Fatalf("the pipeline has the commands %q", audit.steps)
	}
	return audit
}

// TestTheAuditPipeline runs the file that the guide shows, with and without something to find.
func TestTheAuditPipeline(t *testing.T) {
	t.Parallel()
	box := acctest.Sandbox(t)
	audit := newAuditor(t, box)
	scripts := audit.scripts
	if printed, err := scripts.Run("terraform init -input=false && terraform apply -no-color -input=false -auto-approve"); err != nil {
		t.Fatal(printed)
	}
	if printed, succeeds := audit.run(); !succeeds || strings.Contains(printed, "Warning") {
		t.Errorf("there is nothing to find, and the pipeline succeeds: %t\n%s", succeeds, printed)
	}

	// Somebody makes a credential by hand.
	account := box.Objects(t, "keycard", "service_accounts")[0]
	somebody := campaign.NewEngine(box.Env(), time.Now)
	byHand := campaign.Block{Type: "machineid_keycard_service_account_credential", Label: "laptop", Arguments: map[string]any{
		"service_account_id": account.ID, "name": "laptop",
	}}
	if err := somebody.Apply(t.Context(), []campaign.Block{byHand}, nil); err != nil {
		t.Fatal(err)
	}
	audit.mustFind("laptop (", "0 days old")

	// It is found as well while the managed credential is to be changed, or replaced.
	configuration := read(t, filepath.Join(auditing, "main.tf"))
	scripts.Write("main.tf", strings.Replace(configuration, `= "pipeline"`, "= \"pipeline\"\n  description = \"new\"", 1))
	audit.mustFail("laptop (", "0 days old", "check.no_unmanaged_credentials: fail")
	scripts.Write("main.tf", configuration)
	if printed, err := scripts.Run("terraform taint machineid_keycard_service_account_credential.zones"); err != nil {
		t.Fatal(printed)
	}
	audit.mustFail("laptop (", "0 days old", "check.no_unmanaged_credentials: fail")
	if printed, err := scripts.Run("terraform untaint machineid_keycard_service_account_credential.zones"); err != nil {
		t.Fatal(printed)
	}

	// Without the state nothing is known, which is not that all is well.
	elsewhere := newAuditor(t, box)
	elsewhere.mustFail("check.no_unmanaged_accounts: unknown", "Not every check has passed", "is the state there?")
	elsewhere.scripts.Write("main.tf", "locals {}")
	elsewhere.mustFail("Not every check has passed")
	if err := somebody.Apply(t.Context(), nil, nil); err != nil {
		t.Fatal(err)
	}
	if printed, succeeds := audit.run(); !succeeds {
		t.Errorf("what was found is gone, and the pipeline fails:\n%s", printed)
	}

	// Somebody makes an account by hand.
	byHand = campaign.Block{Type: "machineid_keycard_service_account", Label: "forgotten", Arguments: map[string]any{"name": "forgotten"}}
	if err := somebody.Apply(t.Context(), []campaign.Block{byHand}, nil); err != nil {
		t.Fatal(err)
	}
	audit.mustFind("Accounts not made by this configuration: forgotten (", "0 days old")
	if err := somebody.Apply(t.Context(), nil, nil); err != nil {
		t.Fatal(err)
	}

	// Nobody uses the one that there is.
	box.MoveClock(t, 91*24*time.Hour)
	audit.mustFind("pipeline (", "unused for 91 days")
	if printed, err := scripts.Run("terraform destroy -auto-approve -input=false"); err != nil {
		t.Error(printed)
	}
}
