package serve

import (
	"context"
)

// Quiet is what [Serve] does first.
var Quiet = quiet

// Lend returns a context that is another until it is taken back.
func Lend(ctx context.Context) (lent context.Context, takeBack func()) {
	l := lend(ctx)
	return l, l.takeBack
}
