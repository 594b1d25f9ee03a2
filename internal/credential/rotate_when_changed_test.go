package credential_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/credential"
)

func TestRotationRequested(t *testing.T) {
	t.Parallel()
	null, unknown := types.MapNull(types.StringType), types.MapUnknown(types.StringType)
	of := func(pairs map[string]attr.Value) types.Map { return types.MapValueMust(types.StringType, pairs) }
	one := of(map[string]attr.Value{"quarter": types.StringValue("1")})
	tests := map[string]struct {
		state, plan types.Map
		want        bool
	}{
		"no map on either side":     {null, null, false},
		"a map comes":               {null, one, false},
		"a map goes":                {one, null, false},
		"an unknown map comes":      {null, unknown, false},
		"nothing changes":           {one, of(map[string]attr.Value{"quarter": types.StringValue("1")}), false},
		"a value changes":           {one, of(map[string]attr.Value{"quarter": types.StringValue("2")}), true},
		"a key is added":            {one, of(map[string]attr.Value{"quarter": types.StringValue("1"), "leak": types.StringValue("")}), true},
		"a key is renamed":          {one, of(map[string]attr.Value{"half": types.StringValue("1")}), true},
		"the map is emptied":        {one, of(nil), true},
		"a value becomes null":      {one, of(map[string]attr.Value{"quarter": types.StringNull()}), true},
		"a value is not known yet":  {one, of(map[string]attr.Value{"quarter": types.StringUnknown()}), true},
		"the map is not known yet":  {one, unknown, true},
		"an empty map stays":        {of(nil), of(map[string]attr.Value{}), false},
		"an empty map gets a value": {of(nil), one, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := credential.RotationRequested(test.state, test.plan); got != test.want {
				t.Errorf("RotationRequested(%s, %s) = %t, want %t", test.state, test.plan, got, test.want)
			}
		})
	}
}
