package provider_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

var (
	firstMinutes = regexp.MustCompile(`(?s)\n## The first ten minutes\n(.*?)\n## `)
	commands     = regexp.MustCompile("(?s)```sh\n(.*?)```")
)

// TestTheFirstTenMinutes runs what the guide of each system has a newcomer do, all but the settings, which the sandbox has.
func TestTheFirstTenMinutes(t *testing.T) {
	t.Parallel()
	for _, system := range []string{"zenml", "dt", "neowit", "keycard"} {
		t.Run(system, func(t *testing.T) {
			t.Parallel()
			section := firstMinutes.FindString(read(t, "../../templates/guides/"+system+".md.tmpl"))
			blocks := commands.FindAllStringSubmatch(section, -1)
			if len(blocks) != 3 || !strings.HasPrefix(blocks[0][1], "export ") {
				t.Fatalf("the section has the commands %q", blocks)
			}
			box := acctest.Sandbox(t)
			env := box.Env()
			for _, setting := range regexp.MustCompile(`[A-Z_]+=|read -rs \w+`).FindAllString(blocks[0][1], -1) {
				if name := strings.TrimPrefix(strings.TrimSuffix(setting, "="), "read -rs "); env[name] == "" {
					t.Errorf("the guide sets %s, of which the sandbox knows nothing", name)
				}
			}
			scripts := acctest.NewScripts(t, env)
			scripts.Write("main.tf", strings.NewReplacer(seededIDs(t, box)...).Replace(read(t, filepath.Join(examples, "guides", system, "main.tf"))))
			for _, block := range blocks[1:] {
				if printed, err := scripts.Run(block[1]); err != nil {
					t.Fatalf("%s\n%v\n%s", block[1], err, printed)
				}
			}
			// The plan as the new account must fail for one whose secret is wrong.
			wrong := regexp.MustCompile(`"\$\(terraform output -raw (key|secret|client_secret)\)"`).ReplaceAllString(blocks[2][1], "$$(terraform output -raw $1 | tr a-z b-za)")
			if printed, err := scripts.Run(wrong); err == nil || !strings.Contains(printed, "Cannot") {
				t.Errorf("a wrong secret is taken for a right one:\n%s\n%s", wrong, printed)
			}
		})
	}
}
