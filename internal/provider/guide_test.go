package provider_test

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// guide tells operators what happens when something fails.
const guide = "../../templates/guides/what-can-go-wrong.md.tmpl"

// evidence is a comment that names the tests which hold a statement, as in <!-- rest.TestRetriesEnd, dt.TestTenKeys -->.
var evidence = regexp.MustCompile(`<!--\s*(.*?)\s*-->`)

// TestTheGuideIsHeldByTests fails if a statement of the guide names no test, or one that does not exist. Each paragraph,
// item of a list and row of a table is a statement.
func TestTheGuideIsHeldByTests(t *testing.T) {
	t.Parallel()
	tests := testsOfTheModule(t)
	blocks := statements(read(t, guide))
	if len(blocks) == 0 {
		t.Fatal("the guide says nothing")
	}
	for _, block := range blocks {
		for _, fault := range unproven(block, tests) {
			t.Errorf("%s:\n%s", fault, block)
		}
	}
}

// unproven tells what is wrong with the evidence of a statement.
func unproven(block string, tests map[string]bool) []string {
	var faults []string
	found := evidence.FindAllStringSubmatch(block, -1)
	if len(found) == 0 {
		faults = append(faults, "no test is named")
	}
	for _, comment := range found {
		for name := range strings.SplitSeq(comment[1], ", ") {
			if !tests[name] {
				faults = append(faults, "there is no test "+name)
			}
		}
	}
	return faults
}

// statements splits a page into its paragraphs, items and rows. What leads over to a list or a table, and so ends with a
// colon, states nothing; nor do headings, code, and the directives of the template.
func statements(page string) []string {
	var all []string
	var block []string
	end := func() {
		text := strings.Join(block, "\n")
		if text != "" && !strings.HasSuffix(text, ":") {
			all = append(all, text)
		}
		block = nil
	}
	fenced, rows := "", 0
	for _, line := range strings.Split(withoutFrontMatter(page), "\n") {
		text := strings.TrimSpace(line)
		if fenced != "" || strings.HasPrefix(text, "```") {
			if fenced == "" {
				end()
				fenced = "```"
			} else if text == fenced {
				fenced = ""
			}
			continue
		}
		if !strings.HasPrefix(text, "|") {
			rows = 0
		}
		switch {
		case text == "", strings.HasPrefix(text, "#"), strings.HasPrefix(text, "{{"):
			end()
		case strings.HasPrefix(text, "|"):
			end()
			// Before the rows come the head and the line below it.
			if rows++; rows > 2 {
				block = []string{text}
				end()
			}
		case item.MatchString(text):
			end()
			block = []string{text}
		default:
			block = append(block, text)
		}
	}
	end()
	return all
}

var item = regexp.MustCompile(`^(-|\d+\.) `)

func withoutFrontMatter(page string) string {
	if _, rest, found := strings.Cut(strings.TrimPrefix(page, "---\n"), "\n---\n"); found {
		return rest
	}
	return page
}

var testFunction = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)

// testsOfTheModule are the tests by the name of their folder and their own, for example "rest.TestRetriesEnd".
func testsOfTheModule(t *testing.T) map[string]bool {
	t.Helper()
	root := os.DirFS("../..")
	tests := map[string]bool{}
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name != "." && (strings.HasPrefix(entry.Name(), ".") || name == "bin"):
			return fs.SkipDir
		case entry.IsDir() || !strings.HasSuffix(name, "_test.go"):
			return nil
		}
		source, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		for _, found := range testFunction.FindAllSubmatch(source, -1) {
			tests[path.Base(path.Dir(name))+"."+string(found[1])] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(tests) == 0 {
		t.Fatal("the module has no tests")
	}
	return tests
}

// TestStatements shows that nothing slips through.
func TestStatements(t *testing.T) {
	t.Parallel()
	const page = `---
page_title: "A page"
---

# Heading

A paragraph
of two lines. <!-- a.TestA -->

What leads over:

- an item <!-- a.TestA, a.TestB -->
- another item
  of two lines
1. a numbered one

{{ tffile "an example" }}

` + "```hcl\ncode\n\nmore code\n```" + `

| Head | Head |
|---|---|
| row | <!-- a.TestC --> |
| row | |
`
	got := statements(page)
	want := []string{
		"A paragraph\nof two lines. <!-- a.TestA -->", "- an item <!-- a.TestA, a.TestB -->", "- another item\nof two lines", "1. a numbered one",
		"| row | <!-- a.TestC --> |", "| row | |",
	}
	if !slices.Equal(got, want) {
		t.Fatalf("%q\nwant\n%q", got, want)
	}
	tests := map[string]bool{"a.TestA": true, "a.TestB": true}
	for i, faults := range [][]string{
		nil, nil, {"no test is named"}, {"no test is named"}, {"there is no test a.TestC"}, {"no test is named"},
	} {
		if found := unproven(got[i], tests); !slices.Equal(found, faults) {
			t.Errorf("%q: %q, want %q", got[i], found, faults)
		}
	}
}
