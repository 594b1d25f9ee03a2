package acctest

import (
	"strings"
	"testing"
	"unicode"
)

// MustBeSegments fails unless what an import was read as can stand in the path of an address, each as one segment, so that
// it addresses nothing but itself.
func MustBeSegments(t testing.TB, imported string, segments ...string) {
	t.Helper()
	for _, segment := range segments {
		hidden := strings.ContainsFunc(segment, func(r rune) bool { return !unicode.IsGraphic(r) || r == unicode.ReplacementChar })
		if segment == "" || hidden || strings.ContainsAny(segment, "/?#% \t\r\n") {
			t.Fatalf("%q was accepted with the segment %q", imported, segment)
		}
	}
}
