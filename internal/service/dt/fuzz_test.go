package dt_test

import (
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
	"github.com/machineid/terraform-provider-machineid/internal/service/dt"
)

// FuzzNames reads any text as a resource name, and as a reference to a project or an organization.
func FuzzNames(f *testing.F) {
	for _, name := range []string{
		"projects/p/serviceaccounts/a", "projects/p/serviceaccounts/a/keys/k", "projects/p/members/m", "organizations/o/members/m", "projects/-/members/m",
		"p", "projects/p", "organizations/o", "projects/../members/m", "projects/p\x1b/members/m", "", "projects/p/members/m\n", "projects/projects/p",
	} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		for noun, pattern := range dt.Names() {
			if !pattern.MatchString(name) {
				continue
			}
			segments := strings.Split(name, "/")
			acctest.MustBeSegments(t, name, segments...)
			if len(segments)%2 != 0 || dt.ParentOf(name) != segments[0]+"/"+segments[1] || dt.LastSegment(name) != segments[len(segments)-1] {
				t.Fatalf("%q was accepted as a %s, of %q, with the id %q", name, noun, dt.ParentOf(name), dt.LastSegment(name))
			}
		}
		for pattern, full := range dt.References() {
			if !pattern.MatchString(name) {
				continue
			}
			whole := full(name)
			acctest.MustBeSegments(t, name, strings.Split(whole, "/")...)
			if strings.Count(whole, "/") != 1 || full(whole) != whole {
				t.Fatalf("%q was accepted and means %q", name, whole)
			}
		}
	})
}
