package keycard

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// expandPermissions is the value of expand that asks for permissions.
const expandPermissions = "permissions"

// expansion is the argument of every data source that asks for more than the usual.
type expansion struct {
	Expand []string `tfsdk:"expand"`
}

func (e expansion) permissions() bool { return slices.Contains(e.Expand, expandPermissions) }

func expandArgument() schema.SetAttribute {
	return schema.SetAttribute{
		Optional:            true,
		ElementType:         types.StringType,
		MarkdownDescription: "What to read besides. `\"permissions\"` fills `permissions`.",
		Validators:          []validator.Set{setvalidator.ValueStringsAre(stringvalidator.OneOf(expandPermissions))},
	}
}

// permissionsAttribute holds [keycardapi.Permissions].
func permissionsAttribute(object string) schema.MapAttribute {
	return schema.MapAttribute{
		Computed:    true,
		ElementType: types.MapType{ElemType: types.BoolType},
		MarkdownDescription: "What the provider's own credential may do with " + object + ": by type of resource, then by name of the permission. " +
			"Null unless `expand` asks for it.",
	}
}
