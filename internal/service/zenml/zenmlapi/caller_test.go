package zenmlapi_test

import (
	"context"
	"encoding/base64"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/service/zenml/zenmlapi"
)

func TestCurrentUser(t *testing.T) {
	t.Parallel()
	const route = "GET /api/v1/current-user"
	for name, test := range map[string]struct {
		body string
		want zenmlapi.Caller
		bad  bool
	}{
		"a service account": {`{"id":"a1","name":"ci","body":{"is_service_account":true}}`, zenmlapi.Caller{ID: "a1", IsServiceAccount: true}, false},
		"a user":            {`{"id":"u1","name":"admin","body":{"is_service_account":false}}`, zenmlapi.Caller{ID: "u1"}, false},
		"without a kind":    {`{"id":"a1","name":"ci","body":{}}`, zenmlapi.Caller{}, true},
		"without a body":    {`{"id":"a1","name":"ci","body":null}`, zenmlapi.Caller{}, true},
		"without an id":     {`{"body":{"is_service_account":true}}`, zenmlapi.Caller{}, true},
	} {
		client, _ := replies{route: {200, test.body}}.client(t, admin)
		caller, err := client.CurrentUser(context.Background())
		if (err != nil) != test.bad || caller != nil && *caller != test.want {
			t.Errorf("%s: %+v, %v", name, caller, err)
		}
	}
	client, _ := replies{route: {503, ``}}.client(t, admin)
	if caller, err := client.CurrentUser(context.Background()); err == nil {
		t.Errorf("a failure: %+v", caller)
	}
}

func TestKeyOfALogin(t *testing.T) {
	t.Parallel()
	const id = "0b6d4c6e-59a5-4c2f-8f3e-2a41c15b9d10"
	encode := base64.StdEncoding.EncodeToString
	text := encode([]byte(`{"id":"` + id + `","key":"00ff"}`))
	token := func(claims string) string {
		return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256"}`)) + "." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".c2lnbmF0dXJl"
	}
	for name, test := range map[string]struct {
		login zenmlapi.Login
		want  string
	}{
		"an API key":                      {zenmlapi.Login{APIKey: "ZENKEY_" + text}, id},
		"an API key without its prefix":   {zenmlapi.Login{APIKey: text}, id},
		"an API key in place of a token":  {zenmlapi.Login{APIToken: "ZENKEY_" + text}, id},
		"a key with an id in other case":  {zenmlapi.Login{APIKey: "ZENKEY_" + encode([]byte(`{"id":"0B6D4C6E59A54C2F8F3E2A41C15B9D10"}`))}, id},
		"a token got with a key":          {zenmlapi.Login{APIToken: token(`{"sub":"a1","api_key_id":"` + id + `"}`)}, id},
		"a token that has ended":          {zenmlapi.Login{APIToken: token(`{"exp":1,"api_key_id":"` + id + `"}`)}, id},
		"a token of a user":               {zenmlapi.Login{APIToken: token(`{"sub":"a1"}`)}, ""},
		"a token with an odd claim":       {zenmlapi.Login{APIToken: token(`{"api_key_id":7}`)}, ""},
		"a token that is none":            {zenmlapi.Login{APIToken: "not-a-token"}, ""},
		"a key of ZenML Pro":              {zenmlapi.Login{APIKey: "ZENPROKEY_opaque"}, ""},
		"a key that holds something else": {zenmlapi.Login{APIKey: "ZENKEY_" + encode([]byte(`[]`))}, ""},
		"a key with an odd id":            {zenmlapi.Login{APIKey: "ZENKEY_" + encode([]byte(`{"id":"seven"}`))}, ""},
		"a user":                          {zenmlapi.Login{Username: "admin", Password: "ZENKEY_" + text}, ""},
		"nothing":                         {zenmlapi.Login{}, ""},
	} {
		if got := test.login.KeyID(); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}
