package acctest

import (
	"os"
	"strconv"
	"testing"
	"time"
)

// IsLong tells that tests are to run in their long forms, as MACHINEID_LONG=1 asks for.
func IsLong() bool { return os.Getenv("MACHINEID_LONG") != "" }

// Seed is what the chances of a test follow from: another one in each run, or that of MACHINEID_SEED. The test logs it.
func Seed(t testing.TB) uint64 {
	t.Helper()
	const variable = "MACHINEID_SEED"
	seed := uint64(time.Now().UnixNano())
	if text := os.Getenv(variable); text != "" {
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatalf("%s: %v", variable, err)
		}
	}
	t.Logf("%s=%d repeats the chances of this run", variable, seed)
	return seed
}
