package zenmlapi

import (
	"context"
	"net/http"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// Verify logs in with an API key, and tells whether the server accepts it. The server takes that for a use of the key.
// Neither the provider's own login nor the clock of this machine has a part in it.
func (c *Client) Verify(ctx context.Context, key string) (accepted bool, err error) {
	c.secrets.Add(key)
	_, err = c.login(ctx, Login{APIKey: key})
	// What stands before the server may refuse too, but not in the server's words (contract A05).
	if answer, ok := rest.AsError(err); ok && rest.HasStatus(err, http.StatusUnauthorized) && answer.Message != "" {
		return false, nil
	}
	return err == nil, err
}
