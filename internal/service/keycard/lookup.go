package keycard

import (
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/machineid/terraform-provider-machineid/internal/service"
)

// listEntry is what tells the items of a list apart.
type listEntry struct {
	id, name string
	created  time.Time
}

// onlyNamed finds the one item of a name. The API has no filter, and names need not be unique.
func onlyNamed[T any](noun, name string, items []T, entry func(T) listEntry) (*T, diag.Diagnostics) {
	var found []*T
	var lines []string
	for i := range items {
		if item := entry(items[i]); item.name == name {
			found = append(found, &items[i])
			lines = append(lines, fmt.Sprintf("- %s, made at %s", item.id, service.TimeValue(item.created).ValueString()))
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return nil, diag.Diagnostics{diag.NewAttributeErrorDiagnostic(path.Root("name"), "No such "+noun,
			fmt.Sprintf("Nothing with the name %q was found here.", name))}
	}
	return nil, diag.Diagnostics{diag.NewAttributeErrorDiagnostic(path.Root("name"), "More than one "+noun,
		fmt.Sprintf("The name %q is that of %d. Set id to choose one:\n\n%s", name, len(found), strings.Join(lines, "\n")))}
}
