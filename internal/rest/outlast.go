package rest

import (
	"context"
	"time"
)

// Outlast returns a context that lives on for a grace after ctx has ended. An interrupt cancels every context at once;
// a create that is under way must still be given the time to bring back the id and secret of what it made.
func Outlast(ctx context.Context, grace time.Duration) (context.Context, context.CancelFunc) {
	lasting, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(grace, cancel) })
	return lasting, func() {
		stop()
		cancel()
	}
}
