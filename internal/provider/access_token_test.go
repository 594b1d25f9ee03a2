package provider_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// tokenSystem is how one system's access tokens are got and used.
type tokenSystem struct {
	// credential is the configuration of a credential, and given are the arguments that name it.
	credential, given string
	// partial are some of the arguments, and wrong all of them with a secret that is wrong.
	partial, wrong string
	// missing is the argument that partial lacks, and refused what the error about wrong says.
	missing string
	refused []string
	// address is where whoever has a token may read something, below that of a variable.
	variable, address string
	// unmoved tells that the sandbox's tokens do not end by a clock that is moved.
	unmoved bool
	// without are the variables by which a provider logs in without an exchange, and configure what it is told to set.
	without   map[string]string
	configure string
}

var tokenSystems = map[string]tokenSystem{
	"dt": {
		credential: ephemeralSystems["dt"].account + `resource "machineid_dt_service_account_key" "test" {
			service_account = machineid_dt_service_account.test.name
		}
		`,
		given: `key_id = machineid_dt_service_account_key.test.id
			secret = machineid_dt_service_account_key.test.secret
			email  = machineid_dt_service_account.test.email`,
		partial: "key_id = \"k\"\n secret = local.wrong", missing: "email",
		wrong:    "key_id = \"k\"\n secret = local.wrong\n email = \"a@example.com\"",
		refused:  []string{"Key k.", "DT answered with status 400", "untrusted entity", "Check that secret is that of key_id", "email is the address"},
		variable: "DT_BASE_URL", address: "/v2/roles",
		without: map[string]string{"DT_AUTH": "basic"}, configure: `Set dt.auth = "oauth2" (DT_AUTH) and dt.email`,
	},
	"neowit": {
		credential: ephemeralSystems["neowit"].account + `resource "machineid_neowit_service_account_key" "test" {
			service_account_id = machineid_neowit_service_account.test.id
		}
		`,
		given: `service_account_id = machineid_neowit_service_account.test.id
			key_id             = machineid_neowit_service_account_key.test.key_id
			secret             = machineid_neowit_service_account_key.test.secret`,
		partial: "service_account_id = \"s\"\n secret = local.wrong", missing: "key_id",
		wrong:    "service_account_id = \"s\"\n key_id = \"k\"\n secret = local.wrong",
		refused:  []string{"Key k of service account s.", "Neowit answered with status", "Check that secret is that of key_id", "service_account_id is the account"},
		variable: "NEOWIT_BASE_URL", address: "/service-account/v1/service-account",
		without: map[string]string{"NEOWIT_AUTH": "basic"}, configure: `Set neowit.auth = "oauth2" (NEOWIT_AUTH) and neowit.service_account_id`,
	},
	"keycard": {
		credential: ephemeralSystems["keycard"].account + `resource "machineid_keycard_service_account_credential" "test" {
			service_account_id = machineid_keycard_service_account.test.id
			name               = "given"
		}
		`,
		given: `client_id     = machineid_keycard_service_account_credential.test.client_id
			client_secret = machineid_keycard_service_account_credential.test.client_secret`,
		partial: "client_secret = local.wrong", missing: "client_id",
		wrong:    "client_id = \"k\"\n client_secret = local.wrong",
		refused:  []string{"Credential k.", "Keycard answered with status 401", "Check that client_secret is that of client_id"},
		variable: "KEYCARD_ENDPOINT", address: "/organizations", unmoved: true,
	},
	"zenml": {
		credential: ephemeralSystems["zenml"].account + `resource "machineid_zenml_api_key" "test" {
			service_account_id = machineid_zenml_service_account.test.id
			name               = "given"
		}
		`,
		given:    "api_key = machineid_zenml_api_key.test.key",
		wrong:    "api_key = local.wrong",
		refused:  []string{"Login with api_key.", "ZenML answered with status 401", "Check that api_key is that of this server"},
		variable: "ZENML_SERVER_URL", address: "/api/v1/current-user",
		without: map[string]string{"ZENML_API_TOKEN": "hunter2-token"}, configure: "Set zenml.username and zenml.password, or zenml.api_key, in place of zenml.api_token",
	},
}

// tokenBlock is an ephemeral access token.
func tokenBlock(system, name, arguments string) string {
	return "ephemeral \"machineid_" + system + "_access_token\" \"" + name + "\" {\n" + arguments + "\n}\n"
}

// minted notes when the tokens end that a system gives out: an hour after its answers.
type minted struct {
	mu   sync.Mutex
	ends []string
}

func (m *minted) see(response *http.Response) {
	path := response.Request.URL.Path
	if response.StatusCode != http.StatusOK || !strings.HasSuffix(path, "token") && !strings.HasSuffix(path, "/login") {
		return
	}
	date, err := http.ParseTime(response.Header.Get("Date"))
	if err != nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ends = append(m.ends, date.Add(time.Hour).UTC().Format(time.RFC3339))
}

func (m *minted) has(end string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Contains(m.ends, end)
}

// Each opening gets a token of its own, which the system accepts until the moment that it has told.
func TestEphemeralAccessTokens(t *testing.T) {
	t.Parallel()
	for name, system := range tokenSystems {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box := acctest.Sandbox(t)
			box.Set(t, "zenml", map[string]string{"token_expires_in": "3600"})
			box.MoveClock(t, 20*time.Second) // else our own clock would do as well
			var minted minted
			env := box.Between(t, acctest.Between{Seen: minted.see})
			accepts := func(token string) bool {
				return token != "" && acctest.Call{Method: http.MethodGet, URL: box.Env()[system.variable] + system.address, Authorization: "Bearer " + token}.Send(t).Status == http.StatusOK
			}
			w := acctest.NewInstalledWorkspace(t, env)
			w.Variables(map[string]string{"dt_project": env["TF_VAR_dt_project"]})
			var handed map[string]string
			consumer := acctest.Consumer(t, func(values map[string]string) bool {
				handed = values
				return accepts(values["own"]) && accepts(values["twice"]) && accepts(values["given"])
			})
			w.Write("credential.tf", "variable \"dt_project\" {}\n"+system.credential)
			w.MustApply()
			w.Log()
			kind := "ephemeral.machineid_" + name + "_access_token."
			w.Write("tokens.tf", tokenBlock(name, "own", "")+tokenBlock(name, "twice", "")+tokenBlock(name, "given", system.given)+
				consumer("first", "{\n own = "+kind+"own.access_token\n twice = "+kind+"twice.access_token\n given = "+kind+"given.access_token\n"+
					"own_ends = "+kind+"own.expires_at\n given_ends = "+kind+"given.expires_at\n}"))
			w.MustApply()
			if handed["own"] == handed["twice"] || handed["own"] == handed["given"] || handed["twice"] == handed["given"] {
				t.Error("a token was handed over twice")
			}
			for _, token := range []string{"own", "given"} {
				if end := handed[token+"_ends"]; !minted.has(end) {
					t.Errorf("the token ends at %q, and those that were got at %v", end, minted.ends)
				}
			}
			for _, token := range []string{"own", "twice", "given"} {
				if files := w.FilesWith(handed[token]); len(files) > 0 {
					t.Errorf("the token %s is in %v", token, files)
				}
			}
			w.MustBeQuiet()
			box.MoveClock(t, time.Hour+time.Minute)
			if !system.unmoved && (accepts(handed["own"]) || accepts(handed["given"])) {
				t.Error("a token is accepted after its end")
			}
		})
	}
}

// Nothing is made for a token, and the provider's own is not given away: each opening is a login, and nothing else.
func TestEphemeralAccessTokensAreNoneOfTheProvider(t *testing.T) {
	t.Parallel()
	for name := range tokenSystems {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box := acctest.Sandbox(t)
			w := acctest.NewWorkspace(t, box.Env())
			w.Write("main.tf", tokenBlock(name, "one", "")+tokenBlock(name, "two", ""))
			w.Plan()
			if logins, all := box.Logins(t), box.Count(t, func(acctest.RequestCount) bool { return true }); logins != 2 || all != 2 {
				t.Errorf("%d requests with %d logins, want two, all of them logins", all, logins)
			}
			w.Write("source.tf", "data \""+ephemeralSystems[name].source+"\" \"test\" {}\n")
			box.ForgetRequests(t)
			w.Plan()
			if logins := box.Logins(t); logins != 3 {
				t.Errorf("%d logins, want one for each token, and the provider's own", logins)
			}
		})
	}
}

// What cannot be had is refused with what is to be done about it, and shows no secret.
func TestEphemeralAccessTokensThatCannotBeHad(t *testing.T) {
	t.Parallel()
	for name, system := range tokenSystems {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box := acctest.Sandbox(t)
			env := box.Env()
			noun := map[string]string{"dt": "DT", "neowit": "Neowit", "keycard": "Keycard", "zenml": "ZenML"}[name]
			fails := func(env map[string]string, arguments string, phrases ...string) {
				t.Helper()
				w := acctest.NewWorkspace(t, env)
				w.Write("main.tf", tokenBlock(name, "test", arguments))
				w.Write("wrong.tf", "locals {\n wrong = \"hunter2-secret\"\n}\n") // where the CLI does not quote it
				if printed := w.ApplyMustFail(phrases...); strings.Contains(printed, "hunter2") {
					t.Errorf("a secret is shown:\n%s", printed)
				}
			}
			fails(env, system.wrong, append([]string{"Cannot open ephemeral " + noun + " access token"}, system.refused...)...)
			if system.partial != "" {
				box.ForgetRequests(t)
				fails(env, system.partial, "Invalid Attribute Combination", `Attribute "`+system.missing+`" must be specified when`)
				box.MustBeUnasked(t)
			}
			if system.without != nil {
				without := acctest.Without(env, "ZENML_USERNAME", "ZENML_PASSWORD")
				maps.Copy(without, system.without)
				box.ForgetRequests(t)
				fails(without, "", "Cannot open ephemeral "+noun+" access token", "Nothing was sent.", system.configure)
				box.MustBeUnasked(t)
			}
			for _, secret := range acctest.Secrets(env) {
				env = replaced(env, secret, "hunter2"+secret[7:])
			}
			fails(env, "", "Cannot open ephemeral "+noun+" access token", noun+" answered with status", "login", "failed, nothing else was sent. Check")
		})
	}
}

// A credential that is given has tokens where the provider's own login has none, if the system's address tells where.
func TestEphemeralAccessTokensOfAGivenCredential(t *testing.T) {
	t.Parallel()
	for name, works := range map[string]bool{"neowit": true, "zenml": true, "dt": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box := acctest.Sandbox(t)
			system, env := tokenSystems[name], box.Env()
			maker := acctest.NewWorkspace(t, env)
			maker.Variables(map[string]string{"dt_project": env["TF_VAR_dt_project"]})
			maker.Write("main.tf", "variable \"dt_project\" {}\n"+system.credential+"output \"given\" {\n sensitive = true\n value = {\n"+system.given+"\n}\n}\n")
			maker.MustApply()
			given, _ := maker.Output("given").(map[string]any)
			arguments := ""
			for argument, value := range given {
				arguments += fmt.Sprintf("%s = %q\n", argument, value)
			}
			without := acctest.Without(env, "ZENML_USERNAME", "ZENML_PASSWORD")
			maps.Copy(without, system.without)
			w := acctest.NewWorkspace(t, without)
			w.Write("main.tf", tokenBlock(name, "test", arguments))
			if !works {
				w.ApplyMustFail("Cannot open ephemeral", system.configure)
				return
			}
			box.ForgetRequests(t)
			w.Plan()
			if logins := box.Logins(t); logins != 1 {
				t.Errorf("%d logins, want 1", logins)
			}
		})
	}
}

// replaced is an environment in which one value stands for another.
func replaced(env map[string]string, value, other string) map[string]string {
	for name, found := range env {
		if found == value {
			env = acctest.With(env, name, other)
		}
	}
	return env
}
