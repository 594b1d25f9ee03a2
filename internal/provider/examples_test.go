package provider_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

const (
	// examples is what the documentation shows, and what users copy.
	examples = "../../examples"
	// companions holds, for some examples, a folder of the example's path without extension:
	//
	//	setup.tf           what the example assumes to be there; its output "ids" maps ids in the example to real ones
	//	beside.tf          what stands in the same configuration as the example
	//	variables.tfvars   values for the example's variables, with $NAME for the sandbox's variables and $FOLDER
	//	environment.txt    of a provider example with variables.tfvars: the sandbox's variables that it is given all the same
	//
	// The three ways to import a resource share the folder "import".
	companions = "testdata/examples"
)

// kinds are the files that the documentation takes up.
var kinds = map[string]*regexp.Regexp{
	"provider":   regexp.MustCompile(`^provider/provider\w*\.tf$`),
	"resource":   regexp.MustCompile(`^resources/\w+/resource\w*\.tf$`),
	"command":    regexp.MustCompile(`^resources/\w+/import\.sh$`),
	"import":     regexp.MustCompile(`^resources/\w+/import-by-(string-id|identity)\.tf$`),
	"dataSource": regexp.MustCompile(`^data-sources/\w+/data-source\w*\.tf$`),
	"ephemeral":  regexp.MustCompile(`^ephemeral-resources/\w+/ephemeral-resource\w*\.tf$`),
	"query":      regexp.MustCompile(`^list-resources/\w+/list-resource\w*\.tfquery\.hcl$`),
	"guide":      regexp.MustCompile(`^guides/[\w-]+/main\.tf$`),
	"pipeline":   regexp.MustCompile(`^guides/[\w-]+/\w+\.yml$`),
}

// TestExamples applies each file below examples/ to a sandbox of its own, sees that a second plan is empty, and
// destroys it.
func TestExamples(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	for _, name := range filesBelow(t, examples) {
		if kindOf(name) == "" {
			t.Errorf("examples/%s is nothing that the documentation takes up, so nobody would see it", name)
			continue
		}
		used[companion(name)] = true
		if kindOf(name) == "pipeline" {
			continue // run by a test of its own
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			runExample(t, name)
		})
	}
	for _, name := range filesBelow(t, companions) {
		if !used[path.Dir(name)] {
			t.Errorf("%s/%s belongs to no example", companions, name)
		}
	}
}

// TestEveryTypeHasExamples compares the provider's types with the folders below examples/.
func TestEveryTypeHasExamples(t *testing.T) {
	t.Parallel()
	wanted := map[string]bool{"provider/provider.tf": true}
	resources, dataSources := types(t)
	for _, name := range resources {
		for _, file := range []string{"resource.tf", "import.sh", "import-by-string-id.tf", "import-by-identity.tf"} {
			wanted["resources/"+name+"/"+file] = true
		}
	}
	for _, name := range dataSources {
		wanted["data-sources/"+name+"/data-source.tf"] = true
	}
	for _, name := range ephemerals(t) {
		wanted["ephemeral-resources/"+name+"/ephemeral-resource.tf"] = true
	}
	for _, name := range listed(t) {
		wanted["list-resources/"+name+"/list-resource.tfquery.hcl"] = true
	}
	folders := map[string]bool{}
	for name := range wanted {
		folders[path.Dir(name)] = true
		if _, err := os.Stat(filepath.Join(examples, name)); err != nil {
			t.Errorf("the example is missing: %v", err)
		}
	}
	for _, name := range filesBelow(t, examples) {
		if !folders[path.Dir(name)] && !strings.HasPrefix(name, "guides/") {
			t.Errorf("examples/%s is for a type that the provider does not have", name)
		}
	}
}

var (
	outputBlock = regexp.MustCompile(`(?ms)^output "\w+" \{$.*?^\}$`)
	comparison  = regexp.MustCompile(`(coalesce\()?[\w.]+_days(, 0\))? [<>]=? \d+`)
	moving      = regexp.MustCompile(`age_days|unused_days|last_login|last_used_at`)
)

// TestNoOutputOfAnExampleMovesByItself fails if an output shows an age or a use: it would change each plan, day by day, without
// anybody having changed anything. To compare one with a limit is fine.
func TestNoOutputOfAnExampleMovesByItself(t *testing.T) {
	t.Parallel()
	for _, name := range filesBelow(t, examples) {
		for _, block := range outputBlock.FindAllString(read(t, filepath.Join(examples, name)), -1) {
			if found := moving.FindString(comparison.ReplaceAllString(block, "")); found != "" {
				t.Errorf("examples/%s has an output that moves with %s:\n%s", name, found, block)
			}
		}
	}
}

func runExample(t *testing.T, name string) {
	box := acctest.Sandbox(t)
	content, kind := read(t, filepath.Join(examples, name)), kindOf(name)
	setup, beside := read(t, beyond(name, "setup.tf")), read(t, beyond(name, "beside.tf"))
	variables := read(t, beyond(name, "variables.tfvars"))

	env := box.Env()
	if kind == "provider" && variables != "" {
		// Such an example must set everything that is needed, except for what leads to the sandbox.
		env = only(t, env, strings.Fields(read(t, beyond(name, "environment.txt"))))
	}
	if kind == "query" {
		acctest.RequireQuery(t)
	}
	if strings.HasSuffix(name, "import-by-identity.tf") {
		acctest.RequireCLI(t, tfversion.Version1_12_0, "an import block with an identity")
	}
	// Installed, because an example may have several provider blocks.
	work := acctest.NewInstalledWorkspace(t, env)

	var prepared *acctest.Workspace
	seeds := seededIDs(t, box)
	replace := strings.NewReplacer(seeds...)
	if setup != "" {
		// Long ago, so that examples which look for what is old find something.
		box.Set(t, "clock", map[string]string{"offset": "-2400h"})
		prepared = acctest.NewWorkspace(t, box.Env())
		prepared.Write("main.tf", replace.Replace(setup))
		prepared.MustApply()
		box.Set(t, "clock", map[string]string{"offset": "0s"})
		replace = strings.NewReplacer(append(seeds, realIDs(prepared)...)...)
	}

	if kind != "command" && kind != "query" {
		work.Write("main.tf", replace.Replace(content))
	}
	work.Write("beside.tf", replace.Replace(beside))
	work.Write("example.auto.tfvars", expand(t, box, variables))
	box.ForgetRequests(t)

	var printed string
	switch kind {
	case "command":
		address, id := importCommand(t, replace.Replace(content))
		var err error
		if printed, err = work.Import(address, id); err != nil {
			t.Fatalf("%v\n%s", err, printed)
		}
		// What only the configuration knows comes into the state.
		work.MustApply()
	case "query":
		printed = work.MustQuery(replace.Replace(content))
		checkFound(t, content, printed)
	default:
		printed = work.MustApply()
	}
	if len(box.Requests(t)) == 0 {
		t.Fatal("the example never spoke to the sandbox")
	}
	if values := work.State().Values; values != nil {
		checkOutputs(t, values)
		checkSecrets(t, values, printed)
	}
	work.MustBeQuiet()
	work.MustDestroy()
	if prepared != nil {
		prepared.MustDestroy()
	}
	checkNothingLeft(t, box)
}

var listBlock = regexp.MustCompile(`(?m)^list "(\w+)" "(\w+)"`)

// checkFound fails if a list block of the example finds nothing.
func checkFound(t *testing.T, content, printed string) {
	t.Helper()
	for _, block := range listBlock.FindAllStringSubmatch(content, -1) {
		if !strings.Contains(printed, "list."+block[1]+"."+block[2]+" ") {
			t.Errorf("the query finds no %s %q:\n%s", block[1], block[2], printed)
		}
	}
}

// checkOutputs fails if an output of the example is empty: then it shows nothing, or does not find what it looks for.
func checkOutputs(t *testing.T, values *tfjson.StateValues) {
	t.Helper()
	for name, output := range values.Outputs {
		if text := fmt.Sprint(output.Value); output.Value == nil || text == "" || text == "[]" || text == "map[]" {
			t.Errorf("the output %q is empty", name)
		}
	}
}

// checkSecrets fails if the CLI printed the value of a sensitive attribute.
func checkSecrets(t *testing.T, values *tfjson.StateValues, printed string) {
	t.Helper()
	if values.RootModule == nil {
		return
	}
	for _, resource := range values.RootModule.Resources {
		var sensitive map[string]any
		if err := json.Unmarshal(resource.SensitiveValues, &sensitive); err != nil {
			t.Fatal(err)
		}
		checkNotShown(t, resource.Address, sensitive, resource.AttributeValues, printed)
	}
}

func checkNotShown(t *testing.T, address string, sensitive, values map[string]any, printed string) {
	t.Helper()
	for attribute, marked := range sensitive {
		switch value := values[attribute].(type) {
		case string:
			if marked == true && value != "" && strings.Contains(printed, value) {
				t.Errorf("the output shows %s.%s", address, attribute)
			}
		case map[string]any:
			if within, ok := marked.(map[string]any); ok {
				checkNotShown(t, address+"."+attribute, within, value, printed)
			}
		}
	}
}

func checkNothingLeft(t *testing.T, box *acctest.Box) {
	t.Helper()
	for system, byNoun := range box.AllObjects(t) {
		for noun, objects := range byNoun {
			for _, object := range objects {
				t.Errorf("%s %s %q is left in the sandbox", system, noun, object.Name)
			}
		}
	}
}
