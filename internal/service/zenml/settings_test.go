package zenml_test

import (
	"fmt"
	"net/url"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

const oneAccount = `
resource "machineid_zenml_service_account" "test" {
  name = "settings"
}
`

func TestSettingsThatCannotWork(t *testing.T) {
	t.Parallel()
	env := acctest.Sandbox(t).Env()
	address, token := env["ZENML_SERVER_URL"], map[string]string{"ZENML_SERVER_URL": env["ZENML_SERVER_URL"], "ZENML_API_TOKEN": "not-a-token"}
	site, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	provider := func(lines string) string {
		return "provider \"machineid\" {\n max_retries = 0\n zenml = {\n" + lines + "\n}\n}\n"
	}
	tests := map[string]struct {
		env    map[string]string
		config string
		want   []string
	}{
		"two ways in at once": {
			env, provider(`username = "admin"` + "\n" + `password = "x"` + "\n" + `api_key = "ZENKEY_x"`),
			[]string{"Invalid Attribute Combination", `"zenml.api_key" cannot be specified when "zenml.username" is specified`},
		},
		"two ways in the environment": {
			acctest.With(env, "ZENML_API_KEY", "ZENKEY_x"), "",
			[]string{"More than one way in", "ZENML_USERNAME and ZENML_PASSWORD", "ZENML_API_KEY"},
		},
		"no way in": {
			acctest.Without(env, "ZENML_USERNAME", "ZENML_PASSWORD"), "",
			[]string{"No way in", "zenml.username and zenml.password (environment: ZENML_USERNAME and ZENML_PASSWORD)", "zenml.api_token", "zenml.api_key"},
		},
		"half a way in": {
			acctest.Without(env, "ZENML_PASSWORD"), provider(`username = "admin"`),
			[]string{"Incomplete way in", "zenml.password", "ZENML_PASSWORD"},
		},
		"nothing at all": {
			nil, "",
			[]string{"No ZenML server", "ZENML_SERVER_URL", "zenml.username and zenml.password", "ZENML_API_KEY"},
		},
		"no address": {
			acctest.Without(env, "ZENML_SERVER_URL"), "",
			[]string{"No ZenML server", "zenml.server_url", "ZENML_SERVER_URL"},
		},
		"an address in clear text": {
			env, provider(`server_url = "http://zenml.example.com"`),
			[]string{"Invalid address", "clear text"},
		},
		"such an address in the environment": {
			acctest.With(env, "ZENML_SERVER_URL", "http://zenml.example.com"), "",
			[]string{"Invalid ZenML server address", "ZENML_SERVER_URL", "clear text"},
		},
		"no address at all": {
			env, provider(`server_url = "zenml.example.com"`),
			[]string{"Invalid address", "absolute URL"},
		},
		"a wrong password": {
			acctest.With(env, "ZENML_PASSWORD", "wrong"), "",
			[]string{"Cannot read ZenML service account", "status 401", "invalid username or password", "The login failed"},
		},
		"an unknown user": {
			acctest.With(env, "ZENML_USERNAME", "nobody"), "",
			[]string{"Cannot read ZenML service account", "status 401", "The login failed"},
		},
		"an API key that does not exist": {
			map[string]string{"ZENML_SERVER_URL": address, "ZENML_API_KEY": "ZENKEY_x"},
			"",
			[]string{"status 401", "error decoding API key", "login with the API key failed"},
		},
		"a token that is none": {
			token, "",
			[]string{"status 401", "error decoding access token", "does not accept zenml.api_token (ZENML_API_TOKEN)"},
		},
		"a token with a line break": {
			acctest.With(token, "ZENML_API_TOKEN", "token\n"), "",
			[]string{"Invalid way in", "zenml.api_token", "line breaks"},
		},
		"the address of a site": {
			acctest.With(env, "ZENML_SERVER_URL", site.Scheme+"://"+site.Host+"/zenml/dashboard"), "",
			[]string{"status 405", "must be the address of a ZenML server"},
		},
		"the address of a site, with a token": {
			acctest.With(token, "ZENML_SERVER_URL", site.Scheme+"://"+site.Host+"/zenml/dashboard"), "",
			[]string{"web page", "must be the address of a ZenML server"},
		},
		"an address at which nobody listens": {
			acctest.With(env, "ZENML_SERVER_URL", "http://127.0.0.1:1"), provider(""),
			[]string{"gave no usable answer", "connection refused", "can be reached from here"},
		},
	}
	// A data source is read at plan, a create is not.
	const found = "data \"machineid_zenml_service_account\" \"test\" {\n name = \"settings\"\n}\n"
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewWorkspace(t, test.env)
			w.Write("main.tf", test.config+found)
			w.PlanMustFail(acctest.Says(test.want...))
		})
	}
}

func TestAccSettingsThatWork(t *testing.T) {
	t.Parallel()
	server := target(t)
	address, user, password := server.env["ZENML_SERVER_URL"], server.env["ZENML_USERNAME"], server.env["ZENML_PASSWORD"]
	tests := map[string]struct {
		env    map[string]string
		config string
	}{
		"the environment":  {server.env, ""},
		"a trailing slash": {acctest.With(server.env, "ZENML_SERVER_URL", address+"//"), ""},
		"a token":          {map[string]string{"ZENML_SERVER_URL": address, "ZENML_API_TOKEN": server.hand.token}, ""},
		"the configuration": {
			map[string]string{"ZENML_API_KEY": "ignored"},
			fmt.Sprintf("zenml = {\n server_url = %q\n username = %q\n password = %q\n}", address, user, password),
		},
		"both":  {acctest.Without(server.env, "ZENML_USERNAME"), fmt.Sprintf("zenml = { username = %q }", user)},
		"tuned": {server.env, "request_timeout = \"20s\"\n max_retries = 0\n user_agent_suffix = \"nightly\""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewWorkspace(t, test.env)
			w.Write("main.tf", "provider \"machineid\" {\n"+test.config+"\n}\n"+
				"resource \"machineid_zenml_service_account\" \"test\" {\n name = \""+unique("works")+"\"\n}")
			w.MustApply()
			w.MustBeQuiet()
			w.MustDestroy()
		})
	}
}

// While a setting is unknown a create can be planned, and what must be read says which setting is missing.
func TestSettingsThatAreUnknownAtPlan(t *testing.T) {
	t.Parallel()
	env := acctest.Sandbox(t).Env()
	w := acctest.NewWorkspace(t, acctest.Without(env, "ZENML_PASSWORD"))
	configuration := `
		resource "terraform_data" "password" { input = sensitive("` + env["ZENML_PASSWORD"] + `") }
		provider "machineid" {
			zenml = { username = "` + env["ZENML_USERNAME"] + `", password = terraform_data.password.output }
		}`
	w.Write("main.tf", configuration+"\ndata \"machineid_zenml_service_accounts\" \"test\" {}\n")
	w.PlanMustFail(acctest.Says("Provider setting is not known yet", "zenml.password"))
	w.Write("main.tf", configuration+oneAccount)
	w.MustApply()
	w.MustBeQuiet()
	w.MustDestroy()
}

// A system that nothing uses needs no settings, and is not spoken to.
func TestSettingsOfAnUnusedSystem(t *testing.T) {
	t.Parallel()
	box := acctest.Sandbox(t)
	w := acctest.NewWorkspace(t, acctest.With(box.Env(), "ZENML_API_KEY", "ambiguous"))
	w.Write("main.tf", "provider \"machineid\" {}\nresource \"terraform_data\" \"test\" {}\n")
	w.MustApply()
	box.MustBeUnasked(t)
	w.MustDestroy()
}

func TestProviderBadInput(t *testing.T) {
	t.Parallel()
	env := acctest.Sandbox(t).Env()
	for line, want := range map[string]string{
		`request_timeout = "soon"`:             `must be a duration such as "30s"`,
		`request_timeout = "11m"`:              `must be a duration such as "30s"`,
		`max_retries = 21`:                     `must be between 0 and 20`,
		`ca_pem = "x"`:                         `must hold at least one PEM certificate`,
		`user_agent_suffix = "a\nb"`:           `must be printable ASCII`,
		`zenml = { username = "" }`:            `string length must be at least 1`,
		`zenml = { api_key = "" }`:             `string length must be at least 1`,
		`zenml = { server_url = "" }`:          `the address is empty`,
		`zenml = { server_url = "ftp://x.y" }`: `must start with https://`,
	} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewWorkspace(t, env)
			w.Write("main.tf", "provider \"machineid\" {\n"+line+"\n}\n"+oneAccount)
			w.PlanMustFail(acctest.Says(want))
		})
	}
}
