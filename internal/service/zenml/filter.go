package zenml

import (
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/service/zenml/zenmlapi"
)

// The fields that the server filters and sorts by (CONTRACT: filters).
var (
	serviceAccountFields = []string{"id", "created", "updated", "name", "description", "active", "external_user_id"}
	apiKeyFields         = []string{"id", "created", "updated", "name", "description", "active", "last_login", "last_rotated"}
)

// listAttributes are the arguments that narrow and order a list of the given fields.
func listAttributes(fields []string) map[string]schema.Attribute {
	sortable := strings.Join(fields, "|")
	return map[string]schema.Attribute{
		// A map and not an object: Terraform drops attributes that an object type does not have, so a misspelt field
		// would narrow nothing without a word.
		"filter": schema.MapAttribute{
			Optional:    true,
			ElementType: types.ListType{ElemType: types.StringType},
			MarkdownDescription: "Lists of conditions by field: `" + strings.Join(fields, "`, `") + "`. A condition is a value to equal, or `<operator>:<value>` with one of the operators " +
				"`equals`, `notequals`, `contains`, `notcontains`, `startswith`, `endswith`, `oneof` and `notoneof` (a JSON list), `isnull` and `isnotnull` (nothing behind the colon), and, for moments, `gt`, `gte`, `lt`, `lte` and `in` (two moments with a comma between). " +
				"Moments are written `YYYY-MM-DD HH:MM:SS` in UTC. In `contains` and its like `%` and `_` are wildcards. All conditions must hold, unless `logical_operator` is `or`. " +
				"Several conditions on one field need server 0.95.0 or newer.",
			Validators: []validator.Map{
				mapvalidator.KeysAre(stringvalidator.OneOf(fields...)),
				mapvalidator.ValueListsAre(listvalidator.SizeAtLeast(1), listvalidator.NoNullValues()),
			},
		},
		"sort_by": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Field to sort by, ascending; `desc:<field>` for descending. Default: `created`.",
			Validators: []validator.String{stringvalidator.RegexMatches(regexp.MustCompile(`^(asc:|desc:)?(`+sortable+`)$`),
				"must be one of the fields "+strings.Join(fields, ", ")+", optionally behind asc: or desc:")},
		},
		"logical_operator": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "`and` (default) or `or`: how the conditions are combined.",
			Validators:          []validator.String{stringvalidator.OneOf("and", "or")},
		},
	}
}

// listOptions maps those arguments to a request.
func listOptions(filter types.Map, sortBy, logicalOperator types.String) zenmlapi.ListOptions {
	options := zenmlapi.ListOptions{
		Filters:         map[string][]string{},
		SortBy:          sortBy.ValueString(),
		LogicalOperator: logicalOperator.ValueString(),
	}
	for field, value := range filter.Elements() {
		list, ok := value.(types.List)
		if !ok {
			continue
		}
		for _, element := range list.Elements() {
			if condition, ok := element.(types.String); ok {
				options.Filters[field] = append(options.Filters[field], condition.ValueString())
			}
		}
	}
	return options
}
