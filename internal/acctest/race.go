//go:build race

package acctest

import "testing"

// SkipUnderRaceDetector skips a test whose thousands of operations the race detector makes several times slower, and names
// the verb of the GNUmakefile that runs it without.
func SkipUnderRaceDetector(t testing.TB, verb string) {
	t.Helper()
	t.Skip(verb + " runs it, without the race detector")
}
