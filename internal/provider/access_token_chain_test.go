//go:build unix

package provider_test

import (
	"cmp"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-exec/tfexec"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// chained is a token of an ephemeral credential, and that credential.
func chained(name, when string) string {
	system := ephemeralSystems[name]
	given := strings.ReplaceAll(tokenSystems[name].given, system.kind+".", "ephemeral."+system.kind+".")
	return system.block() + tokenBlock(name, "test", given+"\nmint_when = "+when)
}

// An apply makes a credential, gets a token of it, and revokes the credential; a plan does nothing of that, however often.
func TestAccessTokenOfEphemeralCredential(t *testing.T) {
	t.Parallel()
	for name, system := range tokenSystems {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box := acctest.Sandbox(t)
			box.Set(t, "keycard", map[string]string{"revoke_tokens": "on"})
			run := ephemeralRunOf(t, name, box, box.Env())
			run.Write("account.tf", "")
			run.MustApply()
			box.ForgetRequests(t)
			accepts := func(token string) bool {
				return token != "" && acctest.Call{Method: http.MethodGet, URL: box.Env()[system.variable] + system.address, Authorization: "Bearer " + token}.Send(t).Status == http.StatusOK
			}
			run.using(func(handed map[string]string) bool { return accepts(handed["token"]) && len(run.made()) == 1 })
			run.Write("account.tf", run.system.account)
			token := "{\n token = ephemeral.machineid_" + name + "_access_token.test.access_token\n}"
			var earlier string
			for _, turn := range []string{"first", "second"} {
				run.Write("chain.tf", chained(name, "terraform.applying")+run.consumer(turn, token))
				if _, printed, changes := run.Plan(tfexec.Refresh(false)); !changes {
					t.Fatalf("the consumer is not planned:\n%s", printed)
				}
				box.MustBeUnasked(t)
				run.MustApply(run.SavedPlan())
				got := (*run.handed.Load())["token"]
				// The provider's own token would be accepted on.
				if got == earlier || accepts(got) || len(run.made()) > 0 {
					t.Errorf("the token is that of the apply before, or is accepted after its credential was revoked, of which there are %v", run.made())
				}
				if files := run.FilesWith(got); len(files) > 0 {
					t.Errorf("the token is in %v", files)
				}
				earlier = got
				run.MustBeQuiet()
				box.ForgetRequests(t)
			}
			run.Write("chain.tf", "")
			run.end()
		})
	}
}

// partOf is, for systems with several arguments, one of them without the others, and what the error says of it.
var partOf = map[string]struct{ argument, missing string }{
	"dt":      {"secret", `Attribute "key_id" must be specified when "secret" is specified`},
	"neowit":  {"key_id", `Attribute "service_account_id" must be specified when "key_id" is specified`},
	"keycard": {"client_id", `Attribute "client_secret" must be specified when "client_id" is specified`},
}

// While nothing is to be minted, nothing is sent and nothing is missing. What validation cannot know is checked in the opening.
func TestAccessTokenMintWhen(t *testing.T) {
	t.Parallel()
	for name := range tokenSystems {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box := acctest.Sandbox(t)
			kind := "machineid_" + name + "_access_token"
			provider := serve(t, box.Env())
			schema := provider.schemas.EphemeralResourceSchemas[kind]
			validated := func(values map[string]any) []*tfprotov6.Diagnostic {
				told, err := provider.server.ValidateEphemeralResourceConfig(t.Context(), &tfprotov6.ValidateEphemeralResourceConfigRequest{TypeName: kind, Config: wire(t, schema, values)})
				if err != nil {
					t.Fatal(err)
				}
				return told.Diagnostics
			}
			opened := func(values map[string]any) (map[string]tftypes.Value, []*tfprotov6.Diagnostic) {
				told, err := provider.server.OpenEphemeralResource(t.Context(), &tfprotov6.OpenEphemeralResourceRequest{TypeName: kind, Config: wire(t, schema, values)})
				if err != nil {
					t.Fatal(err)
				}
				return attributes(t, schema, told.Result), told.Diagnostics
			}
			part, several := partOf[name]
			of := func(when any) map[string]any {
				return map[string]any{"mint_when": when, cmp.Or(part.argument, "api_key"): "hunter2"}
			}
			for _, values := range []map[string]any{{"mint_when": false}, of(false)} {
				got, told := opened(values)
				if told = append(told, validated(values)...); len(told) > 0 || !got["access_token"].IsNull() || !got["expires_at"].IsNull() {
					t.Errorf("with %v there is a token, or it is told: %v", values, said(told))
				}
			}
			if told := validated(of(tftypes.UnknownValue)); len(told) > 0 {
				t.Errorf("while mint_when is unknown, it is told: %v", said(told))
			}
			if several {
				at := tftypes.NewAttributePath().WithAttributeName(part.argument)
				for _, when := range []any{nil, true} {
					_, told := opened(of(when))
					for _, told := range [][]*tfprotov6.Diagnostic{told, validated(of(when))} {
						if len(told) == 0 || !told[0].Attribute.Equal(at) || !strings.Contains(strings.Join(said(told), "\n"), part.missing) {
							t.Errorf("with mint_when = %v it is told: %v", when, said(told))
						}
					}
				}
			}
			box.MustBeUnasked(t)
			if got, told := opened(map[string]any{"mint_when": true}); len(told) > 0 || got["access_token"].IsNull() {
				t.Errorf("with mint_when = true there is no token, and it is told: %v", said(told))
			}
		})
	}
}

// What the arguments of an apply lack is told by the apply, and a plan does not care.
const tokenUser = `resource "terraform_data" "user" {
  provisioner "local-exec" {
    command     = "true"
    environment = { TOKEN = ephemeral.machineid_SYSTEM_access_token.test.access_token }
  }
}
`

func TestAccessTokenLacksArguments(t *testing.T) {
	t.Parallel()
	for name, part := range partOf {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box := acctest.Sandbox(t)
			w := acctest.NewWorkspace(t, box.Env())
			w.Write("main.tf", tokenBlock(name, "test", part.argument+" = \"hunter2\"\nmint_when = terraform.applying"))
			// In an apply, OpenTofu opens only what a change needs.
			w.Write("user.tf", strings.ReplaceAll(tokenUser, "SYSTEM", name))
			if _, printed, changes := w.Plan(); !changes {
				t.Errorf("there is nothing to apply:\n%s", printed)
			}
			w.ApplyMustFail("Invalid Attribute Combination", part.missing)
			box.MustBeUnasked(t)
		})
	}
}
