package zenml

import (
	"context"
	"encoding/hex"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// Limits of the server, in characters (CONTRACT: limits).
const (
	maxName        = 255
	maxFullName    = 255
	maxDescription = 65535
)

// nameValidators are the rules for the names of service accounts and API keys.
func nameValidators() []validator.String {
	return []validator.String{stringvalidator.UTF8LengthBetween(1, maxName), notUUID{}}
}

// uuidValidators accept an id as the server writes it, so that there is one spelling of each.
func uuidValidators() []validator.String {
	return []validator.String{stringvalidator.RegexMatches(uuidPattern, "must be a UUID in lower case, as the server writes it")}
}

var uuidPattern = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// notUUID refuses names that the server would take for an id: such an object cannot be found by its name, and escapes
// the check for duplicates (CONTRACT: names).
type notUUID struct{}

// Description implements [validator.Describer].
func (notUUID) Description(context.Context) string { return "must not have the form of a UUID" }

// MarkdownDescription implements [validator.Describer].
func (v notUUID) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateString implements [validator.String].
func (notUUID) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() || !looksLikeUUID(req.ConfigValue.ValueString()) {
		return
	}
	resp.Diagnostics.AddAttributeError(req.Path, "Name has the form of a UUID",
		"ZenML takes a name of this form for an id: the object could not be found by it, and duplicates would not be noticed. Choose another name.")
}

// looksLikeUUID accepts what the server's language accepts as a UUID: 32 hexadecimal digits with hyphens anywhere,
// optionally in braces or behind "urn:uuid:".
func looksLikeUUID(text string) bool {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "urn:", ""), "uuid:", "")
	text = strings.ReplaceAll(strings.Trim(text, "{}"), "-", "")
	decoded, err := hex.DecodeString(text)
	return err == nil && len(decoded) == 16
}
