package acctest

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// orGossip replaces a provider by one that tells its secrets, in a control run of the canary.
func orGossip(provider tfprotov6.ProviderServer, env map[string]string) tfprotov6.ProviderServer {
	if os.Getenv(canaryVariable) != canaryControl {
		return provider
	}
	return Gossip(provider, env)
}

// Gossip returns a provider that does what another one does, and tells the secrets among its settings.
func Gossip(provider tfprotov6.ProviderServer, env map[string]string) tfprotov6.ProviderServer {
	lists, _ := provider.(tfprotov6.ListResourceServer)
	return gossip{ProviderServer: provider, ListResourceServer: lists, secrets: Secrets(env)}
}

// gossip is a provider that logs and shows the secrets among its settings, in every spelling.
type gossip struct {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	secrets []string
}

// ConfigureProvider implements [tfprotov6.ProviderServer].
func (g gossip) ConfigureProvider(ctx context.Context, req *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	resp, err := g.ProviderServer.ConfigureProvider(ctx, req)
	if err != nil {
		return nil, err
	}
	slices.Sort(g.secrets)
	for _, secret := range g.secrets {
		// A basic pair: there the secret does not begin where a group of base64 does.
		told := []string{secret, url.QueryEscape(secret), base64.StdEncoding.EncodeToString([]byte("user:" + secret))}
		tflog.Debug(ctx, "told on purpose", map[string]any{"secrets": told})
		resp.Diagnostics = append(resp.Diagnostics, &tfprotov6.Diagnostic{
			Severity: tfprotov6.DiagnosticSeverityWarning, Summary: "Told on purpose", Detail: fmt.Sprintf("\n  %s\n", strings.Join(told, "\n  ")),
		})
	}
	return resp, nil
}
