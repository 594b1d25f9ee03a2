package zenmltest_test

import (
	"net/url"
	"testing"
)

func TestTextOfInvalidRequests(t *testing.T) {
	s := start(t)
	path := accounts + "/" + s.account("ci")
	body := `{"name":["it's",{"a":null,"b":true}],"full_name":1.50,"active":"zo\"rk"}`
	complaints := []string{
		`{'type': 'string_type', 'loc': ('body', 'name'), 'msg': 'Input should be a valid string', 'input': ["it's", {'a': None, 'b': True}]}`,
		`{'type': 'string_type', 'loc': ('body', 'full_name'), 'msg': 'Input should be a valid string', 'input': 1.50}`,
		`{'type': 'bool_parsing', 'loc': ('body', 'active'), 'msg': 'Input should be a valid boolean, unable to interpret input', 'input': 'zo"rk'}`,
	}
	s.WantEqual(s.do("PUT", path, s.admin, body).Value, []any{"ValueError", "3 validation errors:\n  " +
		complaints[0] + "\n  " + complaints[1] + "\n  " + complaints[2] +
		"\n\n  File \"/app/zenml/zen_server/utils.py\", line 98, in endpoint\n    PUT /api/v1/service_accounts/{id}"})
	s.Set("version", "0.95.1")
	s.WantEqual(s.do("PUT", path, s.admin, body).Value,
		[]any{"ValueError", "[" + complaints[0] + ", " + complaints[1] + ", " + complaints[2] + "]"})
}

// TestOlderServer checks what depends on the version alone.
func TestOlderServer(t *testing.T) {
	s := start(t)
	id := s.account("ci")
	path, key := s.key(id, "k")
	s.Set("version", "0.95.1")

	r := s.form(url.Values{"username": {""}, "password": {key}})
	s.Want(r, 400)
	s.WantEqual(r.At("detail"), "Invalid request: username is required.")

	token := s.keyLogin(key)
	s.Set("auth_scheme", "EXTERNAL", "admin_only", "false")
	s.Want(s.do("PUT", accounts+"/"+id, token, map[string]any{"description": "x"}), 200)
	s.Want(s.do("PUT", path+"/rotate", token, map[string]any{"retain_period_minutes": 1}), 200)

	s.Set("auth_scheme", "OAUTH2_PASSWORD_BEARER", "external_accounts", "ci")
	s.wantDetail(s.do("GET", accounts, token, nil), 401, "CredentialsNotValid", "cannot use an API key associated with an external")
	s.wantDetail(s.form(url.Values{"password": {key}}), 401, "CredentialsNotValid", "cannot use an API key associated with an external")
	s.wantDetail(s.do("PUT", path, s.admin, map[string]any{"active": false}), 403, "IllegalOperationError",
		"cannot have associated API keys.")
	s.Want(s.do("DELETE", path, s.admin, nil), 200)

	for _, version := range []string{"", "0.95", "0.95.x", "0.95.-1", "zork"} {
		if s.Options().Check(map[string]string{"version": version}) == nil {
			t.Errorf("%q was taken for a version", version)
		}
	}
}
