package neowitapi

import (
	"context"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// Verify logs in with a key of a service account by OAuth2, and tells whether the server accepts it.
func (c *Client) Verify(ctx context.Context, account, keyID, secret string) (accepted bool, err error) {
	c.secrets.Add(secret)
	_, err = c.login(ctx, Login{ServiceAccountID: account, KeyID: keyID, Secret: secret, Audience: c.audience})
	return rest.LoginVerdict(err)
}
