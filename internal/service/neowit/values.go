package neowit

import (
	"fmt"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/service/neowit/neowitapi"
)

// An id is opaque, but it is one segment of a path.
var idPattern = regexp.MustCompile(`^[^/\s?#%\pC\pZ\x{FFFD}]+$`)

// trimmed is a text that does not begin or end with a blank.
var trimmed = regexp.MustCompile(`^\S(.*\S)?$`)

func idValidators() []validator.String {
	return []validator.String{stringvalidator.RegexMatches(idPattern, "must be an id, without slashes and blanks")}
}

// nameValidators refuse what the server may trim: the name would then differ from the configuration for ever.
func nameValidators() []validator.String {
	return []validator.String{stringvalidator.RegexMatches(trimmed, "must not be empty, and not begin or end with a blank")}
}

// createdUnix writes a moment as the API does.
func createdUnix(created neowitapi.Unix) types.Int64 {
	if created == 0 {
		return types.Int64Null()
	}
	return types.Int64Value(int64(created))
}

// label names an object to its user.
func label(name, id types.String) string {
	switch {
	case name.ValueString() == "":
		return id.ValueString()
	case id.ValueString() == "":
		return fmt.Sprintf("%q", name.ValueString())
	}
	return fmt.Sprintf("%q (%s)", name.ValueString(), id.ValueString())
}
