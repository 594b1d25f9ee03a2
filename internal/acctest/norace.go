//go:build !race

package acctest

import "testing"

// SkipUnderRaceDetector skips nothing: there is no race detector.
func SkipUnderRaceDetector(testing.TB, string) {}
