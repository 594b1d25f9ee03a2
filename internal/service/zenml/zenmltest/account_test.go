package zenmltest_test

import (
	"strings"
	"testing"
	"time"
)

func TestAccountLife(t *testing.T) {
	s := start(t)
	created := s.do("POST", accounts, s.admin, map[string]any{
		"name": "ci", "active": true, "full_name": "C I", "avatar_url": "http://a/b", "unknown": 1,
	})
	s.Want(created, 200)
	id := created.Str("id")
	s.WantEqual(created.Value, map[string]any{
		"id": id, "name": "ci", "permission_denied": false, "resources": nil,
		"body": map[string]any{
			"created": "2026-07-02T12:00:00.123456", "updated": "2026-07-02T12:00:00.123456",
			"full_name": "C I", "active": true, "avatar_url": "http://a/b",
		},
		"metadata": map[string]any{"description": "", "external_user_id": nil},
	})
	s.WantEqual(s.do("GET", accounts+"/ci", s.admin, nil).Value, created.Value)
	s.WantEqual(s.do("GET", accounts+"/"+strings.ToUpper(id)+"?hydrate=false", s.admin, nil).At("metadata"), nil)

	s.Clock.Move(time.Minute + 876544*time.Microsecond)
	changed := s.do("PUT", accounts+"/"+id, s.admin, map[string]any{"name": nil, "full_name": nil, "avatar_url": nil})
	s.WantEqual(changed.Str("body.updated"), "2026-07-02T12:01:01") // no fraction when it is zero
	s.WantEqual([]any{changed.Str("name"), changed.Str("body.full_name"), changed.Str("body.avatar_url")},
		[]any{"ci", "C I", "http://a/b"})
	changed = s.do("PUT", accounts+"/ci", s.admin, map[string]any{
		"name": "ci2", "full_name": "", "avatar_url": "", "description": "d", "active": false,
	})
	s.WantEqual(changed.At("body.avatar_url"), "")
	s.WantEqual(changed.At("body.full_name"), "")
	s.WantEqual(changed.At("body.active"), false)
	s.WantEqual(changed.At("metadata.description"), "d")

	deleted := s.do("DELETE", accounts+"/ci2", s.admin, nil)
	s.Want(deleted, 200)
	s.WantEqual(deleted.Text, "null")
	r := s.do("DELETE", accounts+"/ci2", s.admin, nil)
	s.Want(r, 404)
	s.WantEqual(r.At("detail"), []any{"KeyError", `"No service account with the 'ci2' name or ID was found"`})
}

func TestAccountBodies(t *testing.T) {
	s := start(t)
	long := strings.Repeat("ü", 256)
	for name, c := range map[string]struct {
		body   any
		status int
		part   string
	}{
		"no body":          {nil, 422, "('body',)"},
		"broken":           {`{"name":`, 422, "JSON decode error"},
		"array":            {`[]`, 422, "valid dictionary"},
		"no active":        {`{"name":"a"}`, 422, "('body', 'active'), 'msg': 'Field required'"},
		"nothing":          {`{}`, 422, "2 validation errors"},
		"name null":        {`{"name":null,"active":true}`, 422, "valid string"},
		"name number":      {`{"name":5,"active":true}`, 422, "valid string"},
		"name too long":    {map[string]any{"name": long, "active": true}, 422, "at most 255 characters"},
		"name just fits":   {map[string]any{"name": long[2:], "active": true}, 200, ""},
		"full_name null":   {`{"name":"fn","active":true,"full_name":null}`, 422, "valid string"},
		"description null": {`{"name":"dn","active":true,"description":null}`, 200, ""},
		"active word":      {`{"name":"aw","active":"yes"}`, 200, ""},
		"active other":     {`{"name":"ao","active":"zork"}`, 422, "unable to interpret input"},
		"active null":      {`{"name":"an","active":null}`, 422, "valid boolean"},
		"empty name":       {`{"name":"","active":true}`, 200, ""},
		"slash":            {`{"name":"a/b","active":true}`, 200, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := s.do("POST", accounts, s.admin, c.body)
			s.Want(r, c.status)
			if c.status == 422 {
				// A bare array, unlike every other refusal.
				list, _ := r.Value.([]any)
				if len(list) != 2 || list[0] != "ValueError" || !strings.Contains(list[1].(string), c.part) {
					t.Errorf("got %s, want %q in it", r.Text, c.part)
				}
			}
		})
	}
	s.Want(s.do("POST", accounts, s.admin, `{"name":"text","active":true}`, "Content-Type", "text/plain"), 422)
	s.Want(s.do("GET", accounts+"/a%2Fb", s.admin, nil), 404)
}

func TestAccountNames(t *testing.T) {
	s := start(t)
	uuid := "7df1a74d-ba81-42c0-b835-260607d66c2e"
	for _, name := range []string{"ci", "CI", "admin", uuid} { // the user admin does not stand in the way
		s.account(name)
	}
	s.wantDetail(s.do("POST", accounts, s.admin, map[string]any{"name": "ci", "active": true}), 409, "EntityExistsError",
		"Unable to create service account with name 'ci'")
	s.wantDetail(s.do("PUT", accounts+"/CI", s.admin, map[string]any{"name": "ci"}), 409, "EntityExistsError",
		"Unable to update service account with name 'ci'")
	s.Want(s.do("PUT", accounts+"/ci", s.admin, map[string]any{"name": "ci"}), 200)
	// What looks like an id is one: the check finds nobody, the database does.
	s.Want(s.do("GET", accounts+"/"+uuid, s.admin, nil), 404)
	s.wantDetail(s.do("POST", accounts, s.admin, map[string]any{"name": uuid, "active": true}), 500, "RuntimeError",
		"UNIQUE constraint failed")
	s.wantDetail(s.do("PUT", accounts+"/ci", s.admin, map[string]any{"name": uuid}), 500, "RuntimeError",
		"UNIQUE constraint failed")
}

func TestUsersAreNoServiceAccounts(t *testing.T) {
	s := start(t)
	account := s.account("ci")
	user := s.do("GET", "/api/v1/current-user", s.admin, nil)
	s.WantEqual([]any{user.At("body.is_admin"), user.At("body.is_service_account")}, []any{true, false})
	s.Want(s.do("GET", accounts+"/"+user.Str("id"), s.admin, nil), 404)
	s.Want(s.do("DELETE", accounts+"/"+user.Str("id"), s.admin, nil), 404)
	s.WantEqual(s.do("GET", accounts, s.admin, nil).At("total"), 1.0)
	s.Want(s.do("GET", "/api/v1/users/ci", s.admin, nil), 404)
	r := s.do("GET", "/api/v1/users/"+account, s.admin, nil)
	s.WantEqual([]any{r.Str("name"), r.At("body.is_service_account")}, []any{"ci", true})
}

func TestAdminRule(t *testing.T) {
	s := start(t)
	id := s.account("ci")
	path, key := s.key(id, "k")
	s.Want(s.do("POST", "/api/v1/users", s.admin, map[string]any{"name": "bob", "is_admin": false, "password": "p"}), 200)
	bob := s.login(map[string][]string{"username": {"bob"}, "password": {"p"}})["access_token"].(string)
	changes := []struct {
		method, path string
		body         any
		action       string
	}{
		{"POST", accounts, map[string]any{"name": "n", "active": true}, "create service account"},
		{"PUT", accounts + "/" + id, map[string]any{"description": "x"}, "update service account"},
		{"POST", accounts + "/" + id + "/api_keys", map[string]any{"name": "n"}, "create API key"},
		{"PUT", path, map[string]any{"description": "x"}, "update API key"},
		{"PUT", path + "/rotate", map[string]any{}, "rotate API key"},
		{"DELETE", accounts + "/" + id + "/api_keys/missing", nil, "delete API key"},
		{"DELETE", accounts + "/" + id, nil, "delete service account"},
	}
	for _, who := range []string{key, s.keyLogin(key), bob} {
		for _, c := range changes {
			s.wantDetail(s.do(c.method, c.path, who, c.body), 403, "IllegalOperationError",
				"Only admin users can perform `"+c.action+"` without RBAC enabled.")
		}
		s.Want(s.do("GET", accounts, who, nil), 200)
		s.Want(s.do("GET", path, who, nil), 200)
		s.Want(s.do("DELETE", accounts+"/missing", who, nil), 404)
	}
	admin := s.do("GET", "/api/v1/current-user", s.admin, nil).Str("id")
	s.Want(s.do("GET", "/api/v1/users/bob", bob, nil), 200)
	s.wantDetail(s.do("GET", "/api/v1/users/"+admin, bob, nil), 403, "IllegalOperationError", "`get other user`")
	s.Set("admin_only", "false")
	s.Want(s.do("POST", accounts, bob, changes[0].body), 200)
	s.Want(s.do("PUT", path, key, changes[3].body), 200)
}

func TestOwnersAndOutsiders(t *testing.T) {
	s := start(t)
	owner, outsider := s.account("owner"), s.account("outsider")
	path, key := s.key(outsider, "k")
	s.Set("owns_resources", "zork, owner", "external_accounts", outsider)

	s.wantDetail(s.do("DELETE", accounts+"/"+owner, s.admin, nil), 403, "IllegalOperationError", "consider deactivating it instead.")
	s.Set("owns_resources", "")
	s.Want(s.do("DELETE", accounts+"/"+owner, s.admin, nil), 200)

	seen := s.do("GET", accounts+"/outsider", s.admin, nil).Str("metadata.external_user_id")
	s.WantEqual(s.do("GET", accounts+"?external_user_id="+seen, s.admin, nil).At("total"), 1.0)
	for _, c := range []struct {
		method, path string
		body         any
		part         string
	}{
		{"PUT", accounts + "/" + outsider, map[string]any{"active": false}, "cannot be updated."},
		{"DELETE", accounts + "/" + outsider, nil, "cannot be deleted."},
		{"POST", accounts + "/" + outsider + "/api_keys", map[string]any{"name": "n"}, "cannot have associated API keys."},
		{"PUT", path + "/rotate", map[string]any{}, "cannot have associated API keys."},
		{"PUT", path, map[string]any{"active": false, "description": ""}, "can only be activated, deactivated, or deleted."},
		{"PUT", path, map[string]any{}, "can only be activated, deactivated, or deleted."},
	} {
		s.wantDetail(s.do(c.method, c.path, s.admin, c.body), 403, "IllegalOperationError", c.part)
	}
	s.keyLogin(key)
	s.Want(s.do("PUT", path, s.admin, map[string]any{"active": false, "name": nil}), 200)
	s.Want(s.do("DELETE", path, s.admin, nil), 200)
}
