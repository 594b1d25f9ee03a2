//go:build unix

package provider_test

import (
	"maps"
	"os"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

func mustRead(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// idOf is the id of an object as its system has it.
func idOf(values map[string]any) string {
	for _, attribute := range []string{"key_id", "id"} {
		if id, ok := values[attribute].(string); ok {
			return id
		}
	}
	return ""
}

// resources calls a function for each managed resource in the state.
func resources(state *tfjson.State, each func(address, kind string, values map[string]any)) {
	if state.Values == nil {
		return
	}
	for _, resource := range state.Values.RootModule.Resources {
		if resource.Mode == "managed" {
			each(resource.Address, resource.Type, resource.AttributeValues)
		}
	}
}

func inState(state *tfjson.State) map[string]bool {
	ids := map[string]bool{}
	resources(state, func(_, _ string, values map[string]any) { ids[idOf(values)] = true })
	return ids
}

// createdIn is what the data sources list: the moments of creation, by id.
func createdIn(state *tfjson.State) map[string]string {
	created := map[string]string{}
	if state.Values == nil || state.Values.Outputs["created"] == nil {
		return created
	}
	listed, _ := state.Values.Outputs["created"].Value.(map[string]any)
	for id, moment := range listed {
		created[id], _ = moment.(string)
	}
	return created
}

// madeObjects are the ids of what the systems hold beside what was there at the start.
func madeObjects(t *testing.T, box *acctest.Box) map[string]bool {
	t.Helper()
	ids := map[string]bool{}
	for one := range objectIDs(t, box) {
		ids[one[strings.IndexByte(one, '/')+1:]] = true
	}
	return ids
}

// mustAuthenticate logs in with every secret in the state. Only what was imported may have none.
func mustAuthenticate(t *testing.T, state *tfjson.State, box *acctest.Box, imported map[string]bool) {
	t.Helper()
	emails, secrets := map[string]string{}, 0
	resources(state, func(_, kind string, values map[string]any) {
		if kind == "machineid_dt_service_account" {
			emails[values["name"].(string)] = values["email"].(string)
		}
	})
	resources(state, func(address, kind string, values map[string]any) {
		text := func(attribute string) string {
			text, _ := values[attribute].(string)
			return text
		}
		var settings, arguments map[string]string
		var source, secret string
		switch kind {
		case "machineid_zenml_api_key":
			source, secret = "machineid_zenml_service_accounts", "ZENML_API_KEY"
			settings = map[string]string{"ZENML_API_KEY": text("key")}
		case "machineid_dt_service_account_key":
			source, secret = "machineid_dt_roles", "DT_SERVICE_ACCOUNT_SECRET"
			settings = map[string]string{
				"DT_SERVICE_ACCOUNT_KEY_ID": text("id"), "DT_SERVICE_ACCOUNT_SECRET": text("secret"), "DT_SERVICE_ACCOUNT_EMAIL": emails[text("service_account")],
			}
		case "machineid_neowit_service_account_key":
			source, secret = "machineid_neowit_service_accounts", "NEOWIT_SECRET"
			settings = map[string]string{"NEOWIT_SERVICE_ACCOUNT_ID": text("service_account_id"), "NEOWIT_KEY_ID": text("key_id"), "NEOWIT_SECRET": text("secret")}
		case "machineid_keycard_service_account_credential":
			source, secret = "machineid_keycard_service_accounts", "KEYCARD_CLIENT_SECRET"
			settings = map[string]string{"KEYCARD_CLIENT_ID": text("client_id"), "KEYCARD_CLIENT_SECRET": text("client_secret")}
			arguments = map[string]string{"organization_id": text("organization_id")}
		default:
			return
		}
		if settings[secret] == "" {
			if !imported[address] {
				t.Errorf("%s has no secret", address)
			}
			return
		}
		secrets++
		if told := asks(t, box, settings, source, arguments); told != "" {
			t.Errorf("the secret of %s is refused:\n%s", address, told)
		}
		if secrets == 1 {
			// Else a check that nothing fails would say nothing.
			settings[secret] += "x"
			if asks(t, box, settings, source, arguments) == "" {
				t.Errorf("a wrong secret of %s is accepted", address)
			}
		}
	})
	if secrets+len(imported) < creations/2 {
		t.Errorf("there are only %d secrets", secrets)
	}
}

// asks reads a data source with these settings, and returns what that fails with.
func asks(t *testing.T, box *acctest.Box, settings map[string]string, source string, arguments map[string]string) string {
	t.Helper()
	env := acctest.Without(box.Env(), "ZENML_USERNAME", "ZENML_PASSWORD")
	maps.Copy(env, settings)
	values := map[string]any{}
	for name, value := range arguments {
		values[name] = value
	}
	told := strings.Join(serve(t, env).read(t, source, values), "\n")
	// Whoever is told so has logged in: a service account is no admin.
	if strings.Contains(told, "only admin users") && !strings.Contains(told, "login") {
		return ""
	}
	return told
}
