package dt

import (
	"context"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// The collections that resource names begin with.
const (
	projects      = "projects"
	organizations = "organizations"
)

// An id is opaque, but it is one segment of a path, and "-" stands for all of them.
const idPattern = `[^-/\s:?#%\pC\pZ\x{FFFD}][^/\s:?#%\pC\pZ\x{FFFD}]*`

var (
	accountName            = regexp.MustCompile(`^projects/` + idPattern + `/serviceaccounts/` + idPattern + `$`)
	keyName                = regexp.MustCompile(`^projects/` + idPattern + `/serviceaccounts/` + idPattern + `/keys/` + idPattern + `$`)
	projectMemberName      = regexp.MustCompile(`^projects/` + idPattern + `/members/` + idPattern + `$`)
	organizationMemberName = regexp.MustCompile(`^organizations/` + idPattern + `/members/` + idPattern + `$`)

	accountID        = regexp.MustCompile(`^` + idPattern + `$`)
	projectRef       = regexp.MustCompile(`^(projects/)?` + idPattern + `$`)
	organizationRef  = regexp.MustCompile(`^(organizations/)?` + idPattern + `$`)
	projectRole      = regexp.MustCompile(`^roles/project\.[A-Za-z]+$`)
	organizationRole = regexp.MustCompile(`^roles/organization\.[A-Za-z]+$`)
	emailForm        = regexp.MustCompile(`^[^@\s]+@[^@\s]+$`)
)

func projectValidators() []validator.String {
	return []validator.String{stringvalidator.RegexMatches(projectRef, "must be a project, as projects/<id> or <id>")}
}

func organizationValidators() []validator.String {
	return []validator.String{stringvalidator.RegexMatches(organizationRef, "must be an organization, as organizations/<id> or <id>")}
}

func accountNameValidators() []validator.String {
	return []validator.String{stringvalidator.RegexMatches(accountName,
		"must be the full name of a service account, projects/<project>/serviceaccounts/<id>, as its attribute name holds it")}
}

func emailValidators() []validator.String {
	return []validator.String{stringvalidator.RegexMatches(emailForm, "must be an e-mail address")}
}

// full is the resource name of a parent that is written as such or by its bare id.
func full(collection, text string) string {
	if strings.HasPrefix(text, collection+"/") {
		return text
	}
	return collection + "/" + text
}

func fullProject(text string) string      { return full(projects, text) }
func fullOrganization(text string) string { return full(organizations, text) }

// parentOf is the part of a resource name that names its project or organization.
func parentOf(name string) string {
	segments := strings.SplitN(name, "/", 3)
	return strings.Join(segments[:min(2, len(segments))], "/")
}

// lastSegment is the id in a resource name.
func lastSegment(name string) string { return name[strings.LastIndexByte(name, '/')+1:] }

// sameSpelling plans the state's spelling of a value if the configuration means the same, so that neither plans a change.
// Canonical gives the one spelling that all of a meaning share.
func sameSpelling(canonical func(string) string) planmodifier.String { return spelling{canonical} }

type spelling struct{ canonical func(string) string }

// Description implements [planmodifier.Describer].
func (spelling) Description(context.Context) string {
	return "another spelling of the same is no change"
}

// MarkdownDescription implements [planmodifier.Describer].
func (s spelling) MarkdownDescription(ctx context.Context) string { return s.Description(ctx) }

// PlanModifyString implements [planmodifier.String].
func (s spelling) PlanModifyString(_ context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	if req.StateValue.IsNull() || req.PlanValue.IsNull() || req.PlanValue.IsUnknown() {
		return
	}
	resp.PlanValue = spelledAs(req.StateValue, req.PlanValue.ValueString(), s.canonical)
}

// spelledAs is a value in the spelling that was used before, if that means the same.
func spelledAs(prior types.String, value string, canonical func(string) string) types.String {
	if !prior.IsNull() && canonical(prior.ValueString()) == canonical(value) {
		return prior
	}
	return types.StringValue(value)
}
