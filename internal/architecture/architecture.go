// Package architecture holds the rules of the house as data, and finds what breaks them: who
// may import whom, how long a file may be, and what no folder may be called.
package architecture

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// Check reads the module in tree and returns one line for each broken rule, in a stable order.
func Check(tree fs.FS) ([]string, error) {
	files, err := read(tree)
	if err != nil {
		return nil, err
	}
	var findings []string
	for _, f := range files {
		findings = append(findings, checkName(f)...)
		findings = append(findings, checkLength(f)...)
		findings = append(findings, checkImports(f)...)
	}
	slices.Sort(findings)
	return slices.Compact(findings), nil
}

// drawers are names that do not say what may not go in.
var drawers = []string{"util", "utils", "helper", "helpers", "common", "shared", "misc"}

func checkName(f file) []string {
	var findings []string
	names := append(strings.Split(f.folder, "/"), strings.TrimSuffix(f.stem(), "_test"))
	for _, name := range names {
		if slices.Contains(drawers, name) {
			findings = append(findings, fmt.Sprintf("%s: %q is a drawer, not a room: name it after what is in it", f.path, name))
		}
	}
	return findings
}

// maxLines is where a file has become two.
const maxLines = 400

func checkLength(f file) []string {
	if f.lines <= maxLines {
		return nil
	}
	return []string{fmt.Sprintf("%s: %d lines, of at most %d: split it by what it is about", f.path, f.lines, maxLines)}
}

func checkImports(f file) []string {
	if !f.isGo() || f.foreign {
		return nil
	}
	r, found := roomOf(f.folder)
	if !found {
		return []string{fmt.Sprintf("%s: no rule for the folder %s: give it a row in internal/architecture/rules.go", f.path, f.folder)}
	}
	var findings []string
	for _, imported := range f.imports {
		if !r.permits(f, imported) {
			findings = append(findings, fmt.Sprintf("%s: %s must not import %s", f.path, r.describe(f), imported))
		}
	}
	return findings
}

func roomOf(folder string) (room, bool) {
	for _, r := range rooms {
		if bind(r.folder, folder) == folder {
			return r, true
		}
	}
	return room{}, false
}

func (r room) permits(f file, imported string) bool {
	if own, isOurs := ours(imported); isOurs {
		allowed := r.ours
		if f.isTest() {
			allowed = append(slices.Clone(allowed), append(r.testOurs, r.folder)...)
		}
		return slices.ContainsFunc(allowed, func(pattern string) bool {
			return bindAny(bind(pattern, f.folder), own) == own
		})
	}
	if isStandard(imported) {
		return f.isTest() || !slices.Contains(r.notStd, imported)
	}
	allowed := r.libraries
	if f.isTest() {
		allowed = append(slices.Clone(allowed), append(r.testLibraries, comparing...)...)
	}
	return slices.ContainsFunc(allowed, func(library string) bool {
		return imported == library || strings.HasPrefix(imported, library+"/")
	})
}

func (r room) describe(f file) string {
	if f.isTest() {
		return "a test in " + r.folder
	}
	return r.folder
}

// ours cuts the module's path off; the module itself becomes ".".
func ours(imported string) (string, bool) {
	if imported == module {
		return ".", true
	}
	return strings.CutPrefix(imported, module+"/")
}

// isStandard follows the go command: only the standard library has no dot in its first element.
func isStandard(imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	return !strings.Contains(first, ".")
}

// bind puts the wing that folder belongs to in place of "<wing>".
func bind(pattern, folder string) string {
	return strings.ReplaceAll(pattern, wing, wingOf(folder))
}

func bindAny(pattern, folder string) string {
	return strings.ReplaceAll(pattern, anyWing, wingOf(folder))
}

func wingOf(folder string) string {
	below, isService := strings.CutPrefix(folder, "internal/service/")
	if !isService {
		return "no wing"
	}
	name, _, _ := strings.Cut(below, "/")
	return name
}
