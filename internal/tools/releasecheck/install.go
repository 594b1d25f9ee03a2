package main

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// configuration asks for the release as a user does. That it plans and applies is left to the tests; here it is installed.
const configuration = `terraform {
  required_providers {
    machineid = {
      source  = "machineid/machineid"
      version = "%s"
    }
  }
}

provider "machineid" {}
`

// mirrorOnly leads a CLI to a folder of archives and to no registry.
const mirrorOnly = `provider_installation {
  filesystem_mirror {
    path = %q
  }
}
`

// hosts are the registries that the CLIs take a source without a host to be of.
var hosts = []string{"registry.terraform.io", "registry.opentofu.org"}

// user is somebody who installs the release by a CLI.
type user struct {
	cli    string
	folder string // of the configuration
	mirror string
	env    []string
}

// install plays users of a CLI: the first one, those with the lock file of the first, and one who is sent something else.
func (r *release) install(ctx context.Context, cli string, out io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	folder, err := os.MkdirTemp("", "releasecheck")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	u := user{cli: cli, folder: filepath.Join(folder, "configuration"), mirror: filepath.Join(folder, "mirror")}
	if err := u.prepare(r, folder); err != nil {
		return err
	}
	steps := []struct {
		name string
		do   func(context.Context, *release) error
	}{
		{"init", u.first},
		{"init with the lock file alone", u.again},
		{"the lock file for all platforms", u.lock},
		{"the schema", u.schema},
		{"the protocol", u.protocol},
		{"a changed archive", u.deceived},
	}
	for _, step := range steps {
		if err := step.do(ctx, r); err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
	}
	version, err := u.run(ctx, "version")
	if err != nil {
		return err
	}
	first, _, _ := strings.Cut(version, "\n")
	fmt.Fprintf(out, "release %s: %s installs it from its archives, and refuses a changed one\n", r.version, first)
	return nil
}

// prepare writes the configuration and the mirror, which holds the archives as they are published.
func (u *user) prepare(r *release, folder string) error {
	for _, host := range hosts {
		shelf := u.shelf(host)
		if err := os.MkdirAll(shelf, 0o750); err != nil {
			return err
		}
		for _, p := range providerPlatforms {
			published, err := filepath.Abs(r.path(r.archive(p)))
			if err != nil {
				return err
			}
			if err := os.Symlink(published, filepath.Join(shelf, r.archive(p))); err != nil {
				return err
			}
		}
	}
	settings := filepath.Join(folder, "cli.tfrc")
	for _, name := range []string{"PATH", "HOME", "TMPDIR"} {
		if value, ok := os.LookupEnv(name); ok {
			u.env = append(u.env, name+"="+value)
		}
	}
	u.env = append(u.env, "CHECKPOINT_DISABLE=1", "TF_CLI_CONFIG_FILE="+settings)
	return errors.Join(
		os.Mkdir(u.folder, 0o750),
		os.WriteFile(settings, fmt.Appendf(nil, mirrorOnly, u.mirror), 0o600),
		os.WriteFile(filepath.Join(u.folder, "main.tf"), fmt.Appendf(nil, configuration, r.version), 0o600),
	)
}

func (u *user) shelf(host string) string {
	return filepath.Join(u.mirror, host, "machineid", "machineid")
}

// run runs the CLI and returns what it printed.
func (u *user) run(ctx context.Context, args ...string) (string, error) {
	command := exec.CommandContext(ctx, u.cli, args...) //nolint:gosec // The caller's own CLI.
	command.Dir, command.Env = u.folder, u.env
	var printed, complained bytes.Buffer
	command.Stdout, command.Stderr = &printed, &complained
	if err := command.Run(); err != nil {
		return "", fmt.Errorf("%s: %w\n%s%s", strings.Join(args, " "), err, &printed, &complained)
	}
	return printed.String(), nil
}

const lockFile = ".terraform.lock.hcl"

// first installs the release where nothing is locked.
func (u *user) first(ctx context.Context, _ *release) error {
	if _, err := u.run(ctx, "init", "-input=false", "-no-color"); err != nil {
		return err
	}
	return u.locked(1)
}

// again installs what is locked, on a machine that has not got it yet.
func (u *user) again(ctx context.Context, _ *release) error {
	if err := os.RemoveAll(filepath.Join(u.folder, ".terraform")); err != nil {
		return err
	}
	_, err := u.run(ctx, "init", "-input=false", "-no-color", "-lockfile=readonly")
	return err
}

// lock does what a team does whose members have other machines.
func (u *user) lock(ctx context.Context, _ *release) error {
	args := []string{"providers", "lock", "-fs-mirror=" + u.mirror}
	for _, p := range providerPlatforms {
		args = append(args, "-platform="+p.String())
	}
	if _, err := u.run(ctx, args...); err != nil {
		return err
	}
	return u.locked(len(providerPlatforms))
}

// locked wants the sums of so many archives in the lock file.
func (u *user) locked(archives int) error {
	content, err := os.ReadFile(filepath.Join(u.folder, lockFile))
	if err != nil {
		return err
	}
	if told := strings.Count(string(content), `"h1:`); told < archives {
		return fmt.Errorf("%s holds sums of %d archives instead of %d:\n%s", lockFile, told, archives, content)
	}
	return nil
}

// schema starts what was installed, and asks it for its types.
func (u *user) schema(ctx context.Context, _ *release) error {
	printed, err := u.run(ctx, "providers", "schema", "-json")
	if err != nil {
		return err
	}
	var told struct {
		Schemas map[string]struct {
			Resources map[string]any `json:"resource_schemas"`
		} `json:"provider_schemas"`
	}
	if err := json.Unmarshal([]byte(printed), &told); err != nil {
		return err
	}
	for _, host := range hosts {
		if _, ok := told.Schemas[host+"/machineid/machineid"].Resources["machineid_zenml_service_account"]; ok {
			return nil
		}
	}
	return errors.New("the provider has no machineid_zenml_service_account")
}

// magicCookie is what CLIs set to start a provider rather than a program for people.
const magicCookie = "TF_PLUGIN_MAGIC_COOKIE=d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"

// protocol starts what was installed as a CLI does, and hears that it speaks the version of the manifest.
func (u *user) protocol(ctx context.Context, r *release) error {
	binaries, err := filepath.Glob(filepath.Join(u.folder, ".terraform/providers/*/machineid/machineid", r.version, "*", project+"_v"+r.version+"*"))
	if err != nil || len(binaries) != 1 {
		return fmt.Errorf("installed are %v, %w", binaries, err)
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	command := exec.CommandContext(ctx, binaries[0]) //nolint:gosec // It is what was just installed.
	command.Env = append(u.env, magicCookie, "PLUGIN_PROTOCOL_VERSIONS=5,6")
	printed, err := command.StdoutPipe()
	if err != nil {
		return err
	}
	if err := command.Start(); err != nil {
		return err
	}
	line, err := bufio.NewReader(printed).ReadString('\n')
	stop()
	_ = command.Wait() // it was stopped
	if err != nil {
		return err
	}
	if !strings.HasPrefix(line, "1|6|") {
		return fmt.Errorf("the provider says %q, which is not version 6 of the protocol", line)
	}
	return nil
}

// deceived has the lock file of a release whose archive was changed since. It comes last, because it changes the mirror.
func (u *user) deceived(ctx context.Context, r *release) error {
	here := platform{runtime.GOOS, runtime.GOARCH}
	for _, host := range hosts {
		path := filepath.Join(u.shelf(host), r.archive(here))
		if err := os.Remove(path); err != nil {
			return err
		}
		if err := changed(r.path(r.archive(here)), path); err != nil {
			return err
		}
	}
	switch err := u.again(ctx, r); {
	case err == nil:
		return errors.New("it was installed all the same")
	case !strings.Contains(err.Error(), "checksum"):
		return fmt.Errorf("it was refused, but not for its sum: %w", err)
	}
	return nil
}

// changed copies an archive with a word more in its README.md.
func changed(from, to string) error {
	entries, err := readZip(from)
	if err != nil {
		return err
	}
	file, err := os.Create(to)
	if err != nil {
		return err
	}
	archive := zip.NewWriter(file)
	for _, e := range entries {
		header := &zip.FileHeader{Name: e.name, Method: zip.Deflate, Modified: e.modified}
		header.SetMode(e.mode)
		writer, err := archive.CreateHeader(header)
		if err != nil {
			return errors.Join(err, file.Close())
		}
		if e.name == "README.md" {
			e.content = append(e.content, "changed\n"...)
		}
		if _, err := writer.Write(e.content); err != nil {
			return errors.Join(err, file.Close())
		}
	}
	return errors.Join(archive.Close(), file.Close())
}
