package serve_test

import (
	"context"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
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
	// opening is closed when something slow is being opened.
	opening chan struct{}
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

// Open has something to close unless the name is empty, takes its time with the name "slow", and fails with "stuck".
func (d *door) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var name types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("name"), &name)...)
	if name.ValueString() != "" {
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, "name", []byte(`"`+name.ValueString()+`"`))...)
	}
	if name.ValueString() == "slow" {
		close(d.doors.opening)
		<-time.After(200 * time.Millisecond)
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
	private := map[string][]byte{}
	for _, name := range []string{"front", "back", "stuck", "", "jammed"} {
		private[name] = open(t, server, name)
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

// open returns the private data of what is opened.
func open(t *testing.T, server tfprotov6.ProviderServer, name string) []byte {
	t.Helper()
	kind := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"name": tftypes.String}}
	config, err := tfprotov6.NewDynamicValue(kind, tftypes.NewValue(kind, map[string]tftypes.Value{"name": tftypes.NewValue(tftypes.String, name)}))
	if err != nil {
		t.Error(err)
		return nil
	}
	opened, err := server.OpenEphemeralResource(context.WithoutCancel(t.Context()), &tfprotov6.OpenEphemeralResourceRequest{TypeName: "door", Config: &config})
	if err != nil {
		t.Error(err)
		return nil
	}
	return opened.Private
}

// What is being opened at the end is waited for, and closed.
func TestWhatIsBeingOpenedIsClosedAtTheEnd(t *testing.T) {
	t.Parallel()
	house := &doors{opening: make(chan struct{})}
	server, closeAll := serve.Closing(house)
	go open(t, server, "slow")
	<-house.opening
	closeAll()
	house.mu.Lock()
	defer house.mu.Unlock()
	if !slices.Equal(house.closed, []string{"slow"}) {
		t.Errorf("closed were %v", house.closed)
	}
}

// A process that was asked to end stays as long as the CLI does, and ends in order after it.
func TestOutlivingASignal(t *testing.T) {
	t.Parallel()
	asked, finished := make(chan os.Signal, 1), make(chan struct{})
	var parent atomic.Int64
	parent.Store(7)
	go serve.Orphaned(asked, func() int { return int(parent.Load()) }, func() { close(finished) })
	asked <- os.Interrupt
	select {
	case <-finished:
		t.Fatal("it ends, and the CLI is there")
	case <-time.After(1500 * time.Millisecond):
	}
	parent.Store(1)
	select {
	case <-finished:
	case <-time.After(10 * time.Second):
		t.Fatal("it does not end, and the CLI is gone")
	}
}
