package serve_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/machineid/terraform-provider-machineid/internal/serve"
)

// doors is a provider with one ephemeral resource, which notes what is closed.
type doors struct {
	empty
	mu     sync.Mutex
	closed []string
}

// EphemeralResources implements provider.ProviderWithEphemeralResources.
func (d *doors) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{func() ephemeral.EphemeralResource { return &door{doors: d} }}
}

type door struct{ doors *doors }

func (*door) Metadata(_ context.Context, _ ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = "door"
}

func (*door) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{"name": schema.StringAttribute{Required: true}}}
}

// Open has something to close unless the name is empty, and fails with the name "stuck".
func (*door) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var name types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("name"), &name)...)
	if name.ValueString() != "" {
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, "name", []byte(`"`+name.ValueString()+`"`))...)
	}
	if name.ValueString() == "stuck" {
		resp.Diagnostics.AddError("stuck", "")
	}
}

// Close of the name "jammed" does not end.
func (d *door) Close(ctx context.Context, req ephemeral.CloseRequest, _ *ephemeral.CloseResponse) {
	name, _ := req.Private.GetKey(ctx, "name")
	if string(name) == `"jammed"` {
		select {}
	}
	d.doors.mu.Lock()
	defer d.doors.mu.Unlock()
	d.doors.closed = append(d.doors.closed, strings.Trim(string(name), `"`))
}

// What the CLI leaves open is closed at the end: once, only what has something to close, and before the CLI kills the process.
func TestWhatIsLeftOpenIsClosedAtTheEnd(t *testing.T) {
	t.Parallel()
	house := &doors{}
	server, closeAll := serve.Closing(house)
	kind := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"name": tftypes.String}}
	private := map[string][]byte{}
	for _, name := range []string{"front", "back", "stuck", "", "jammed"} {
		config, err := tfprotov6.NewDynamicValue(kind, tftypes.NewValue(kind, map[string]tftypes.Value{"name": tftypes.NewValue(tftypes.String, name)}))
		if err != nil {
			t.Fatal(err)
		}
		opened, err := server.OpenEphemeralResource(t.Context(), &tfprotov6.OpenEphemeralResourceRequest{TypeName: "door", Config: &config})
		if err != nil {
			t.Fatal(err)
		}
		private[name] = opened.Private
	}
	if _, err := server.CloseEphemeralResource(t.Context(), &tfprotov6.CloseEphemeralResourceRequest{TypeName: "door", Private: private["front"]}); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	closeAll()
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("it took %s, and the CLI waits for 2 s", took)
	}
	house.mu.Lock()
	defer house.mu.Unlock()
	slices.Sort(house.closed)
	if want := []string{"back", "front", "stuck"}; !slices.Equal(house.closed, want) {
		t.Errorf("closed were %v, want %v", house.closed, want)
	}
}
