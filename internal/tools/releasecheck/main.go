// Command releasecheck checks a release that goreleaser has built, as the registries do and as users meet it: the names,
// sums, manifest, bills and binaries of its files, and what a CLI says that installs the provider from its archives.
//
//	releasecheck -dist dist -manifest terraform-registry-manifest.json [-cli terraform] [-cli tofu]
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "releasecheck:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	var clis []string
	flags := flag.NewFlagSet("releasecheck", flag.ContinueOnError)
	dist := flags.String("dist", "dist", "the folder that goreleaser wrote")
	manifest := flags.String("manifest", "terraform-registry-manifest.json", "the registry manifest of the repository")
	flags.Func("cli", "a Terraform or OpenTofu that installs the provider; may be repeated", func(path string) error {
		absolute, err := filepath.Abs(path)
		clis = append(clis, absolute)
		return err
	})
	if err := flags.Parse(args); err != nil {
		return err
	}
	r, err := open(*dist, *manifest)
	if err != nil {
		return err
	}
	problems := errors.Join(r.checkNames(), r.checkSums(), r.checkArchives(), r.checkBills(), r.checkManifest())
	if problems != nil {
		return problems
	}
	fmt.Fprintf(out, "release %s: %d files are as the registries want them\n", r.version, len(r.files))
	for _, cli := range clis {
		if err := r.install(context.Background(), cli, out); err != nil {
			return fmt.Errorf("%s: %w", cli, err)
		}
	}
	return nil
}

// release is what goreleaser wrote.
type release struct {
	folder  string
	version string
	// files are the names of what is published.
	files map[string]bool
	// manifestSource is the file that is published under the name that manifest returns.
	manifestSource string
}

// project is the name of the provider's archives and binaries.
const project = "terraform-provider-machineid"

// open reads what goreleaser says of a release.
func open(folder, manifest string) (*release, error) {
	var metadata struct {
		ProjectName string `json:"project_name"`
		Version     string
	}
	if err := readJSON(filepath.Join(folder, "metadata.json"), &metadata); err != nil {
		return nil, err
	}
	if metadata.ProjectName != project || metadata.Version == "" {
		return nil, fmt.Errorf("%s holds release %q of %q", folder, metadata.Version, metadata.ProjectName)
	}
	var artifacts []struct{ Name, Type string }
	if err := readJSON(filepath.Join(folder, "artifacts.json"), &artifacts); err != nil {
		return nil, err
	}
	r := &release{folder: folder, version: metadata.Version, files: map[string]bool{}, manifestSource: manifest}
	for _, artifact := range artifacts {
		switch artifact.Type {
		case "Archive", "Checksum", "SBOM", "Signature":
			r.files[artifact.Name] = true
		}
	}
	return r, nil
}

// path is where a published file is.
func (r *release) path(name string) string { return filepath.Join(r.folder, name) }

func readJSON(path string, into any) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(content, into); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}
