package campaign_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
	"github.com/machineid/terraform-provider-machineid/internal/campaign"
)

// TestTheCanaryHearsGossip plays a cell of each kind and system with a provider that tells its secrets on purpose. The cell
// must be a bad one that says where they were told, and does not repeat them.
func TestTheCanaryHearsGossip(t *testing.T) {
	t.Parallel()
	for _, subject := range subjects() {
		if !strings.HasSuffix(subject.name, "service_account") && !strings.HasSuffix(subject.name, "access_token") {
			continue
		}
		t.Run(subject.name, func(t *testing.T) {
			t.Parallel()
			cells := subject.derive(t)
			at := slices.IndexFunc(cells, func(cell campaign.Cell) bool {
				return slices.Contains([]string{"refresh", "open", "list"}, cell.StepName) && cell.Fault.Name == "403"
			})
			var secrets []string
			verdict := cells[at].Run(t, func(env map[string]string, now func() time.Time) campaign.Runner {
				engine := campaign.NewEngine(env, now)
				serve := engine.Serve
				engine.Serve = func() (tfprotov6.ProviderServer, error) {
					server, err := serve()
					return acctest.Gossip(server, env), err
				}
				secrets = acctest.Secrets(env)
				return engine
			})
			told := strings.Join(verdict.Problems, "\n")
			if verdict.Outcome != campaign.Bad {
				t.Errorf("the cell is %s", verdict.Outcome)
			}
			for _, where := range []string{"a log", "a diagnostic"} {
				for _, spelling := range []string{"plain text", "base64"} {
					if !strings.Contains(told, "a secret as "+spelling+" in "+where+": ") {
						t.Errorf("no secret was found as %s in %s", spelling, where)
					}
				}
			}
			if len(secrets) == 0 || slices.ContainsFunc(secrets, func(secret string) bool { return strings.Contains(told, secret) }) {
				t.Errorf("the %d secrets are repeated, or there are none", len(secrets))
			}
		})
	}
}

// telltale is a provider that tells what it has opened.
type telltale struct{ tfprotov6.ProviderServer }

// OpenEphemeralResource implements [tfprotov6.ProviderServer].
func (p telltale) OpenEphemeralResource(ctx context.Context, req *tfprotov6.OpenEphemeralResourceRequest) (*tfprotov6.OpenEphemeralResourceResponse, error) {
	resp, err := p.ProviderServer.OpenEphemeralResource(ctx, req)
	if err == nil && resp.Result != nil {
		resp.Diagnostics = append(resp.Diagnostics, &tfprotov6.Diagnostic{
			Severity: tfprotov6.DiagnosticSeverityWarning, Summary: "Told on purpose", Detail: string(resp.Result.MsgPack),
		})
	}
	return resp, err
}

// TestTheCanaryHearsWhatWasOpened plays a cell of each ephemeral resource with a provider that tells what it has opened.
func TestTheCanaryHearsWhatWasOpened(t *testing.T) {
	t.Parallel()
	for _, opening := range campaign.Openings() {
		t.Run(opening.System+"_"+opening.Noun, func(t *testing.T) {
			t.Parallel()
			cells := campaign.DeriveOpening(t, opening)
			at := slices.IndexFunc(cells, func(cell campaign.Cell) bool { return cell.StepName == "open" && cell.Fault.Name == "429 in 1 s" })
			verdict := cells[at].Run(t, func(env map[string]string, now func() time.Time) campaign.Runner {
				engine := campaign.NewEngine(env, now)
				serve := engine.Serve
				engine.Serve = func() (tfprotov6.ProviderServer, error) {
					server, err := serve()
					return telltale{server}, err
				}
				return engine
			})
			told := strings.Join(verdict.Problems, "\n")
			if verdict.Outcome != campaign.Bad || !strings.Contains(told, "a secret as plain text in a diagnostic: ") {
				t.Errorf("the cell is %s: %s", verdict.Outcome, told)
			}
		})
	}
}

// TestTheCanaryKnowsEverySpelling has a secret learned that every spelling changes.
func TestTheCanaryKnowsEverySpelling(t *testing.T) {
	t.Parallel()
	const secret = `p "ss & w/rd`
	box, listener := acctest.OverheardSandbox(t)
	form := url.Values{"username": {"somebody"}, "password": {secret}}.Encode()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, box.Env()["ZENML_SERVER_URL"]+"/api/v1/login", strings.NewReader(form))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := (&http.Client{Timeout: time.Minute}).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	for spelling, texts := range map[string][]string{
		"plain text":  {secret},
		"URL":         {url.QueryEscape(secret), url.PathEscape(secret)},
		"JSON string": {`p \"ss & w/rd`, `p \"ss \u0026 w/rd`},
		"base64": {
			base64.StdEncoding.EncodeToString([]byte(secret)), base64.StdEncoding.EncodeToString([]byte("a:" + secret + "?")),
			base64.URLEncoding.EncodeToString([]byte("ab:" + secret)), base64.RawURLEncoding.EncodeToString([]byte("abc:" + secret)),
		},
	} {
		for i, text := range texts {
			before := listener.Found()
			listener.Told(fmt.Sprintf("text %d, %s, and more", i, text))
			found := slices.DeleteFunc(listener.Found(), func(known string) bool { return slices.Contains(before, known) })
			if len(found) != 1 || !strings.HasPrefix(found[0], "a secret as "+spelling+" in a diagnostic: text ") || strings.Contains(found[0], text) {
				t.Errorf("%s: found %q", spelling, found)
			}
		}
	}
}
