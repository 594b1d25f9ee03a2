package keycardtest_test

import (
	"testing"
)

func TestOrganization(t *testing.T) {
	s := start(t)
	want := map[string]any{
		"id": s.organization, "name": "Acme", "label": "acme", "sso_enabled": false,
		"created_at": "2026-07-02T12:00:00.123Z", "updated_at": "2026-07-02T12:00:00.123Z",
	}
	for _, name := range []string{"acme", s.organization} {
		r := s.Get("/organizations/" + name)
		s.Want(r, 200)
		s.WantEqual(r.Value, want)
	}
	r := s.Get("/organizations")
	s.Want(r, 200)
	s.WantEqual(r.At("items"), []any{want})
	s.WantEqual([]any{r.At("page_info.has_next_page"), r.At("page_info.has_prev_page")}, []any{false, false})

	granted := map[string]any{
		"organizations":    map[string]any{"read": true, "update": true},
		"service_accounts": map[string]any{"list": true, "create": true},
	}
	s.WantEqual(s.Get("/organizations/acme?expand[]=permissions").At("permissions"), granted)
	r = s.Get("/organizations?expand[]=permissions")
	s.WantEqual(r.Each("items", "permissions"), []any{granted})
	s.WantEqual(r.At("permissions"), map[string]any{"organizations": map[string]any{"list": true, "create": false}})
}

func TestSeveralOrganizations(t *testing.T) {
	s := start(t)
	s.Set("organizations", "several")
	r := s.Get("/organizations")
	labels := map[any]bool{}
	for _, label := range r.Each("items", "label") {
		labels[label] = true
	}
	s.WantEqual(labels, map[any]bool{"acme": true, "umbrella": true, "globex": true})
	// There are more to see, not to use.
	for _, label := range []string{"umbrella", "globex"} {
		s.wantError(s.Get("/organizations/"+label), 404, "not found")
		s.wantError(s.Get("/organizations/"+label+"/service-accounts"), 404, "not found")
	}
	first := s.Get("/organizations?limit=2")
	s.WantEqual(len(first.Each("items", "id")), 2)
	s.WantEqual(len(s.Get("/organizations?limit=2&after="+first.Str("page_info.end_cursor")).Each("items", "id")), 1)
}

func TestForeignOrganization(t *testing.T) {
	s := start(t)
	theirs := s.seeded("elsewhere")
	below := func(organization, account string) []string {
		list := "/organizations/" + organization + "/service-accounts"
		one := list + "/" + account
		return []string{"/organizations/" + organization, list, one, one + "/credentials", one + "/credentials/x"}
	}
	for _, foreign := range []string{"umbrella", theirs.Parent} {
		for status, text := range map[int]string{404: "404", 403: "403"} {
			s.Set("foreign_organization", text)
			for _, path := range below(foreign, theirs.ID) {
				s.Want(s.Get(path), status)
			}
			s.Want(s.Post("/organizations/"+foreign+"/service-accounts", `{"name":"x"}`), status)
			s.Want(s.Del("/organizations/"+foreign+"/service-accounts/"+theirs.ID), status)
		}
	}
	// One that does not exist is never forbidden, and labels are compared to the letter.
	for _, unknown := range []string{"nowhere", "Acme"} {
		for _, path := range below(unknown, theirs.ID) {
			s.wantError(s.Get(path), 404, "not found")
		}
	}
	// Their account is none of ours, even if the path says so.
	s.wantError(s.Get(accounts+"/"+theirs.ID), 404, "not found")
	s.wantError(s.Del(accounts+"/"+theirs.ID), 404, "not found")
	s.seeded("elsewhere")
}

func TestRoles(t *testing.T) {
	s := start(t)
	account := s.account("ci")
	credential, _ := s.credential(account, "deploy")
	reads := []string{accounts, account, account + "/credentials", credential}
	type change struct{ method, path string }
	changes := []change{
		{"POST", accounts},
		{"POST", account + "/credentials"},
		{"PATCH", account},
		{"PATCH", credential},
		{"DELETE", credential},
		{"DELETE", account},
	}
	for role, allowed := range map[string]bool{"viewer": true, "member": false} {
		s.Set("caller_role", role)
		for _, path := range reads {
			if r := s.Get(path); allowed {
				s.Want(r, 200)
			} else {
				s.wantError(r, 403, "not allowed")
			}
		}
		for _, c := range changes {
			s.wantError(s.Do(c.method, c.path, s.Admin, `{"name":"x"}`), 403, "not allowed")
		}
		s.Want(s.Get("/organizations"), 200)
		s.Want(s.Get("/organizations/acme"), 200)
		s.login(s.seed)
		s.WantEqual(s.Get("/organizations/acme?expand=permissions").At("permissions"), map[string]any{
			"organizations":    map[string]any{"read": true, "update": false},
			"service_accounts": map[string]any{"list": allowed, "create": false},
		})
	}
	s.Set("caller_role", "viewer")
	s.WantEqual(s.Get(account+"?expand=permissions").At("permissions"), map[string]any{
		"service_accounts": map[string]any{"read": true, "update": false, "delete": false},
	})
	s.WantEqual(s.Get(accounts+"?expand=permissions").At("permissions"), map[string]any{
		"service_accounts": map[string]any{"list": true, "create": false},
	})
	s.Set("caller_role", "admin")
	s.WantEqual(s.Get(account).At("name"), "ci")
	s.WantEqual(len(s.Get(account+"/credentials").Each("items", "id")), 1)
}

func TestExpand(t *testing.T) {
	s := start(t)
	account := s.account("ci")
	credential, _ := s.credential(account, "deploy")
	onOne := map[string]any{"read": true, "update": true, "delete": true}
	onList := map[string]any{"list": true, "create": true}
	for path, kind := range map[string]string{account: "service_accounts", credential: "credentials"} {
		s.WantEqual(s.Get(path+"?expand[]=permissions").At("permissions"), map[string]any{kind: onOne})
	}
	for path, kind := range map[string]string{accounts: "service_accounts", account + "/credentials": "credentials"} {
		r := s.Get(path + "?expand[]=permissions")
		s.WantEqual(r.At("permissions"), map[string]any{kind: onList})
		for _, granted := range r.Each("items", "permissions") {
			s.WantEqual(granted, map[string]any{kind: onOne})
		}
		if plain := s.Get(path); has(plain, "permissions") || plain.Each("items", "permissions")[0] != nil {
			t.Error("there are permissions that nobody asked for")
		}
	}

	for query, spelling := range map[string]string{
		"expand[]=permissions":                      "brackets",
		"expand%5B%5D=permissions":                  "brackets",
		"expand[]=total_count&expand[]=permissions": "brackets",
		"expand[]=permissions&expand[]=permissions": "brackets",
		"expand=permissions":                        "plain",
		"expand=permissions&expand=total_count":     "plain",
		"expand=total_count&expand=permissions":     "plain",
		"expand=total_count&expand[]=total_count":   "",
		"expand=permissions&expand[]=permissions":   "any",
		"expanded=permissions&EXPAND[]=permissions": "",
	} {
		for _, understood := range []string{"both", "brackets", "plain"} {
			s.Set("expand", understood)
			want := spelling == "any" || (spelling != "" && (understood == "both" || understood == spelling))
			for _, path := range []string{accounts, account, credential, "/organizations/acme"} {
				r := s.Get(path + "?" + query)
				s.Want(r, 200)
				if has(r, "permissions") != want {
					t.Errorf("%s with %s: got permissions: %t", query, understood, !want)
				}
			}
		}
	}
	for _, value := range []string{"zork", "", "permissions,total_count", "Permissions"} {
		for name, ignoring := range map[string]string{"expand[]": "plain", "expand": "brackets"} {
			s.Set("expand", "both")
			s.wantError(s.Get(accounts+"?"+name+"="+value), 400, "expand")
			s.wantError(s.Get(credential+"?"+name+"="+value), 400, "expand")
			s.Set("expand", ignoring)
			s.Want(s.Get(accounts+"?"+name+"="+value), 200)
		}
	}
	// Only reads expand anything.
	s.Set("expand", "both")
	r := s.Patch(account+"?expand[]=permissions&expand=zork", `{}`)
	s.Want(r, 200)
	if has(r, "permissions") {
		t.Error("a change tells permissions")
	}
}
