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
		r := s.get("/organizations/" + name)
		s.want(r, 200)
		s.wantEqual(r.value, want)
	}
	r := s.get("/organizations")
	s.want(r, 200)
	s.wantEqual(r.at("items"), []any{want})
	s.wantEqual([]any{r.at("page_info.has_next_page"), r.at("page_info.has_prev_page")}, []any{false, false})

	granted := map[string]any{
		"organizations":    map[string]any{"read": true, "update": true},
		"service_accounts": map[string]any{"list": true, "create": true},
	}
	s.wantEqual(s.get("/organizations/acme?expand[]=permissions").at("permissions"), granted)
	r = s.get("/organizations?expand[]=permissions")
	s.wantEqual(r.each("permissions"), []any{granted})
	s.wantEqual(r.at("permissions"), map[string]any{"organizations": map[string]any{"list": true, "create": false}})
}

func TestSeveralOrganizations(t *testing.T) {
	s := start(t)
	s.set("organizations", "several")
	r := s.get("/organizations")
	labels := map[any]bool{}
	for _, label := range r.each("label") {
		labels[label] = true
	}
	s.wantEqual(labels, map[any]bool{"acme": true, "umbrella": true, "globex": true})
	// There are more to see, not to use.
	for _, label := range []string{"umbrella", "globex"} {
		s.wantError(s.get("/organizations/"+label), 404, "not found")
		s.wantError(s.get("/organizations/"+label+"/service-accounts"), 404, "not found")
	}
	first := s.get("/organizations?limit=2")
	s.wantEqual(len(first.each("id")), 2)
	s.wantEqual(len(s.get("/organizations?limit=2&after="+first.str("page_info.end_cursor")).each("id")), 1)
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
			s.set("foreign_organization", text)
			for _, path := range below(foreign, theirs.ID) {
				s.want(s.get(path), status)
			}
			s.want(s.post("/organizations/"+foreign+"/service-accounts", `{"name":"x"}`), status)
			s.want(s.del("/organizations/"+foreign+"/service-accounts/"+theirs.ID), status)
		}
	}
	// One that does not exist is never forbidden, and labels are compared to the letter.
	for _, unknown := range []string{"nowhere", "Acme"} {
		for _, path := range below(unknown, theirs.ID) {
			s.wantError(s.get(path), 404, "not found")
		}
	}
	// Their account is none of ours, even if the path says so.
	s.wantError(s.get(accounts+"/"+theirs.ID), 404, "not found")
	s.wantError(s.del(accounts+"/"+theirs.ID), 404, "not found")
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
		s.set("caller_role", role)
		for _, path := range reads {
			if r := s.get(path); allowed {
				s.want(r, 200)
			} else {
				s.wantError(r, 403, "not allowed")
			}
		}
		for _, c := range changes {
			s.wantError(s.do(c.method, c.path, s.admin, `{"name":"x"}`), 403, "not allowed")
		}
		s.want(s.get("/organizations"), 200)
		s.want(s.get("/organizations/acme"), 200)
		s.login(s.seed)
		s.wantEqual(s.get("/organizations/acme?expand=permissions").at("permissions"), map[string]any{
			"organizations":    map[string]any{"read": true, "update": false},
			"service_accounts": map[string]any{"list": allowed, "create": false},
		})
	}
	s.set("caller_role", "viewer")
	s.wantEqual(s.get(account+"?expand=permissions").at("permissions"), map[string]any{
		"service_accounts": map[string]any{"read": true, "update": false, "delete": false},
	})
	s.wantEqual(s.get(accounts+"?expand=permissions").at("permissions"), map[string]any{
		"service_accounts": map[string]any{"list": true, "create": false},
	})
	s.set("caller_role", "admin")
	s.wantEqual(s.get(account).at("name"), "ci")
	s.wantEqual(len(s.get(account+"/credentials").each("id")), 1)
}

func TestExpand(t *testing.T) {
	s := start(t)
	account := s.account("ci")
	credential, _ := s.credential(account, "deploy")
	onOne := map[string]any{"read": true, "update": true, "delete": true}
	onList := map[string]any{"list": true, "create": true}
	for path, kind := range map[string]string{account: "service_accounts", credential: "credentials"} {
		s.wantEqual(s.get(path+"?expand[]=permissions").at("permissions"), map[string]any{kind: onOne})
	}
	for path, kind := range map[string]string{accounts: "service_accounts", account + "/credentials": "credentials"} {
		r := s.get(path + "?expand[]=permissions")
		s.wantEqual(r.at("permissions"), map[string]any{kind: onList})
		for _, granted := range r.each("permissions") {
			s.wantEqual(granted, map[string]any{kind: onOne})
		}
		if plain := s.get(path); plain.has("permissions") || plain.each("permissions")[0] != nil {
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
			s.set("expand", understood)
			want := spelling == "any" || (spelling != "" && (understood == "both" || understood == spelling))
			for _, path := range []string{accounts, account, credential, "/organizations/acme"} {
				r := s.get(path + "?" + query)
				s.want(r, 200)
				if r.has("permissions") != want {
					t.Errorf("%s with %s: got permissions: %t", query, understood, !want)
				}
			}
		}
	}
	for _, value := range []string{"zork", "", "permissions,total_count", "Permissions"} {
		for name, ignoring := range map[string]string{"expand[]": "plain", "expand": "brackets"} {
			s.set("expand", "both")
			s.wantError(s.get(accounts+"?"+name+"="+value), 400, "expand")
			s.wantError(s.get(credential+"?"+name+"="+value), 400, "expand")
			s.set("expand", ignoring)
			s.want(s.get(accounts+"?"+name+"="+value), 200)
		}
	}
	// Only reads expand anything.
	s.set("expand", "both")
	r := s.patch(account+"?expand[]=permissions&expand=zork", `{}`)
	s.want(r, 200)
	if r.has("permissions") {
		t.Error("a change tells permissions")
	}
}
