package keycardapi

import (
	"context"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// LoginOnce shows to tests the token that a login gives, with its lifetime.
func LoginOnce(ctx context.Context, config Config) (rest.Token, error) {
	endpoint, err := rest.ParseEndpoint(config.TokenURL)
	if err != nil {
		return rest.Token{}, err
	}
	client, err := rest.New(rest.Config{System: system, Endpoint: endpoint})
	if err != nil {
		return rest.Token{}, err
	}
	return (&login{client: client, secrets: &rest.Secrets{}, id: config.ClientID, secret: config.ClientSecret}).fetch(ctx)
}

// ParseError shows to tests how the body of an error is read.
var ParseError = parseError
