package neowit

import (
	"fmt"
	"regexp"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/service/neowit/neowitapi"
)

// An id is opaque, but it is one segment of a path.
var idPattern = regexp.MustCompile(`^[^/\s?#%]+$`)

// trimmed is a text that does not begin or end with a blank.
var trimmed = regexp.MustCompile(`^\S(.*\S)?$`)

func idValidators() []validator.String {
	return []validator.String{stringvalidator.RegexMatches(idPattern, "must be an id, without slashes and blanks")}
}

// nameValidators refuse what the server may trim: the name would then differ from the configuration for ever.
func nameValidators() []validator.String {
	return []validator.String{stringvalidator.RegexMatches(trimmed, "must not be empty, and not begin or end with a blank")}
}

// createdValue writes a moment as users read it.
func createdValue(created neowitapi.Unix) types.String {
	if created == 0 {
		return types.StringNull()
	}
	return types.StringValue(created.Time().Format(time.RFC3339))
}

// createdUnix writes a moment as the API does.
func createdUnix(created neowitapi.Unix) types.Int64 {
	if created == 0 {
		return types.Int64Null()
	}
	return types.Int64Value(int64(created))
}

// moment reads what createdValue wrote; zero if it is not known.
func moment(value types.String) time.Time {
	parsed, err := time.Parse(time.RFC3339, value.ValueString())
	if err != nil {
		return time.Time{}
	}
	return parsed
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

// textOrNull is null for what an answer left out.
func textOrNull(text string) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(text)
}
