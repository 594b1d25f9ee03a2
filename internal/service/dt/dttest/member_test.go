package dttest_test

import (
	"strings"
	"testing"
)

const (
	userRole  = "roles/project.user"
	adminRole = "roles/project.admin"
	orgRole   = "roles/organization.admin"
)

func TestAccountAsMember(t *testing.T) {
	s := start(t)
	path, email := s.account("ci")
	id := path[strings.LastIndex(path, "/")+1:]
	for _, parent := range []string{s.other, s.project, s.organization} {
		role := userRole
		if parent == s.organization {
			role = orgRole
		}
		r := s.post(parent+"/members", invite(strings.ToUpper(email), role))
		s.want(r, 200)
		s.wantEqual(r.value, map[string]any{
			"name": strings.TrimPrefix(parent, "/v2/") + "/members/" + id, "displayName": "ci",
			"roles": []any{role}, "status": "ACCEPTED", "email": email, "accountType": "SERVICE_ACCOUNT",
			"createTime": "2026-07-02T12:00:00.123456Z",
		})
		s.wantEqual(s.get(parent+"/members/"+id).value, r.value)
		s.wantError(s.post(parent+"/members", invite(email, role)), 409, "already exists")
	}
	s.want(s.patch(path, map[string]any{"displayName": "renamed"}), 200)
	s.wantEqual(s.get(s.other+"/members/"+id).at("displayName"), "renamed")

	s.wantEqual(s.del(s.other+"/members/"+id).text, "{}")
	s.want(s.get(s.other+"/members/"+id), 404)
	s.want(s.del(s.other+"/members/"+id), 404)
	s.want(s.get(path), 200)
	s.want(s.get(s.project+"/members/"+id), 200)
}

func TestUserAsMember(t *testing.T) {
	s := start(t)
	r := s.post(s.project+"/members", invite("Olga.Operator@EXAMPLE.com", userRole))
	s.want(r, 200)
	s.wantEqual([]any{r.str("name"), r.str("email"), r.str("status"), r.str("accountType"), r.str("displayName")}, []any{
		strings.TrimPrefix(s.project, "/v2/") + "/members/9201", "olga.operator@example.com", "ACCEPTED", "USER", "Olga Operator",
	})
	s.wantError(s.post(s.project+"/members", invite("olga.operator@example.com", adminRole)), 409, "already exists")
	s.wantError(s.get(s.project+"/members/9201:getInviteUrl"), 400, "pending")

	// A stranger is invited, and stays the same stranger everywhere.
	r = s.post(s.project+"/members", invite("new.hire@example.com", userRole))
	s.want(r, 200)
	s.wantEqual([]any{r.str("status"), r.str("accountType"), r.str("displayName")}, []any{"PENDING", "USER", ""})
	if !strings.HasSuffix(r.str("name"), "/members/9202") {
		t.Errorf("got the name %s", r.str("name"))
	}
	s.wantError(s.post(s.project+"/members", invite("NEW.hire@example.com", userRole)), 409, "already exists")
	s.wantEqual(s.member(s.other, "New.Hire@example.com", userRole), s.other+"/members/9202")
	url := s.get(s.other + "/members/9202:getInviteUrl")
	s.want(url, 200)
	if !strings.HasPrefix(url.str("inviteUrl"), "https://identity.") {
		t.Errorf("got %s", url.text)
	}
	s.want(s.get(s.other+"/members/9203:getInviteUrl"), 404)

	s.set("mixed_case_emails", "true")
	s.wantEqual(s.get(s.other+"/members/9202").at("email"), "New.Hire@Example.Com")
	s.wantEqual(s.member(s.other, "olga.operator@example.com", userRole), s.other+"/members/9201")
	_, email := s.account("ci")
	s.wantEqual(s.get(s.member(s.other, email, userRole)).at("email"), email)
}

func TestMemberRefusals(t *testing.T) {
	s := start(t)
	_, email := s.account("ci")
	gone, goneEmail := s.account("gone")
	s.want(s.del(gone), 200)
	for name, c := range map[string]struct {
		parent string
		body   any
		part   string
	}{
		"no role":                    {s.project, invite(email), "exactly one role"},
		"two roles":                  {s.project, invite(email, userRole, adminRole), "exactly one role"},
		"unknown role":               {s.project, invite(email, "roles/project.zork"), "no role"},
		"role without its prefix":    {s.project, invite(email, "project.user"), "no role"},
		"organization role, project": {s.project, invite(email, orgRole), "cannot be given"},
		"project role, organization": {s.organization, invite(email, userRole), "cannot be given"},
		"no e-mail":                  {s.project, map[string]any{"roles": []string{userRole}}, "email"},
		"no address":                 {s.project, invite("zork", userRole), "email"},
		"e-mail of the wrong type":   {s.project, `{"email":1,"roles":["roles/project.user"]}`, "email has the wrong type"},
		"roles of the wrong type":    {s.project, `{"email":"a@example.com","roles":"roles/project.user"}`, "roles has the wrong type"},
		"no body":                    {s.project, nil, "email"},
		"an array":                   {s.project, `[]`, "no JSON object"},
	} {
		t.Run(name, func(*testing.T) {
			s.wantError(s.post(c.parent+"/members", c.body), 400, c.part)
		})
	}
	for _, unknown := range []string{goneEmail, "zork@x.serviceaccount.d21s.com", "zork@x.SERVICEACCOUNT.d21s.com"} {
		s.wantError(s.post(s.project+"/members", invite(unknown, userRole)), 404, "no such service account")
	}
	s.set("unknown_account_status", "400")
	s.wantError(s.post(s.project+"/members", invite(goneEmail, userRole)), 400, "no such service account")
	s.wantEqual(len(s.fake.Objects()["project_members"]), 0)
}

func TestMemberPatch(t *testing.T) {
	s := start(t)
	_, email := s.account("ci")
	path := s.member(s.other, email, userRole)
	whole := s.get(path).value.(map[string]any)
	whole["roles"], whole["email"], whole["displayName"] = []string{adminRole}, "x@example.com", "x"
	r := s.patch(path, whole)
	s.want(r, 200)
	s.wantEqual([]any{r.at("roles"), r.at("email"), r.at("displayName")}, []any{[]any{adminRole}, email, "ci"})
	s.wantEqual(s.get(path).value, r.value)
	s.wantEqual(s.patch(path, `{}`).at("roles"), []any{adminRole})
	s.wantEqual(s.patch(path+"?update_mask=roles", `{"roles":["roles/project.user"]}`).at("roles"), []any{userRole})
	s.wantEqual(s.patch(path+"?update_mask=email", `{"roles":["roles/project.admin"]}`).at("roles"), []any{userRole})
	for body, part := range map[string]string{
		`{"roles":[]}`:                           "exactly one role",
		`{"roles":null}`:                         "exactly one role",
		`{"roles":["roles/organization.admin"]}`: "cannot be given",
		`{"roles":["zork"]}`:                     "no role",
		`{"roles":[1]}`:                          "wrong type",
	} {
		s.wantError(s.patch(path, body), 400, part)
	}
	s.wantError(s.patch(path+"?updateMask=role", `{}`), 400, `"role"`)
	s.wantEqual(s.get(path).at("roles"), []any{userRole})

	r = s.patch(s.organization+"/members/9201", `{}`)
	s.wantEqual([]any{r.status, r.text}, []any{405, ""})
}

func TestMembersAnywhere(t *testing.T) {
	s := start(t)
	path, email := s.account("ci")
	id := path[strings.LastIndex(path, "/")+1:]
	full := func(path string) string { return strings.TrimPrefix(path, "/v2/") }
	entry := func(project, email, role string) map[string]any {
		body := invite(email, role)
		body["project"] = full(project)
		return body
	}
	create := func(entries ...map[string]any) reply {
		return s.post("/v2/projects/-/members:batchCreate", map[string]any{"members": entries})
	}
	remove := func(names ...string) reply {
		return s.post("/v2/projects/-/members:batchDelete", map[string]any{"names": names})
	}

	r := create(entry(s.project, email, userRole), entry(s.other, email, adminRole), entry(s.other, "new@example.com", userRole),
		entry(s.project, "New@example.com", userRole))
	s.want(r, 200)
	s.wantEqual(r.each("members", "name"), []any{
		full(s.project) + "/members/" + id, full(s.other) + "/members/" + id,
		full(s.other) + "/members/9202", full(s.project) + "/members/9202",
	})
	list := s.get("/v2/projects/-/members?organization=" + full(s.organization) + "&memberId=" + id)
	s.wantEqual(len(list.each("members", "name")), 2)
	s.wantEqual(list.at("nextPageToken"), "")
	s.wantEqual(len(s.get("/v2/projects/-/members").each("members", "name")), 4)
	s.wantEqual(s.get("/v2/projects/-/members?memberId=1").at("members"), []any{})
	s.wantError(s.get("/v2/projects/-/members?organization=zork"), 400, "organization")
	s.wantError(s.get("/v2/projects/-/members?organization=organizations/zork"), 403, "permission denied")
	s.wantEqual(len(s.do("GET", "/v2/projects/-/members", s.actor(s.other, userRole), nil).each("members", "name")), 3)

	// All or nothing.
	third := entry(s.project, "third@example.com", userRole)
	s.wantError(create(third, entry(s.other, email, userRole)), 409, "already exists")
	s.wantError(create(third, entry(s.project, "THIRD@example.com", adminRole)), 409, "already exists")
	s.wantError(create(third, entry(s.project, "x@example.com", orgRole)), 400, "cannot be given")
	s.wantError(create(third, map[string]any{"project": "zork"}), 400, "project")
	s.wantError(create(third, entry("/v2/projects/00000000000000000000", "x@example.com", userRole)), 404, "no such project")
	s.wantError(create(), 400, "empty")
	s.wantError(remove(full(s.project)+"/members/"+id, full(s.project)+"/members/7"), 404, "not found")
	s.wantError(remove(full(s.organization)+"/members/9201"), 400, "no name such as")
	s.wantError(remove(), 400, "empty")
	for body, part := range map[string]string{
		`[]`:                          "no JSON object",
		`{"members":{},"names":{}}`:   "wrong type",
		`{"members":[1],"names":[1]}`: "",
	} {
		s.wantError(s.post("/v2/projects/-/members:batchCreate", body), 400, part)
		s.wantError(s.post("/v2/projects/-/members:batchDelete", body), 400, part)
	}
	s.wantError(s.post("/v2/projects/-/members:batchCreate", `{"members":[{"project":1}]}`), 400, "project has the wrong type")
	s.wantEqual(len(s.get(s.project+"/members").each("members", "name")), 2)

	user := s.actor(s.project, userRole)
	s.want(s.do("POST", "/v2/projects/-/members:batchCreate", user, map[string]any{"members": []any{third}}), 403)
	s.want(s.do("POST", "/v2/projects/-/members:batchDelete", user, map[string]any{"names": []string{full(s.project) + "/members/9202"}}), 403)
	s.wantEqual(remove(full(s.project)+"/members/"+id, full(s.other)+"/members/9202").text, "{}")
	s.want(s.get(s.project+"/members/"+id), 404)
	s.want(s.get(s.other+"/members/"+id), 200)
}

func TestNullCreateTime(t *testing.T) {
	s := start(t)
	s.set("member_create_time_null", "true")
	r := s.post(s.project+"/members", invite("new@example.com", userRole))
	value, there := r.value.(map[string]any)["createTime"]
	if value != nil || !there {
		t.Errorf("got %s", r.text)
	}
	s.wantEqual(s.get("/v2/"+r.str("name")).at("createTime"), "2026-07-02T12:00:00.123456Z")
}

func TestLastAdminGuard(t *testing.T) {
	s := start(t)
	own := s.organization + "/members/" + strings.SplitN(s.seed.email, "@", 2)[0]
	s.set("last_admin_guard", "true")
	s.wantError(s.del(own), 400, "themselves")
	path, email := s.account("admin")
	_, who := s.key(path)
	token := s.login(who)
	member := s.member(s.project, email, adminRole)
	s.wantError(s.do("PATCH", member, token, map[string]any{"roles": []string{userRole}}), 400, "themselves")
	s.wantError(s.do("DELETE", member, token, nil), 400, "themselves")
	s.wantError(s.do("POST", "/v2/projects/-/members:batchDelete", token,
		map[string]any{"names": []string{strings.TrimPrefix(member, "/v2/")}}), 400, "themselves")
	s.want(s.do("PATCH", member, token, map[string]any{"roles": []string{adminRole}}), 200)
	s.want(s.patch(member, map[string]any{"roles": []string{userRole}}), 200) // by somebody else
	s.want(s.patch(member, map[string]any{"roles": []string{adminRole}}), 200)
	s.want(s.del(s.organization+"/members/9201"), 200)
	second := s.member(s.organization, email, orgRole)
	s.want(s.do("DELETE", own, token, nil), 200)
	s.wantError(s.do("DELETE", second, token, nil), 400, "themselves") // the last one
	s.set("last_admin_guard", "false")
	s.want(s.do("DELETE", second, token, nil), 200)
	s.want(s.do("GET", s.organization, token, nil), 403)
}
