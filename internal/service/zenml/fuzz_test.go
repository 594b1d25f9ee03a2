package zenml_test

import (
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/service/zenml"
)

// FuzzNames: what is accepted as an id must not be accepted as a name, in no spelling that the server reads.
func FuzzNames(f *testing.F) {
	for _, name := range []string{"ci", "cd29d906-f29b-4b6f-9285-d191f7f6f2c0", "{cd29d906f29b4b6f9285d191f7f6f2c0}", "urn:uuid:cd29d906-f29b-4b6f-9285-d191f7f6f2c0", "", "\xff"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if !zenml.IsUUID(name) {
			return
		}
		for _, spelling := range []string{name, strings.ToUpper(name), "{" + name + "}", "urn:uuid:" + name, strings.ReplaceAll(name, "-", "")} {
			if !zenml.LooksLikeUUID(spelling) {
				t.Fatalf("%q is the id %q, and would be accepted as a name", spelling, name)
			}
		}
	})
}
