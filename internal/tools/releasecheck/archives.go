package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"debug/buildinfo"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// entry is a file of an archive.
type entry struct {
	name     string
	mode     os.FileMode
	modified time.Time
	content  []byte
}

// checkArchives opens every archive.
func (r *release) checkArchives() error {
	var problems []error
	check := func(name, binary string, p platform, entries []entry, err error) {
		if err == nil {
			if p.os == "windows" {
				binary += ".exe"
			}
			err = checkEntries(entries, binary, p)
		}
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", name, err))
		}
	}
	for _, p := range providerPlatforms {
		entries, err := readZip(r.path(r.archive(p)))
		check(r.archive(p), project+"_v"+r.version, p, entries, err)
	}
	for _, p := range sandboxPlatforms {
		entries, err := readTar(r.path(r.sandboxArchive(p)))
		check(r.sandboxArchive(p), "machineid-sandbox", p, entries, err)
	}
	return errors.Join(problems...)
}

// beside are the files that stand beside the binary.
var beside = map[string]bool{"LICENSE": true, "README.md": true, "CHANGELOG.md": true}

// checkEntries looks for one binary of the right name and platform, in an archive that is the same whenever it is built.
func checkEntries(entries []entry, binary string, p platform) error {
	var problems []error
	found := 0
	for _, e := range entries {
		if !e.modified.Equal(entries[0].modified) {
			problems = append(problems, fmt.Errorf("%s has a date of its own, %s", e.name, e.modified))
		}
		switch {
		case e.name == binary:
			found++
			if e.mode.Perm()&0o111 == 0 {
				problems = append(problems, fmt.Errorf("%s cannot be run", e.name))
			}
			problems = append(problems, checkBinary(e.content, p))
		case !beside[e.name]:
			problems = append(problems, fmt.Errorf("%s does not belong there", e.name))
		}
	}
	if found != 1 || len(entries) != len(beside)+1 {
		problems = append(problems, fmt.Errorf("%d times %s among %d files", found, binary, len(entries)))
	}
	return errors.Join(problems...)
}

// checkBinary reads for what and how a binary was built, and looks for the folders of the machine that built it.
func checkBinary(content []byte, p platform) error {
	info, err := buildinfo.Read(bytes.NewReader(content))
	if err != nil {
		return err
	}
	wanted := map[string]string{"GOOS": p.os, "GOARCH": p.arch, "CGO_ENABLED": "0", "-trimpath": "true"}
	for _, setting := range info.Settings {
		if wanted[setting.Key] == setting.Value {
			delete(wanted, setting.Key)
		}
	}
	var problems []error
	for name, value := range wanted {
		problems = append(problems, fmt.Errorf("the binary was not built with %s=%s", name, value))
	}
	for _, folder := range foldersOfThisMachine() {
		if bytes.Contains(content, []byte(folder)) {
			problems = append(problems, fmt.Errorf("the binary names %s", folder))
		}
	}
	return errors.Join(problems...)
}

// foldersOfThisMachine are those that a compiler could name: of the sources, of modules and of caches.
func foldersOfThisMachine() []string {
	var folders []string
	if here, err := os.Getwd(); err == nil {
		folders = append(folders, here)
	}
	if home, err := os.UserHomeDir(); err == nil {
		folders = append(folders, filepath.Join(home, "go"))
	}
	if cache, err := os.UserCacheDir(); err == nil {
		folders = append(folders, cache)
	}
	return folders
}

func readZip(path string) ([]entry, error) {
	archive, err := zip.OpenReader(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = archive.Close() }()
	var entries []entry
	for _, file := range archive.File {
		reader, err := file.Open()
		if err != nil {
			return nil, err
		}
		content, err := io.ReadAll(reader)
		if err := errors.Join(err, reader.Close()); err != nil {
			return nil, err
		}
		entries = append(entries, entry{file.Name, file.Mode(), file.Modified, content})
	}
	return entries, nil
}

func readTar(path string) ([]entry, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	plain, err := gzip.NewReader(file)
	if err != nil {
		return nil, err
	}
	var entries []entry
	for archive := tar.NewReader(plain); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return entries, nil
		}
		if err != nil {
			return nil, err
		}
		content, err := io.ReadAll(archive)
		if err != nil {
			return nil, err
		}
		entries = append(entries, entry{header.Name, header.FileInfo().Mode(), header.ModTime, content})
	}
}
