package dtapi

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// ErrCannotVerify tells that there is no way to log in with a key: the provider has no token endpoint of its own, and the
// key's account does not allow Basic auth.
var ErrCannotVerify = errors.New("the provider uses Basic auth, which the service account of the key does not allow")

// CanVerify asks whether [Client.Verify] has a way to log in with keys of an account: if not, it returns [ErrCannotVerify].
func (c *Client) CanVerify(ctx context.Context, account string) error {
	if c.login != nil {
		return nil
	}
	_, err := c.verifiable(ctx, account)
	return err
}

// verifiable reads the account of a key that is to be verified.
func (c *Client) verifiable(ctx context.Context, account string) (*ServiceAccount, error) {
	owner, err := c.ServiceAccount(ctx, account, time.Time{})
	if err == nil && c.login == nil && !owner.EnableBasicAuth {
		return nil, ErrCannotVerify
	}
	return owner, err
}

// Verify logs in with a key as its account, and tells whether the server accepts it. The login is that of OAuth2, or Basic
// auth if that is what the client itself uses: it knows no token endpoint then that is proven.
func (c *Client) Verify(ctx context.Context, account, keyID, secret string) (accepted bool, err error) {
	c.secrets.Add(secret)
	owner, err := c.verifiable(ctx, account)
	if err != nil {
		return false, err
	}
	if c.login == nil {
		return c.verifyBasic(ctx, keyID, secret)
	}
	login := *c.login
	login.config.KeyID, login.config.Secret, login.config.Email = keyID, secret, owner.Email
	_, err = login.fetch(ctx)
	return rest.LoginVerdict(err)
}

func (c *Client) verifyBasic(ctx context.Context, keyID, secret string) (accepted bool, err error) {
	header := http.Header{}
	_ = rest.Basic{User: keyID, Password: secret}.Authorize(ctx, header) // a fixed pair cannot fail
	_, err = rest.Send[any](ctx, c.rest, rest.Request{
		Method: http.MethodGet, Path: path("roles"), Header: header, Anonymous: true, Repeatable: true,
	})
	// Whom the API itself tells that he may not list roles was let in; what stands before it may forbid anything.
	if answer, ok := rest.AsError(err); ok && IsForbidden(err) && answer.Code != "" {
		return true, nil
	}
	return rest.LoginVerdict(err)
}
