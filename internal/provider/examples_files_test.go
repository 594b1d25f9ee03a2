package provider_test

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// seeded are the ids in examples of what nobody can make with this provider, and the variables in which the sandbox
// tells its own.
var seeded = map[string]string{
	"cbp0j4sd7vhg00d4q1s0": "TF_VAR_dt_project",
	"cbp0j6cd7vhg00d4q1tg": "TF_VAR_dt_other_project",
	"cbp0ip4d7vhg00d4q1rg": "TF_VAR_dt_organization",
	"cbp0jl4d7vhg00d4q1u0": "DT_SERVICE_ACCOUNT_KEY_ID",
	"cbp0jggd7vhg00d4q1ug@cbp0j4sd7vhg00d4q1s0.serviceaccount.d21s.com": "DT_SERVICE_ACCOUNT_EMAIL",
	"4kTqW9zLmR7yVbN2cXs8Hd":     "TF_VAR_neowit_org_id",
	"9fKwZ2mTbQ6rXnL4vHs7Jc":     "NEOWIT_SERVICE_ACCOUNT_ID",
	"3xVbP8yNdG5tRqM7kWz2Lh":     "NEOWIT_KEY_ID",
	"m7x2kq9vzt4hbn8rwc3jd5pfy6": "TF_VAR_keycard_organization_id",
	"Rt5Lw8Qz2Nk7Vb3Xh9Jd4":      "KEYCARD_CLIENT_ID",
}

// seededIDs pairs the ids that examples show with those of the sandbox.
func seededIDs(t *testing.T, box *acctest.Box) []string {
	t.Helper()
	var pairs []string
	known := box.Env()
	for shown, variable := range seeded {
		name := known[variable]
		if name == "" {
			t.Fatalf("the sandbox sets no %s", variable)
		}
		pairs = append(pairs, shown, name[strings.LastIndexByte(name, '/')+1:])
	}
	return pairs
}

// realIDs pairs the ids that an example shows with those of what was set up for it.
func realIDs(prepared *acctest.Workspace) []string {
	var pairs []string
	ids, _ := prepared.Output("ids").(map[string]any)
	for shown, id := range ids {
		pairs = append(pairs, shown, id.(string))
	}
	return pairs
}

// only keeps the named variables.
func only(t *testing.T, env map[string]string, names []string) map[string]string {
	t.Helper()
	kept := map[string]string{}
	for _, name := range names {
		if env[name] == "" {
			t.Errorf("the sandbox sets no %s", name)
		}
		kept[name] = env[name]
	}
	return kept
}

func expand(t *testing.T, box *acctest.Box, values string) string {
	t.Helper()
	known := box.Env()
	known["FOLDER"] = t.TempDir()
	return os.Expand(values, func(name string) string {
		if known[name] == "" {
			t.Errorf("the sandbox sets no %s", name)
		}
		return known[name]
	})
}

var importLine = regexp.MustCompile(`(?m)^terraform import (\S+) (\S+)$`)

func importCommand(t *testing.T, script string) (address, id string) {
	t.Helper()
	found := importLine.FindAllStringSubmatch(script, -1)
	if len(found) != 1 {
		t.Fatal("the script does not hold exactly one line `terraform import <address> <id>`")
	}
	return found[0][1], found[0][2]
}

// metadata is what the provider tells of its types.
func metadata(t *testing.T) *tfprotov6.GetMetadataResponse {
	t.Helper()
	server, err := acctest.Provider(nil)()
	if err != nil {
		t.Fatal(err)
	}
	told, err := server.GetMetadata(t.Context(), &tfprotov6.GetMetadataRequest{})
	if err != nil {
		t.Fatal(err)
	}
	return told
}

func types(t *testing.T) (resources, dataSources []string) {
	t.Helper()
	told := metadata(t)
	for _, found := range told.Resources {
		resources = append(resources, found.TypeName)
	}
	for _, found := range told.DataSources {
		dataSources = append(dataSources, found.TypeName)
	}
	if len(resources) == 0 || len(dataSources) == 0 {
		t.Fatal("the provider tells of no types")
	}
	return resources, dataSources
}

// ephemerals are the types that are in no state.
func ephemerals(t *testing.T) []string {
	t.Helper()
	var names []string
	for _, found := range metadata(t).EphemeralResources {
		names = append(names, found.TypeName)
	}
	return names
}

// listed are the types that can be listed.
func listed(t *testing.T) []string {
	t.Helper()
	var names []string
	for _, found := range metadata(t).ListResources {
		names = append(names, found.TypeName)
	}
	return names
}

func kindOf(name string) string {
	for kind, pattern := range kinds {
		if pattern.MatchString(name) {
			return kind
		}
	}
	return ""
}

// companion is the folder below [companions] that belongs to an example.
func companion(name string) string {
	base, _, _ := strings.Cut(path.Base(name), ".")
	base, _, _ = strings.Cut(base, "-by-")
	return path.Join(path.Dir(name), base)
}

func beyond(name, file string) string {
	return filepath.Join(companions, filepath.FromSlash(companion(name)), file)
}

// read returns a file's content, "" if there is no such file.
func read(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return string(content)
}

// filesBelow lists the files below a folder with slashes, relative to it.
func filesBelow(t *testing.T, folder string) []string {
	t.Helper()
	var names []string
	err := fs.WalkDir(os.DirFS(folder), ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(names) == 0 {
		t.Fatalf("there is nothing below %s", folder)
	}
	return names
}
