package architecture_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/machineid/terraform-provider-machineid/internal/architecture"
)

// TestHouse judges the module itself.
func TestHouse(t *testing.T) {
	t.Parallel()
	findings, err := architecture.Check(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	for _, finding := range findings {
		t.Error(finding)
	}
}

const module = "github.com/machineid/terraform-provider-machineid/"

// importing makes a file that imports the given paths; those below internal/ are ours.
func importing(paths ...string) string {
	var source strings.Builder
	source.WriteString("package p\n")
	for _, path := range paths {
		if strings.HasPrefix(path, "internal/") {
			path = module + path
		}
		source.WriteString("import _ \"" + path + "\"\n")
	}
	return source.String()
}

func TestCheck(t *testing.T) {
	t.Parallel()
	const (
		framework = "github.com/hashicorp/terraform-plugin-framework/resource"
		driving   = "github.com/hashicorp/terraform-plugin-testing/helper/resource"
	)
	cases := map[string]struct {
		file    string
		content string
		want    string // part of the one finding; "" for none
	}{
		"main serves the provider":        {"main.go", importing("internal/provider", "internal/serve"), ""},
		"main knows no wing":              {"main.go", importing("internal/service/zenml"), "internal/service/zenml"},
		"main needs no other framework":   {"main.go", importing(framework), framework},
		"provider lists wings":            {"internal/provider/p.go", importing("internal/service", "internal/service/dt", framework), ""},
		"provider reaches no wire":        {"internal/provider/p.go", importing("internal/rest"), "must not import"},
		"provider reaches no client":      {"internal/provider/p.go", importing("internal/service/dt/dtapi"), "must not import"},
		"provider reaches no stage":       {"internal/provider/p.go", importing("internal/service/dt/dttest"), "must not import"},
		"provider tests may be served":    {"internal/provider/p_test.go", importing("internal/acctest", driving), ""},
		"service knows typed errors":      {"internal/service/s.go", importing("internal/rest", framework), ""},
		"service knows no wing":           {"internal/service/s.go", importing("internal/service/zenml"), "must not import"},
		"service tests know no wing":      {"internal/service/s_test.go", importing("internal/service/zenml"), "must not import"},
		"credential knows no wing":        {"internal/credential/c.go", importing("internal/service/zenml"), "must not import"},
		"a wing in its place":             {"internal/service/dt/d.go", importing("internal/service", "internal/credential", "internal/service/dt/dtapi", framework, "context"), ""},
		"a wing is no neighbour":          {"internal/service/dt/d.go", importing("internal/service/zenml"), "must not import"},
		"a wing borrows no client":        {"internal/service/dt/d.go", importing("internal/service/zenml/zenmlapi"), "must not import"},
		"a wing sees no hall":             {"internal/service/dt/d.go", importing("internal/provider"), "must not import"},
		"a wing sees no pipe":             {"internal/service/dt/d.go", importing("internal/rest"), "must not import"},
		"a wing speaks no HTTP":           {"internal/service/dt/d.go", importing("net/http"), "net/http"},
		"a wing may parse an address":     {"internal/service/dt/d.go", importing("net/url"), ""},
		"a wing has no stage":             {"internal/service/dt/d.go", importing("internal/service/dt/dttest"), "must not import"},
		"a wing's tests have a stage":     {"internal/service/dt/d_test.go", importing("internal/service/dt/dttest", "internal/acctest", "net/http", driving), ""},
		"a wing's tests are at home":      {"internal/service/dt/d_test.go", importing("internal/service/dt"), ""},
		"a wing's tests keep apart":       {"internal/service/dt/d_test.go", importing("internal/service/zenml/zenmltest"), "must not import"},
		"a client pipes":                  {"internal/service/dt/dtapi/a.go", importing("internal/rest", "github.com/golang-jwt/jwt/v5", "net/http"), ""},
		"a client knows no Terraform":     {"internal/service/dt/dtapi/a.go", importing(framework), framework},
		"a client knows no contract":      {"internal/service/dt/dtapi/a.go", importing("internal/service"), "must not import"},
		"a client knows no fake":          {"internal/service/dt/dtapi/a.go", importing("internal/service/dt/dttest"), "must not import"},
		"a client's tests may":            {"internal/service/dt/dtapi/a_test.go", importing("internal/service/dt/dttest"), ""},
		"a fake stands on the stage":      {"internal/service/dt/dttest/f.go", importing("internal/sandbox/stage", "net/http"), ""},
		"a fake shares no type":           {"internal/service/dt/dttest/f.go", importing("internal/service/dt/dtapi"), "must not import"},
		"nor do its tests":                {"internal/service/dt/dttest/f_test.go", importing("internal/service/dt/dtapi"), "must not import"},
		"a fake knows no Terraform":       {"internal/service/dt/dttest/f.go", importing(framework), framework},
		"the sandbox has every fake":      {"internal/sandbox/s.go", importing("internal/sandbox/stage", "internal/service/dt/dttest", "internal/service/zenml/zenmltest"), ""},
		"the sandbox has no client":       {"internal/sandbox/s.go", importing("internal/service/dt/dtapi"), "must not import"},
		"the sandbox has no pipe":         {"internal/sandbox/s.go", importing("internal/rest"), "must not import"},
		"the stage knows no fake":         {"internal/sandbox/stage/s.go", importing("internal/service/dt/dttest"), "must not import"},
		"the pipe knows no framework":     {"internal/rest/r.go", importing(framework), framework},
		"the pipe logs":                   {"internal/rest/r.go", importing("github.com/hashicorp/terraform-plugin-log/tflog"), ""},
		"the pipe knows no contract":      {"internal/rest/r.go", importing("internal/service"), "must not import"},
		"a library needs a decision":      {"internal/rest/r.go", importing("example.com/clever/thing"), "example.com/clever/thing"},
		"a name is no prefix":             {"internal/rest/r.go", importing("golang.org/x/timeless"), "golang.org/x/timeless"},
		"acctest serves":                  {"internal/acctest/a.go", importing("internal/provider", "internal/sandbox", driving), ""},
		"acctest knows no wing":           {"internal/acctest/a.go", importing("internal/service/zenml"), "must not import"},
		"the sandbox binary":              {"internal/cmd/sandbox/main.go", importing("internal/sandbox"), ""},
		"the demo is an outsider":         {"internal/cmd/demo/main.go", importing("internal/provider"), "must not import"},
		"an unknown folder":               {"internal/clever/c.go", importing("context"), "no rule for the folder internal/clever"},
		"an unknown folder in a wing":     {"internal/service/dt/clever/c.go", importing("context"), "no rule for the folder"},
		"a drawer":                        {"internal/rest/utils/c.sh", "", `"utils" is a drawer`},
		"a drawer of a file":              {"internal/rest/helpers.go", importing(), `"helpers" is a drawer`},
		"a drawer of a test":              {"internal/rest/common_test.go", importing(), `"common" is a drawer`},
		"a long file":                     {"internal/rest/r.go", importing() + strings.Repeat("//\n", 400), "401 lines"},
		"a file just short enough":        {"internal/rest/r.go", importing() + strings.Repeat("//\n", 399), ""},
		"a long test configuration":       {"internal/service/dt/testdata/key/k.tf", strings.Repeat("#\n", 401), "401 lines"},
		"test data imports what it wants": {"internal/rest/testdata/x.go", importing("example.com/x"), ""},
		"hidden folders are not ours":     {".github/utils/c.go", importing("example.com/x"), ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			findings, err := architecture.Check(fstest.MapFS{c.file: {Data: []byte(c.content)}})
			switch {
			case err != nil:
				t.Fatal(err)
			case c.want == "" && len(findings) > 0:
				t.Errorf("want no finding, got %q", findings)
			case c.want != "" && (len(findings) != 1 || !strings.Contains(findings[0], c.want)):
				t.Errorf("want one finding about %q, got %q", c.want, findings)
			}
		})
	}
}

func TestCheckLeavesOtherModulesTheirImports(t *testing.T) {
	t.Parallel()
	findings, err := architecture.Check(fstest.MapFS{
		"internal/tools/go.mod":     {Data: []byte("module tools\n")},
		"internal/tools/x/main.go":  {Data: []byte(importing("example.com/x"))},
		"internal/tools/x/utils.go": {Data: []byte(importing())},
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(findings) != 1 || !strings.Contains(findings[0], "drawer") {
		t.Errorf("want only the drawer found, got %q", findings)
	}
}

func TestCheckTellsWhatItCannotRead(t *testing.T) {
	t.Parallel()
	_, err := architecture.Check(fstest.MapFS{"main.go": {Data: []byte("no Go at all")}})
	if err == nil || !strings.Contains(err.Error(), "main.go") {
		t.Errorf("want an error that names the file, got %v", err)
	}
}
