package serve

import (
	"context"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// closingTimeout bounds what is closed at the end. The CLI waits for 2 s before it kills the process.
const closingTimeout = 1900 * time.Millisecond

// closing closes at the end what the CLI has left open. When something fails that needs an ephemeral resource, Terraform and
// OpenTofu skip closing that, and end the process instead; of an interrupt they do the same.
type closing struct {
	lending

	mu   sync.Mutex
	open map[opened]struct{}
	// opening is what is under way.
	opening sync.WaitGroup
}

// opened is an ephemeral resource as closing asks for it. Without private data there is nothing to close.
type opened struct{ typeName, private string }

func newClosing(p provider.Provider) *closing {
	return &closing{lending: server(p), open: map[opened]struct{}{}}
}

// OpenEphemeralResource implements tfprotov6.ProviderServer. What has failed to open may still have something to close.
func (c *closing) OpenEphemeralResource(ctx context.Context, req *tfprotov6.OpenEphemeralResourceRequest) (*tfprotov6.OpenEphemeralResourceResponse, error) {
	c.opening.Add(1)
	defer c.opening.Done()
	resp, err := c.lending.OpenEphemeralResource(ctx, req)
	if err == nil && len(resp.Private) > 0 {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.open[opened{req.TypeName, string(resp.Private)}] = struct{}{}
	}
	return resp, err
}

// CloseEphemeralResource implements tfprotov6.ProviderServer. What has failed to close has told so, and is not tried again.
func (c *closing) CloseEphemeralResource(ctx context.Context, req *tfprotov6.CloseEphemeralResourceRequest) (*tfprotov6.CloseEphemeralResourceResponse, error) {
	resp, err := c.lending.CloseEphemeralResource(ctx, req)
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.open, opened{req.TypeName, string(req.Private)})
	return resp, err
}

// closeAll closes what is still open, all at once, and first lets end what is being opened: the server of the protocol does
// not wait for that when it stops. Nobody listens any more, so nothing is told.
func (c *closing) closeAll() {
	ctx, cancel := context.WithTimeout(context.Background(), closingTimeout)
	defer cancel()
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		c.opening.Wait()
		var all sync.WaitGroup
		c.mu.Lock()
		for left := range c.open {
			all.Go(func() {
				_, _ = c.lending.CloseEphemeralResource(ctx, &tfprotov6.CloseEphemeralResourceRequest{TypeName: left.typeName, Private: []byte(left.private)})
			})
		}
		clear(c.open)
		c.mu.Unlock()
		all.Wait()
	}()
	select {
	case <-closed:
	case <-ctx.Done(): // to open and to close may take their own time
	}
}
