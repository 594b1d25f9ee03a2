package serve

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// lending lends the framework the contexts of those calls of which there are many. The framework keeps each one until the
// process ends, so as to cancel it then, and with it the call's loggers: some 12 KiB for a call, and five calls for an
// object in a plan (terraform-plugin-framework 1.19, internal/proto6server/serve.go).
//
// A server that offers more than the interfaces below, such as actions, must offer it here too, or the CLI does not find it.
type lending struct {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
}

// ValidateResourceConfig implements tfprotov6.ProviderServer.
func (s lending) ValidateResourceConfig(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	lent := lend(ctx)
	defer lent.takeBack()
	return s.ProviderServer.ValidateResourceConfig(lent, req)
}

// UpgradeResourceState implements tfprotov6.ProviderServer.
func (s lending) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	lent := lend(ctx)
	defer lent.takeBack()
	return s.ProviderServer.UpgradeResourceState(lent, req)
}

// UpgradeResourceIdentity implements tfprotov6.ProviderServer.
func (s lending) UpgradeResourceIdentity(ctx context.Context, req *tfprotov6.UpgradeResourceIdentityRequest) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	lent := lend(ctx)
	defer lent.takeBack()
	return s.ProviderServer.UpgradeResourceIdentity(lent, req)
}

// ReadResource implements tfprotov6.ProviderServer.
func (s lending) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	lent := lend(ctx)
	defer lent.takeBack()
	return s.ProviderServer.ReadResource(lent, req)
}

// PlanResourceChange implements tfprotov6.ProviderServer.
func (s lending) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	lent := lend(ctx)
	defer lent.takeBack()
	return s.ProviderServer.PlanResourceChange(lent, req)
}

// ApplyResourceChange implements tfprotov6.ProviderServer.
func (s lending) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	lent := lend(ctx)
	defer lent.takeBack()
	return s.ProviderServer.ApplyResourceChange(lent, req)
}

// loan is another's context until it is taken back. From then on it is one that has ended, and holds nothing.
type loan struct {
	lender atomic.Pointer[context.Context]
}

func lend(ctx context.Context) *loan {
	var l loan
	l.lender.Store(&ctx)
	return &l
}

func (l *loan) takeBack() { l.lender.Store(&ended) }

// ended is what a loan is after its time.
var ended = func() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}()

// Deadline implements context.Context.
func (l *loan) Deadline() (time.Time, bool) { return (*l.lender.Load()).Deadline() }

// Done implements context.Context.
func (l *loan) Done() <-chan struct{} { return (*l.lender.Load()).Done() }

// Err implements context.Context.
func (l *loan) Err() error { return (*l.lender.Load()).Err() }

// Value implements context.Context.
func (l *loan) Value(key any) any { return (*l.lender.Load()).Value(key) }
