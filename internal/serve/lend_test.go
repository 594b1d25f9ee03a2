package serve_test

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"weak"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/machineid/terraform-provider-machineid/internal/serve"
)

// empty is a provider without anything.
type empty struct{}

func (empty) Metadata(context.Context, provider.MetadataRequest, *provider.MetadataResponse)    {}
func (empty) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse)          {}
func (empty) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {}
func (empty) Resources(context.Context) []func() resource.Resource                              { return nil }

func (empty) DataSources(context.Context) []func() datasource.DataSource { return nil }

type key struct{}

// call makes every call of which there are many, with a context that holds something big, and returns a weak pointer to it.
func call(ctx context.Context, t *testing.T, server tfprotov6.ProviderServer) weak.Pointer[[1 << 20]byte] {
	t.Helper()
	big := new([1 << 20]byte)
	ctx = context.WithValue(ctx, key{}, big)
	_, err1 := server.ValidateResourceConfig(ctx, &tfprotov6.ValidateResourceConfigRequest{})
	_, err2 := server.UpgradeResourceState(ctx, &tfprotov6.UpgradeResourceStateRequest{})
	_, err3 := server.UpgradeResourceIdentity(ctx, &tfprotov6.UpgradeResourceIdentityRequest{})
	_, err4 := server.ReadResource(ctx, &tfprotov6.ReadResourceRequest{})
	_, err5 := server.PlanResourceChange(ctx, &tfprotov6.PlanResourceChangeRequest{})
	_, err6 := server.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{})
	if err := errors.Join(err1, err2, err3, err4, err5, err6); err != nil {
		t.Fatal(err)
	}
	return weak.Make(big)
}

// TestNothingOfACallIsKept calls the framework's own server. That it keeps contexts is why there is something to test; once
// it does not, lending can go.
func TestNothingOfACallIsKept(t *testing.T) {
	t.Parallel()
	for name, keeps := range map[string]bool{"the framework": true, "lending": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := providerserver.NewProtocol6(empty{})()
			if !keeps {
				server = serve.Server(empty{})
			}
			// As in the process, where a call's context ends with it.
			ctx, cancel := context.WithCancel(t.Context())
			held := call(ctx, t, server)
			cancel()
			runtime.GC()
			if kept := held.Value() != nil; kept != keeps {
				t.Errorf("after the calls their context is kept: %t, want %t", kept, keeps)
			}
			runtime.KeepAlive(server)
		})
	}
}

func TestALoanIsItsLendersContextUntilItIsTakenBack(t *testing.T) {
	t.Parallel()
	cause := errors.New("enough")
	lender, cancel := context.WithCancelCause(context.WithValue(t.Context(), key{}, "held"))
	lent, _ := serve.Lend(lender)
	derived, stop := context.WithCancel(lent)
	defer stop()
	if lent.Err() != nil || lent.Value(key{}) != "held" || derived.Value(key{}) != "held" {
		t.Errorf("err %v, value %v", lent.Err(), lent.Value(key{}))
	}
	cancel(cause)
	<-derived.Done()
	if lent.Err() == nil || !errors.Is(context.Cause(derived), cause) {
		t.Errorf("err %v, cause %v", lent.Err(), context.Cause(derived))
	}

	lent, takeBack := serve.Lend(context.WithValue(t.Context(), key{}, "held"))
	takeBack()
	<-lent.Done()
	if _, limited := lent.Deadline(); lent.Err() == nil || lent.Value(key{}) != nil || limited {
		t.Errorf("taken back: err %v, value %v", lent.Err(), lent.Value(key{}))
	}
}
