package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
)

// platform is an operating system and an architecture, as Go names them.
type platform struct{ os, arch string }

func (p platform) String() string { return p.os + "_" + p.arch }

// providerPlatforms are what the registries ask for.
var providerPlatforms = []platform{
	{"darwin", "amd64"},
	{"darwin", "arm64"},
	{"freebsd", "386"},
	{"freebsd", "amd64"},
	{"freebsd", "arm"},
	{"freebsd", "arm64"},
	{"linux", "386"},
	{"linux", "amd64"},
	{"linux", "arm"},
	{"linux", "arm64"},
	{"windows", "386"},
	{"windows", "amd64"},
	{"windows", "arm64"},
}

// sandboxPlatforms are those that people develop on.
var sandboxPlatforms = []platform{
	{"darwin", "amd64"},
	{"darwin", "arm64"},
	{"linux", "amd64"},
	{"linux", "arm64"},
	{"windows", "amd64"},
	{"windows", "arm64"},
}

func (r *release) archive(p platform) string {
	return fmt.Sprintf("%s_%s_%s.zip", project, r.version, p)
}

func (r *release) sandboxArchive(p platform) string {
	return fmt.Sprintf("machineid-sandbox_%s_%s.tar.gz", r.version, p)
}

func (r *release) sums() string     { return fmt.Sprintf("%s_%s_SHA256SUMS", project, r.version) }
func (r *release) manifest() string { return fmt.Sprintf("%s_%s_manifest.json", project, r.version) }

// bill is the name of the bill of materials of an archive.
func bill(archive string) string {
	return strings.TrimSuffix(strings.TrimSuffix(archive, ".zip"), ".tar.gz") + ".sbom.json"
}

// archives are the names of all archives.
func (r *release) archives() []string {
	var names []string
	for _, p := range providerPlatforms {
		names = append(names, r.archive(p))
	}
	for _, p := range sandboxPlatforms {
		names = append(names, r.sandboxArchive(p))
	}
	return names
}

// checkNames compares what is published with what must be, but for the manifest, which goreleaser names only as it
// publishes it.
func (r *release) checkNames() error {
	wanted := map[string]bool{r.sums(): true, r.sums() + ".sig": true}
	for _, name := range r.archives() {
		wanted[name], wanted[bill(name)] = true, true
	}
	var problems []error
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		if !r.files[name] {
			problems = append(problems, fmt.Errorf("%s is missing", name))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.files)) {
		if !wanted[name] {
			problems = append(problems, fmt.Errorf("%s is not to be published", name))
		}
	}
	return errors.Join(problems...)
}

// checkSums looks for one right sum of everything but the sums and their signature.
func (r *release) checkSums() error {
	content, err := os.ReadFile(r.path(r.sums()))
	if err != nil {
		return err
	}
	told := map[string]string{}
	for lines := bufio.NewScanner(bytes.NewReader(content)); lines.Scan(); {
		sum, name, ok := strings.Cut(lines.Text(), "  ")
		if !ok || told[name] != "" {
			return fmt.Errorf("%s: a line that is no sum, or the second of its file: %q", r.sums(), lines.Text())
		}
		told[name] = sum
	}
	var problems []error
	summed := append(r.archives(), r.manifest())
	for _, name := range r.archives() {
		summed = append(summed, bill(name))
	}
	for _, name := range summed {
		path := r.path(name)
		if name == r.manifest() {
			path = r.manifestSource
		}
		sum, err := sumOf(path)
		switch {
		case err != nil:
			problems = append(problems, err)
		case told[name] == "":
			problems = append(problems, fmt.Errorf("%s has no sum", name))
		case told[name] != sum:
			problems = append(problems, fmt.Errorf("%s is not what its sum says", name))
		}
		delete(told, name)
	}
	for name := range told {
		problems = append(problems, fmt.Errorf("%s has a sum and is not published", name))
	}
	return errors.Join(problems...)
}

func sumOf(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { _ = file.Close() }()
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		return "", err
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}
