package keycardapi

import (
	"context"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// Verify logs in with a credential, and tells whether the server accepts it. The server may take that for a use of it.
func (c *Client) Verify(ctx context.Context, clientID, clientSecret string) (accepted bool, err error) {
	c.secrets.Add(clientSecret)
	_, err = (&login{client: c.login.client, secrets: c.secrets, id: clientID, secret: clientSecret}).fetch(ctx)
	return rest.LoginVerdict(err)
}
