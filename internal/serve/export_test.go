package serve

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Quiet is what [Serve] does first.
var Quiet = quiet

// Lending is what [Serve] serves for a server of the framework.
func Lending(server tfprotov6.ProviderServer) tfprotov6.ProviderServer { return lending{server} }

// Lend returns a context that is another until it is taken back.
func Lend(ctx context.Context) (lent context.Context, takeBack func()) {
	l := lend(ctx)
	return l, l.takeBack
}
