package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const testVersion = "1.2.3"

// write puts a file into a folder.
func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// newRelease returns a folder in which all is as it must be, but for what is in the archives.
func newRelease(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	r := &release{folder: folder, version: testVersion}
	var artifacts []map[string]string
	publish := func(name, kind string) {
		artifacts = append(artifacts, map[string]string{"name": name, "type": kind})
	}
	var sums strings.Builder
	file := func(name, kind, content string) {
		write(t, r.path(name), content)
		sum, err := sumOf(r.path(name))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&sums, "%s  %s\n", sum, name)
		publish(name, kind)
	}
	for _, archive := range r.archives() {
		file(archive, "Archive", "what is in "+archive)
		file(bill(archive), "SBOM", `{"spdxVersion": "SPDX-2.3", "packages": [{"name": "stdlib"}, {"name": "`+framework+`"}]}`)
	}
	write(t, filepath.Join(folder, "manifest.json"), `{"version": 1, "metadata": {"protocol_versions": ["6.0"]}}`)
	sum, err := sumOf(filepath.Join(folder, "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(&sums, "%s  %s\n", sum, r.manifest())
	write(t, r.path(r.sums()), sums.String())
	publish(r.sums(), "Checksum")
	publish(r.sums()+".sig", "Signature")
	publish("metadata.json", "Metadata")

	listed, err := json.Marshal(artifacts)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(folder, "artifacts.json"), string(listed))
	write(t, filepath.Join(folder, "metadata.json"), `{"project_name": "`+project+`", "version": "`+testVersion+`"}`)
	return folder
}

// replace changes a file of a release.
func replace(t *testing.T, path, from, to string) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(content), from) {
		t.Fatalf("%s has no %q", path, from)
	}
	write(t, path, strings.Replace(string(content), from, to, 1))
}

func TestDamagedReleases(t *testing.T) {
	t.Parallel()
	const (
		archive = project + "_1.2.3_linux_amd64.zip"
		bill    = project + "_1.2.3_linux_amd64.sbom.json"
		sums    = project + "_1.2.3_SHA256SUMS"
	)
	cases := map[string]struct {
		damage func(t *testing.T, folder string)
		told   string // "" when the release is fine
	}{
		"none": {damage: func(*testing.T, string) {}},
		"a changed archive": {
			func(t *testing.T, folder string) { replace(t, filepath.Join(folder, archive), "what", "WHAT") },
			archive + " is not what its sum says",
		},
		"an archive of another name": {
			func(t *testing.T, folder string) {
				replace(t, filepath.Join(folder, "artifacts.json"), archive, project+"_v1.2.3_linux_amd64.zip")
			},
			archive + " is missing\n" + project + "_v1.2.3_linux_amd64.zip is not to be published",
		},
		"no signature": {
			func(t *testing.T, folder string) {
				replace(t, filepath.Join(folder, "artifacts.json"), sums+".sig", sums+".asc")
			},
			sums + ".sig is missing",
		},
		"no sum of the manifest": {
			func(t *testing.T, folder string) {
				replace(t, filepath.Join(folder, sums), project+"_1.2.3_manifest.json", "terraform-registry-manifest.json")
			},
			project + "_1.2.3_manifest.json has no sum",
		},
		"a manifest that changed since": {
			func(t *testing.T, folder string) {
				replace(t, filepath.Join(folder, "manifest.json"), `"version": 1`, `"version":  1`)
			},
			project + "_1.2.3_manifest.json is not what its sum says",
		},
		"a manifest of protocol 5": {
			func(t *testing.T, folder string) { replace(t, filepath.Join(folder, "manifest.json"), "6.0", "5.0") },
			"protocols [5.0]; it must be 1 and 6.0",
		},
		"a manifest in another format": {
			func(t *testing.T, folder string) {
				replace(t, filepath.Join(folder, "manifest.json"), `"version": 1`, `"version": 2`)
			},
			"version 2 of the format",
		},
		"a bill without Go": {
			func(t *testing.T, folder string) { replace(t, filepath.Join(folder, bill), "stdlib", "libc") },
			bill + " does not tell of which Go the binary is",
		},
		"a bill without modules": {
			func(t *testing.T, folder string) { replace(t, filepath.Join(folder, bill), framework, "nothing") },
			bill + " does not list " + framework,
		},
		"a bill in another language": {
			func(t *testing.T, folder string) { replace(t, filepath.Join(folder, bill), "SPDX-2.3", "2.3") },
			bill + " is no SPDX document",
		},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := newRelease(t)
			test.damage(t, folder)
			r, err := open(folder, filepath.Join(folder, "manifest.json"))
			if err != nil {
				t.Fatal(err)
			}
			told := fmt.Sprint(joined(r.checkNames(), r.checkSums(), r.checkBills(), r.checkManifest()))
			if test.told == "" && told != "" || !strings.Contains(told, test.told) {
				t.Errorf("told %q, not %q", told, test.told)
			}
		})
	}
}

// joined is what errors say, a line each.
func joined(errs ...error) string {
	var lines []string
	for _, err := range errs {
		if err != nil {
			lines = append(lines, err.Error())
		}
	}
	return strings.Join(lines, "\n")
}
