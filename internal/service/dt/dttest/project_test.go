package dttest_test

import (
	"strings"
	"testing"
)

func TestProjectLife(t *testing.T) {
	s := start(t)
	organization := strings.TrimPrefix(s.organization, "/v2/")
	r := s.post("/v2/projects", map[string]any{
		"organization": organization, "displayName": "Third",
		"location": map[string]any{"latitude": 63.4, "longitude": 10.4, "timeLocation": "Europe/Oslo"},
	})
	s.want(r, 200)
	path := "/v2/" + r.str("name")
	s.wantEqual(r.value, map[string]any{
		"name": r.str("name"), "displayName": "Third", "inventory": false, "organization": organization,
		"organizationDisplayName": "Example Organization", "sensorCount": 0.0, "cloudConnectorCount": 0.0,
		"location": map[string]any{"latitude": 63.4, "longitude": 10.4, "timeLocation": "Europe/Oslo"}, "labels": map[string]any{},
	})
	s.wantEqual(s.get(path).value, r.value)
	s.wantEqual(s.patch(path, `{"displayName":"Renamed","organization":"organizations/x"}`).at("displayName"), "Renamed")
	s.wantEqual(s.patch(path+"?update_mask=location", `{"displayName":"x","location":{}}`).at("location.timeLocation"), "")
	s.wantError(s.patch(path, `{"displayName":{}}`), 400, "displayName")
	s.wantError(s.patch(path+"?update_mask=zork", `{}`), 400, "zork")
	s.wantEqual([]any{s.get(path).at("displayName"), s.get(path).at("organization")}, []any{"Renamed", organization})

	account := s.post(path+"/serviceaccounts", nil)
	s.want(account, 200)
	member := s.member(path, account.str("email"), userRole)
	s.wantError(s.del(path), 400, "not empty")
	s.want(s.del("/v2/"+account.str("name")), 200)
	s.member(path, "somebody@example.com", userRole)
	s.wantEqual(s.del(path).text, "{}")
	s.wantError(s.get(path), 404, "no such project")
	s.want(s.get(member), 404)
	s.wantEqual(len(s.fake.Objects()["project_members"]), 0)

	for body, status := range map[string]int{
		`[]`:                                 400,
		`{}`:                                 400,
		`{"organization":"zork"}`:            400,
		`{"organization":1}`:                 400,
		`{"organization":"organizations/x"}`: 403,
		`{"organization":"organizations/","displayName":"x"}`: 400,
	} {
		s.wantError(s.post("/v2/projects", body), status, "")
	}
	s.wantEqual(len(s.fake.Objects()["projects"]), 2)
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
		r := s.get("/v2/projects" + query)
		s.want(r, 200)
		if got := len(r.each("projects", "name")); got != want {
			t.Errorf("%q: got %d projects, want %d", query, got, want)
		}
	}
	s.wantError(s.get("/v2/projects?organization=zork"), 400, "organization")
	s.wantEqual(s.do("GET", "/v2/projects", user, nil).each("projects", "displayName"), []any{"Building B"})
	s.wantError(s.do("DELETE", s.other, user, nil), 403, "project.delete")
}

func TestMissingAndMalformed(t *testing.T) {
	s := start(t)
	const id = "00000000000000000000"
	account, _ := s.account("ci")
	paths := []string{"", "/serviceaccounts", "/serviceaccounts/" + id, "/members", "/permissions"}
	for _, status := range []int{404, 403} {
		for _, below := range paths {
			s.wantError(s.get("/v2/projects/"+id+below), status, "no such project")
		}
		s.set("missing_project_status", "403")
	}
	for _, status := range []int{404, 400} {
		for _, path := range []string{
			"/v2/projects/zork", "/v2/projects/-", "/v2/projects/-/serviceaccounts", "/v2/projects/" + id[1:] + "w/members",
			s.project + "/serviceaccounts/zork", account + "/keys/zork", s.project + "/members/zork", s.organization + "/members/zork",
		} {
			s.wantError(s.get(path), status, "no such resource")
		}
		s.set("malformed_id_status", "400")
	}
	s.wantError(s.get(s.project+"/members/1"), 404, "not found")
	s.wantError(s.get(account+"/keys/"+id), 404, "not found")
}

func TestOrganizations(t *testing.T) {
	s := start(t)
	r := s.get("/v2/organizations")
	want := map[string]any{"name": strings.TrimPrefix(s.organization, "/v2/"), "displayName": "Example Organization"}
	s.wantEqual(r.value, map[string]any{"organizations": []any{want}, "nextPageToken": ""})
	s.wantEqual(s.get(s.organization).value, want)
	s.want(s.post("/v2/organizations", `{}`), 405)
	s.wantEqual(s.get(s.organization+"/members").each("members", "roles"), []any{[]any{orgRole}, []any{orgRole}})
}

func TestRoles(t *testing.T) {
	s := start(t)
	r := s.get("/v2/roles")
	s.wantEqual(r.each("roles", "name"), []any{userRole, "roles/project.developer", adminRole, orgRole})
	s.wantEqual(r.at("nextPageToken"), "")
	var counts []int
	for _, permissions := range r.each("roles", "permissions") {
		counts = append(counts, len(permissions.([]any)))
	}
	s.wantEqual(counts, []int{8, 16, 27, 30})

	one := s.get("/v2/roles/project.user")
	s.wantEqual(one.value, r.at("roles").([]any)[0])
	s.wantEqual([]any{one.at("displayName"), one.str("description") != ""}, []any{"Project user", true})
	s.wantError(s.get("/v2/roles/project.zork"), 404, "roles/project.zork")

	own := s.get(s.project + "/permissions")
	s.wantEqual(own.at("permissions"), s.get("/v2/roles/organization.admin").at("permissions"))
	s.wantEqual(own.at("nextPageToken"), "")
	s.wantEqual(s.get(s.organization+"/permissions").at("permissions"), own.at("permissions"))
	user := s.actor(s.project, userRole)
	s.wantEqual(s.do("GET", s.project+"/permissions", user, nil).at("permissions"), one.at("permissions"))
	s.wantError(s.do("GET", s.other+"/permissions", user, nil), 403, "no role on")
}
