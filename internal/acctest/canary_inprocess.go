package acctest

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-log/tfsdklog"
)

// Logged returns a context in which a provider that no CLI calls logs to the canary; see also [Printed]. Without a canary
// it is ctx, and nothing is logged.
func Logged(ctx context.Context, t testing.TB) context.Context {
	t.Helper()
	if canaryFile(t, logSuffix) == "" {
		return ctx
	}
	ctx = tfsdklog.ContextWithTestLogging(ctx, t.Name())
	return tfsdklog.NewRootProviderLogger(tfsdklog.NewRootSDKLogger(ctx))
}
