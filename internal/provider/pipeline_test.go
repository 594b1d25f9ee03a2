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

const nightly = "../../examples/guides/nightly-drift-pipeline"

// pipeline is the part of the file that a test can run: the steps with commands.
type pipeline struct {
	Jobs map[string]struct {
		Steps []struct {
			Name, Run, If string
		}
	}
}

// night runs the commands of the pipeline, as its runner does: after a failure only those that always run.
func night(t *testing.T, scripts *acctest.Scripts) (printed string, failed string) {
	t.Helper()
	var file pipeline
	if err := yaml.Unmarshal([]byte(read(t, filepath.Join(nightly, "nightly.yml"))), &file); err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	ran := 0
	for _, step := range file.Jobs["drift"].Steps {
		if step.Run == "" || failed != "" && step.If != "always()" {
			continue
		}
		ran++
		output, err := scripts.Run(step.Run)
		text.WriteString(output)
		if err != nil && failed == "" {
			failed = step.Name
		}
	}
	if ran < 2 {
		t.Fatalf("the pipeline ran %d commands", ran)
	}
	for _, left := range []string{"nightly.tfplan", "plan.txt", "changes"} {
		if _, err := os.Stat(filepath.Join(scripts.Folder, left)); err == nil {
			t.Errorf("the pipeline leaves %s", left)
		}
	}
	return text.String(), failed
}

// TestTheNightlyPipeline runs the file that the guide shows.
func TestTheNightlyPipeline(t *testing.T) {
	t.Parallel()
	box := acctest.Sandbox(t)
	seeds := seededIDs(t, box)
	configuration := strings.NewReplacer(seeds...).Replace(read(t, filepath.Join(nightly, "main.tf")))
	scripts := acctest.NewScripts(t, box.Env())
	scripts.Write("main.tf", configuration)
	summary := func() string {
		content, err := os.ReadFile(filepath.Join(scripts.Folder, "summary.md"))
		if err != nil {
			t.Fatal(err)
		}
		scripts.Write("summary.md", "")
		return string(content)
	}

	// What is new is made, by a clock of fifty days ago; the next night has nothing to do.
	box.MoveClock(t, -50*24*time.Hour)
	if printed, failed := night(t, scripts); failed != "" || len(box.Objects(t, "dt", "service_account_keys")) != 1 || !strings.Contains(summary(), "to be changed") {
		t.Fatalf("the first night: %s fails:\n%s", failed, printed)
	}
	box.MoveClock(t, 0)
	if printed, failed := night(t, scripts); failed != "" || !strings.Contains(summary(), "nothing to do") {
		t.Errorf("a quiet night: %s fails:\n%s", failed, printed)
	}

	// Somebody renames the account, and the night puts that right.
	accounts := box.Objects(t, "dt", "service_accounts")
	account := campaign.Block{Type: "machineid_dt_service_account", Label: "account", Arguments: map[string]any{
		"project": box.Env()["TF_VAR_dt_project"], "display_name": "by hand",
	}}
	somebody := campaign.NewEngine(box.Env(), time.Now)
	id := box.Env()["TF_VAR_dt_project"] + "/serviceaccounts/" + accounts[0].ID
	if err := somebody.Apply(t.Context(), []campaign.Block{account}, map[string]string{"account": id}); err != nil {
		t.Fatal(err)
	}
	if printed, failed := night(t, scripts); failed != "" || !strings.Contains(summary(), "1 to change") {
		t.Errorf("a night after a change by hand: %s fails:\n%s", failed, printed)
	}
	if renamed := box.Objects(t, "dt", "service_accounts")[0]; renamed.Name != "climate exporter" {
		t.Errorf("the account is still called %q", renamed.Name)
	}

	// The end of an account waits for a person.
	scripts.Write("main.tf", strings.ReplaceAll(configuration, box.Env()["TF_VAR_dt_project"], box.Env()["TF_VAR_dt_other_project"]))
	if printed, failed := night(t, scripts); failed != "Apply" || !strings.Contains(printed, "apply by hand") {
		t.Errorf("an account would be replaced, and %q fails:\n%s", failed, printed)
	}
	if now := box.Objects(t, "dt", "service_accounts"); len(now) != 1 || now[0].ID != accounts[0].ID {
		t.Errorf("there are the accounts %v", now)
	}

	scripts.Write("main.tf", configuration)
	if _, err := scripts.Run("terraform taint machineid_dt_service_account.exporter"); err != nil {
		t.Fatal(err)
	}
	if printed, failed := night(t, scripts); failed != "Apply" || !strings.Contains(printed, "apply by hand") {
		t.Errorf("a tainted account would be replaced, and %q fails:\n%s", failed, printed)
	}
	if _, err := scripts.Run("terraform untaint machineid_dt_service_account.exporter"); err != nil {
		t.Fatal(err)
	}

	// A key that is due is rotated without anybody; the end of both keys waits for a person.
	due := strings.Replace(configuration, `rotate_after    = "90d"`, `rotate_after    = "40d"`, 1)
	scripts.Write("main.tf", due)
	if printed, failed := night(t, scripts); failed != "" || !strings.Contains(summary(), "is due for rotation") || len(box.Objects(t, "dt", "service_account_keys")) != 2 {
		t.Errorf("a night on which a key is due: %s fails, and there are %d keys:\n%s", failed, len(box.Objects(t, "dt", "service_account_keys")), printed)
	}
	if _, err := scripts.Run("terraform taint machineid_dt_service_account_rotating_key.exporter"); err != nil {
		t.Fatal(err)
	}
	if printed, failed := night(t, scripts); failed != "Apply" || !strings.Contains(printed, "both of its keys") {
		t.Errorf("both keys would end, and %q fails:\n%s", failed, printed)
	}
	if _, err := scripts.Run("terraform untaint machineid_dt_service_account_rotating_key.exporter"); err != nil {
		t.Fatal(err)
	}

	// What was found where a creation was lost waits for a person, too.
	scripts.Write("main.tf", strings.Replace(due, `overlap         = "7d"`, "overlap         = \"7d\"\n  rotate_when_changed = { leak = \"1\" }", 1))
	if printed, failed := night(t, scripts); failed != "" {
		t.Errorf("a reason comes, and %q fails:\n%s", failed, printed)
	}
	box.Fault(t, map[string]any{"system": "dt", "method": "POST", "path": "/v2/projects/*/serviceaccounts/*/keys", "kind": "cut_after", "times": 1})
	scripts.Write("main.tf", strings.Replace(due, `overlap         = "7d"`, "overlap         = \"7d\"\n  rotate_when_changed = { leak = \"2\" }", 1))
	if printed, failed := night(t, scripts); failed != "Apply" || !strings.Contains(printed, "was made just then") {
		t.Errorf("an answer is lost, and %q fails:\n%s", failed, printed)
	}
	if printed, failed := night(t, scripts); failed != "Apply" || !strings.Contains(printed, "It may be somebody else's") {
		t.Errorf("something was found, and %q fails:\n%s", failed, printed)
	}

	// A system that does not answer fails the night.
	scripts.Write("main.tf", configuration)
	box.Fault(t, map[string]any{"system": "dt", "kind": "status", "status": 403, "times": 1000})
	if printed, failed := night(t, scripts); failed != "Plan" {
		t.Errorf("the system refuses everything, and %q fails:\n%s", failed, printed)
	}
	box.Mend(t)
	if _, err := scripts.Run("terraform destroy -auto-approve -input=false"); err != nil {
		t.Error(err)
	}
}
