package architecture

import (
	"bytes"
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// file is what the rules need to know of a source file.
type file struct {
	path    string
	folder  string
	lines   int
	foreign bool // in a module of its own, or test data: its imports are not ours to judge
	imports []string
}

func (f file) isGo() bool   { return strings.HasSuffix(f.path, ".go") }
func (f file) isTest() bool { return strings.HasSuffix(f.path, "_test.go") }
func (f file) stem() string { return strings.TrimSuffix(path.Base(f.path), path.Ext(f.path)) }

// sources are the kinds of file that people write by hand and have to read.
var sources = []string{".go", ".sh", ".tf", ".py"}

func read(tree fs.FS) ([]file, error) {
	var files []file
	var modules []string
	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if name != "." && skipped(tree, name) {
				return fs.SkipDir
			}
			if name != "." && exists(tree, name, "go.mod") {
				modules = append(modules, name+"/")
			}
			return nil
		}
		if !slices.Contains(sources, path.Ext(name)) {
			return nil
		}
		f, err := readFile(tree, name)
		f.foreign = strings.Contains(name, "/testdata/") ||
			slices.ContainsFunc(modules, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
		files = append(files, f)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("cannot read the source tree: %w", err)
	}
	return files, nil
}

// skipped tells the folders that nobody here wrote: hidden ones, built ones, and Python's
// virtual environments.
func skipped(tree fs.FS, name string) bool {
	base := path.Base(name)
	if strings.HasPrefix(base, ".") || base == "bin" || base == "dist" {
		return true
	}
	return exists(tree, name, "pyvenv.cfg")
}

func exists(tree fs.FS, folder, name string) bool {
	_, err := fs.Stat(tree, path.Join(folder, name))
	return err == nil
}

func readFile(tree fs.FS, name string) (file, error) {
	content, err := fs.ReadFile(tree, name)
	if err != nil {
		return file{}, err
	}
	f := file{path: name, folder: path.Dir(name), lines: bytes.Count(content, []byte("\n"))}
	if !f.isGo() {
		return f, nil
	}
	parsed, err := parser.ParseFile(token.NewFileSet(), name, content, parser.ImportsOnly)
	if err != nil {
		return file{}, err
	}
	for _, spec := range parsed.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return file{}, fmt.Errorf("%s: import %s: %w", name, spec.Path.Value, err)
		}
		f.imports = append(f.imports, imported)
	}
	return f, nil
}
