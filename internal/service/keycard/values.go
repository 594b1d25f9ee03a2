package keycard

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// maxDescription is how many characters a description may have (docs: create, update).
const maxDescription = 500

// An id, and a label, is opaque, but it is one segment of a path of at most 255 characters (docs: path parameters).
const segmentPattern = `[^/\s?#%\pC\pZ\x{FFFD}]{1,255}`

var segment = regexp.MustCompile(`^` + segmentPattern + `$`)

// written is a text with something else than blanks in it.
var written = regexp.MustCompile(`\S`)

func idValidators() []validator.String {
	return []validator.String{stringvalidator.RegexMatches(segment, "must be an id, without slashes and blanks")}
}

func nameValidators() []validator.String {
	return []validator.String{stringvalidator.RegexMatches(written, "must not be empty or blank")}
}

// descriptionValidators refuse "", which the server does not tell from no description.
func descriptionValidators() []validator.String {
	return []validator.String{
		stringvalidator.RegexMatches(written, "must not be empty or blank; leave it out for none"),
		stringvalidator.UTF8LengthAtMost(maxDescription),
	}
}

// told is a text of an answer: null for none. What the server only trimmed stays as it was, for it means the same. Whether
// it trims is not documented.
func told(answer string, prior types.String) types.String {
	switch {
	case answer == "":
		return types.StringNull()
	case strings.TrimSpace(prior.ValueString()) == answer:
		return prior
	}
	return types.StringValue(answer)
}

// changed is nil if the plan keeps a text, and "" if it removes it.
func changed(state, plan types.String) *string {
	if plan.Equal(state) {
		return nil
	}
	text := plan.ValueString()
	return &text
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
