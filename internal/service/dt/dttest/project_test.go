package dttest_test

import (
	"strings"
	"testing"
)

func TestProjectLife(t *testing.T) {
	s := start(t)
	organization := strings.TrimPrefix(s.organization, "/v2/")
	r := s.Post("/v2/projects", map[string]any{
		"organization": organization, "displayName": "Third",
		"location": map[string]any{"latitude": 63.4, "longitude": 10.4, "timeLocation": "Europe/Oslo"},
	})
	s.Want(r, 200)
	path := "/v2/" + r.Str("name")
	s.WantEqual(r.Value, map[string]any{
		"name": r.Str("name"), "displayName": "Third", "inventory": false, "organization": organization,
		"organizationDisplayName": "Example Organization", "sensorCount": 0.0, "cloudConnectorCount": 0.0,
		"location": map[string]any{"latitude": 63.4, "longitude": 10.4, "timeLocation": "Europe/Oslo"}, "labels": map[string]any{},
	})
	s.WantEqual(s.Get(path).Value, r.Value)
	s.WantEqual(s.Patch(path, `{"displayName":"Renamed","organization":"organizations/x"}`).At("displayName"), "Renamed")
	s.WantEqual(s.Patch(path+"?update_mask=location", `{"displayName":"x","location":{}}`).At("location.timeLocation"), "")
	s.wantError(s.Patch(path, `{"displayName":{}}`), 400, "displayName")
	s.wantError(s.Patch(path+"?update_mask=zork", `{}`), 400, "zork")
	s.WantEqual([]any{s.Get(path).At("displayName"), s.Get(path).At("organization")}, []any{"Renamed", organization})

	account := s.Post(path+"/serviceaccounts", nil)
	s.Want(account, 200)
	member := s.member(path, account.Str("email"), userRole)
	s.wantError(s.Del(path), 400, "not empty")
	s.Want(s.Del("/v2/"+account.Str("name")), 200)
	s.member(path, "somebody@example.com", userRole)
	s.WantEqual(s.Del(path).Text, "{}")
	s.wantError(s.Get(path), 404, "no such project")
	s.Want(s.Get(member), 404)
	s.WantEqual(len(s.Objects()["project_members"]), 0)

	for body, status := range map[string]int{
		`[]`:                                 400,
		`{}`:                                 400,
		`{"organization":"zork"}`:            400,
		`{"organization":1}`:                 400,
		`{"organization":"organizations/x"}`: 403,
		`{"organization":"organizations/","displayName":"x"}`: 400,
	} {
		s.wantError(s.Post("/v2/projects", body), status, "")
	}
	s.WantEqual(len(s.Objects()["projects"]), 2)
}

func TestProjectLists(t *testing.T) {
	s := start(t)
	organization := strings.TrimPrefix(s.organization, "/v2/")
	user := s.actor(s.other, userRole)
	for query, want := range map[string]int{
		"":                              2,
		"?organization=" + organization: 2,
		"?organization=organizations/x": 0,
		"?query=building":               2,
		"?query=ng+b":                   1,
		"?query=example+org":            2,
		"?query=zork":                   0,
	} {
		r := s.Get("/v2/projects" + query)
		s.Want(r, 200)
		if got := len(r.Each("projects", "name")); got != want {
			t.Errorf("%q: got %d projects, want %d", query, got, want)
		}
	}
	s.wantError(s.Get("/v2/projects?organization=zork"), 400, "organization")
	s.WantEqual(s.Do("GET", "/v2/projects", user, nil).Each("projects", "displayName"), []any{"Building B"})
	s.wantError(s.Do("DELETE", s.other, user, nil), 403, "project.delete")
}

func TestMissingAndMalformed(t *testing.T) {
	s := start(t)
	const id = "00000000000000000000"
	account, _ := s.account("ci")
	paths := []string{"", "/serviceaccounts", "/serviceaccounts/" + id, "/members", "/permissions"}
	for _, status := range []int{404, 403} {
		for _, below := range paths {
			s.wantError(s.Get("/v2/projects/"+id+below), status, "no such project")
		}
		s.Set("missing_project_status", "403")
	}
	for _, status := range []int{404, 400} {
		for _, path := range []string{
			"/v2/projects/zork", "/v2/projects/-", "/v2/projects/-/serviceaccounts", "/v2/projects/" + id[1:] + "w/members",
			s.project + "/serviceaccounts/zork", account + "/keys/zork", s.project + "/members/zork", s.organization + "/members/zork",
		} {
			s.wantError(s.Get(path), status, "no such resource")
		}
		s.Set("malformed_id_status", "400")
	}
	s.wantError(s.Get(s.project+"/members/1"), 404, "not found")
	s.wantError(s.Get(account+"/keys/"+id), 404, "not found")
}

func TestOrganizations(t *testing.T) {
	s := start(t)
	r := s.Get("/v2/organizations")
	want := map[string]any{"name": strings.TrimPrefix(s.organization, "/v2/"), "displayName": "Example Organization"}
	s.WantEqual(r.Value, map[string]any{"organizations": []any{want}, "nextPageToken": ""})
	s.WantEqual(s.Get(s.organization).Value, want)
	s.Want(s.Post("/v2/organizations", `{}`), 405)
	s.WantEqual(s.Get(s.organization+"/members").Each("members", "roles"), []any{[]any{orgRole}, []any{orgRole}})
}

func TestRoles(t *testing.T) {
	s := start(t)
	r := s.Get("/v2/roles")
	s.WantEqual(r.Each("roles", "name"), []any{userRole, "roles/project.developer", adminRole, orgRole})
	s.WantEqual(r.At("nextPageToken"), "")
	var counts []int
	for _, permissions := range r.Each("roles", "permissions") {
		counts = append(counts, len(permissions.([]any)))
	}
	s.WantEqual(counts, []int{8, 16, 27, 30})

	one := s.Get("/v2/roles/project.user")
	s.WantEqual(one.Value, r.At("roles").([]any)[0])
	s.WantEqual([]any{one.At("displayName"), one.Str("description") != ""}, []any{"Project user", true})
	s.wantError(s.Get("/v2/roles/project.zork"), 404, "roles/project.zork")

	own := s.Get(s.project + "/permissions")
	s.WantEqual(own.At("permissions"), s.Get("/v2/roles/organization.admin").At("permissions"))
	s.WantEqual(own.At("nextPageToken"), "")
	s.WantEqual(s.Get(s.organization+"/permissions").At("permissions"), own.At("permissions"))
	user := s.actor(s.project, userRole)
	s.WantEqual(s.Do("GET", s.project+"/permissions", user, nil).At("permissions"), one.At("permissions"))
	s.wantError(s.Do("GET", s.other+"/permissions", user, nil), 403, "no role on")
}
