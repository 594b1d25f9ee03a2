package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// framework is a module that every bill of the provider must list.
const framework = "github.com/hashicorp/terraform-plugin-framework"

// checkBills reads the bill of materials of every archive.
func (r *release) checkBills() error {
	var problems []error
	for _, archive := range r.archives() {
		var told struct {
			Version  string `json:"spdxVersion"`
			Packages []struct{ Name string }
		}
		name := bill(archive)
		if err := readJSON(r.path(name), &told); err != nil {
			problems = append(problems, err)
			continue
		}
		var packages []string
		for _, each := range told.Packages {
			packages = append(packages, each.Name)
		}
		switch {
		case !strings.HasPrefix(told.Version, "SPDX-"):
			problems = append(problems, fmt.Errorf("%s is no SPDX document", name))
		case !slices.Contains(packages, "stdlib"):
			problems = append(problems, fmt.Errorf("%s does not tell of which Go the binary is", name))
		case strings.HasPrefix(archive, project) && !slices.Contains(packages, framework):
			problems = append(problems, fmt.Errorf("%s does not list %s", name, framework))
		}
	}
	return errors.Join(problems...)
}

// checkManifest reads the manifest as the registries do: without it, or with another version of the protocol, they would
// offer the provider to no CLI that can speak with it. [release.install] sees which version the provider speaks.
func (r *release) checkManifest() error {
	var told struct {
		Version  int
		Metadata struct {
			ProtocolVersions []string `json:"protocol_versions"`
		}
	}
	if err := readJSON(r.manifestSource, &told); err != nil {
		return err
	}
	if told.Version != 1 || !slices.Equal(told.Metadata.ProtocolVersions, []string{"6.0"}) {
		return fmt.Errorf("%s: version %d of the format and protocols %v; it must be 1 and 6.0", r.manifestSource, told.Version, told.Metadata.ProtocolVersions)
	}
	return nil
}
