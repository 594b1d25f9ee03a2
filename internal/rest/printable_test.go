package rest_test

import (
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

func TestIDProblem(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"a", "cd29d906-f29b-4b6f-9285-d191f7f6f2c0", "..a", "ä b", strings.Repeat("x", 512)} {
		if problem := rest.IDProblem(id); problem != "" {
			t.Errorf("%.40q: %s", id, problem)
		}
	}
	for id, want := range map[string]string{
		"": "id", ".": `usable id: it has "."`, "..": `usable id: it has ".."`, "a/b": `usable id: it has "a/b"`, `a\b`: `usable id: it has "a\\b"`,
		"a\x1b[31m": `usable id: it has "a\x1b[31m"`, "a\nb": `usable id: it has "a\nb"`, "a\u202eb": `usable id: it has "a\u202eb"`, "a\xff": `usable id: it has "a\xff"`,
		strings.Repeat("x", 513): `usable id: it has "` + strings.Repeat("x", 100) + `"`,
	} {
		if problem := rest.IDProblem(id); problem != want {
			t.Errorf("%.40q: %s, want %s", id, problem, want)
		}
	}
}
