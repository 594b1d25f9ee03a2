package neowitapi

import (
	"context"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// LoginOnce shows to tests the token that a login gives, with its lifetime.
func (c *Client) LoginOnce(ctx context.Context, login Login) (rest.Token, error) {
	return c.login(ctx, login)
}

// ParseError shows to tests how the body of an error is read.
var ParseError = parseError
