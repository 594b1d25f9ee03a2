package neowit_test

import (
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
	"github.com/machineid/terraform-provider-machineid/internal/service/neowit"
)

// FuzzImportIDs reads any text as the import id of a key.
func FuzzImportIDs(f *testing.F) {
	for _, id := range []string{"a/k", "o/a/k", "o/a/k/x", "/a/k", "a", "", "../..", "a\x1b/k", "a/k?x", "a\u202e/k", "a/\xff"} {
		f.Add(id)
	}
	f.Fuzz(func(t *testing.T, id string) {
		segments, ok := neowit.ImportedKey(id)
		if !ok {
			return
		}
		if segments[0] == "" {
			segments = segments[1:]
		}
		if strings.Join(segments, "/") != id {
			t.Fatalf("%q was read as %q", id, segments)
		}
		acctest.MustBeSegments(t, id, segments...)
	})
}
