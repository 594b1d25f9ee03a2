package dttest_test

import (
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage/stagetest"
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
		r := s.Post(parent+"/members", invite(strings.ToUpper(email), role))
		s.Want(r, 200)
		s.WantEqual(r.Value, map[string]any{
			"name": strings.TrimPrefix(parent, "/v2/") + "/members/" + id, "displayName": "ci",
			"roles": []any{role}, "status": "ACCEPTED", "email": email, "accountType": "SERVICE_ACCOUNT",
			"createTime": "2026-07-02T12:00:00.123456Z",
		})
		s.WantEqual(s.Get(parent+"/members/"+id).Value, r.Value)
		s.wantError(s.Post(parent+"/members", invite(email, role)), 409, "already exists")
	}
	s.Want(s.Patch(path, map[string]any{"displayName": "renamed"}), 200)
	s.WantEqual(s.Get(s.other+"/members/"+id).At("displayName"), "renamed")

	s.WantEqual(s.Del(s.other+"/members/"+id).Text, "{}")
	s.Want(s.Get(s.other+"/members/"+id), 404)
	s.Want(s.Del(s.other+"/members/"+id), 404)
	s.Want(s.Get(path), 200)
	s.Want(s.Get(s.project+"/members/"+id), 200)
}

func TestUserAsMember(t *testing.T) {
	s := start(t)
	r := s.Post(s.project+"/members", invite("Olga.Operator@EXAMPLE.com", userRole))
	s.Want(r, 200)
	s.WantEqual([]any{r.Str("name"), r.Str("email"), r.Str("status"), r.Str("accountType"), r.Str("displayName")}, []any{
		strings.TrimPrefix(s.project, "/v2/") + "/members/9201", "olga.operator@example.com", "ACCEPTED", "USER", "Olga Operator",
	})
	s.wantError(s.Post(s.project+"/members", invite("olga.operator@example.com", adminRole)), 409, "already exists")
	s.wantError(s.Get(s.project+"/members/9201:getInviteUrl"), 400, "pending")

	// A stranger is invited, and stays the same stranger everywhere.
	r = s.Post(s.project+"/members", invite("new.hire@example.com", userRole))
	s.Want(r, 200)
	s.WantEqual([]any{r.Str("status"), r.Str("accountType"), r.Str("displayName")}, []any{"PENDING", "USER", ""})
	if !strings.HasSuffix(r.Str("name"), "/members/9202") {
		t.Errorf("got the name %s", r.Str("name"))
	}
	s.wantError(s.Post(s.project+"/members", invite("NEW.hire@example.com", userRole)), 409, "already exists")
	s.WantEqual(s.member(s.other, "New.Hire@example.com", userRole), s.other+"/members/9202")
	url := s.Get(s.other + "/members/9202:getInviteUrl")
	s.Want(url, 200)
	if !strings.HasPrefix(url.Str("inviteUrl"), "https://identity.") {
		t.Errorf("got %s", url.Text)
	}
	s.Want(s.Get(s.other+"/members/9203:getInviteUrl"), 404)

	s.Set("mixed_case_emails", "true")
	s.WantEqual(s.Get(s.other+"/members/9202").At("email"), "New.Hire@Example.Com")
	s.WantEqual(s.member(s.other, "olga.operator@example.com", userRole), s.other+"/members/9201")
	_, email := s.account("ci")
	s.WantEqual(s.Get(s.member(s.other, email, userRole)).At("email"), email)
}

func TestMemberRefusals(t *testing.T) {
	s := start(t)
	_, email := s.account("ci")
	gone, goneEmail := s.account("gone")
	s.Want(s.Del(gone), 200)
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
			s.wantError(s.Post(c.parent+"/members", c.body), 400, c.part)
		})
	}
	for _, unknown := range []string{goneEmail, "zork@x.serviceaccount.d21s.com", "zork@x.SERVICEACCOUNT.d21s.com"} {
		s.wantError(s.Post(s.project+"/members", invite(unknown, userRole)), 404, "no such service account")
	}
	s.Set("unknown_account_status", "400")
	s.wantError(s.Post(s.project+"/members", invite(goneEmail, userRole)), 400, "no such service account")
	s.WantEqual(len(s.Objects()["project_members"]), 0)
}

func TestMemberPatch(t *testing.T) {
	s := start(t)
	_, email := s.account("ci")
	path := s.member(s.other, email, userRole)
	whole := s.Get(path).Value.(map[string]any)
	whole["roles"], whole["email"], whole["displayName"] = []string{adminRole}, "x@example.com", "x"
	r := s.Patch(path, whole)
	s.Want(r, 200)
	s.WantEqual([]any{r.At("roles"), r.At("email"), r.At("displayName")}, []any{[]any{adminRole}, email, "ci"})
	s.WantEqual(s.Get(path).Value, r.Value)
	s.WantEqual(s.Patch(path, `{}`).At("roles"), []any{adminRole})
	s.WantEqual(s.Patch(path+"?update_mask=roles", `{"roles":["roles/project.user"]}`).At("roles"), []any{userRole})
	s.WantEqual(s.Patch(path+"?update_mask=email", `{"roles":["roles/project.admin"]}`).At("roles"), []any{userRole})
	for body, part := range map[string]string{
		`{"roles":[]}`:                           "exactly one role",
		`{"roles":null}`:                         "exactly one role",
		`{"roles":["roles/organization.admin"]}`: "cannot be given",
		`{"roles":["zork"]}`:                     "no role",
		`{"roles":[1]}`:                          "wrong type",
	} {
		s.wantError(s.Patch(path, body), 400, part)
	}
	s.wantError(s.Patch(path+"?updateMask=role", `{}`), 400, `"role"`)
	s.WantEqual(s.Get(path).At("roles"), []any{userRole})

	r = s.Patch(s.organization+"/members/9201", `{}`)
	s.WantEqual([]any{r.Status, r.Text}, []any{405, ""})
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
	create := func(entries ...map[string]any) stagetest.Reply {
		return s.Post("/v2/projects/-/members:batchCreate", map[string]any{"members": entries})
	}
	remove := func(names ...string) stagetest.Reply {
		return s.Post("/v2/projects/-/members:batchDelete", map[string]any{"names": names})
	}

	r := create(entry(s.project, email, userRole), entry(s.other, email, adminRole), entry(s.other, "new@example.com", userRole),
		entry(s.project, "New@example.com", userRole))
	s.Want(r, 200)
	s.WantEqual(r.Each("members", "name"), []any{
		full(s.project) + "/members/" + id, full(s.other) + "/members/" + id,
		full(s.other) + "/members/9202", full(s.project) + "/members/9202",
	})
	list := s.Get("/v2/projects/-/members?organization=" + full(s.organization) + "&memberId=" + id)
	s.WantEqual(len(list.Each("members", "name")), 2)
	s.WantEqual(list.At("nextPageToken"), "")
	s.WantEqual(len(s.Get("/v2/projects/-/members").Each("members", "name")), 4)
	s.WantEqual(s.Get("/v2/projects/-/members?memberId=1").At("members"), []any{})
	s.wantError(s.Get("/v2/projects/-/members?organization=zork"), 400, "organization")
	s.wantError(s.Get("/v2/projects/-/members?organization=organizations/zork"), 403, "permission denied")
	s.WantEqual(len(s.Do("GET", "/v2/projects/-/members", s.actor(s.other, userRole), nil).Each("members", "name")), 3)

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
		s.wantError(s.Post("/v2/projects/-/members:batchCreate", body), 400, part)
		s.wantError(s.Post("/v2/projects/-/members:batchDelete", body), 400, part)
	}
	s.wantError(s.Post("/v2/projects/-/members:batchCreate", `{"members":[{"project":1}]}`), 400, "project has the wrong type")
	s.WantEqual(len(s.Get(s.project+"/members").Each("members", "name")), 2)

	user := s.actor(s.project, userRole)
	s.Want(s.Do("POST", "/v2/projects/-/members:batchCreate", user, map[string]any{"members": []any{third}}), 403)
	s.Want(s.Do("POST", "/v2/projects/-/members:batchDelete", user, map[string]any{"names": []string{full(s.project) + "/members/9202"}}), 403)
	s.WantEqual(remove(full(s.project)+"/members/"+id, full(s.other)+"/members/9202").Text, "{}")
	s.Want(s.Get(s.project+"/members/"+id), 404)
	s.Want(s.Get(s.other+"/members/"+id), 200)
}

func TestNullCreateTime(t *testing.T) {
	s := start(t)
	s.Set("member_create_time_null", "true")
	r := s.Post(s.project+"/members", invite("new@example.com", userRole))
	value, there := r.Value.(map[string]any)["createTime"]
	if value != nil || !there {
		t.Errorf("got %s", r.Text)
	}
	s.WantEqual(s.Get("/v2/"+r.Str("name")).At("createTime"), "2026-07-02T12:00:00.123456Z")
}

func TestLastAdminGuard(t *testing.T) {
	s := start(t)
	own := s.organization + "/members/" + strings.SplitN(s.seed.email, "@", 2)[0]
	s.Set("last_admin_guard", "true")
	s.wantError(s.Del(own), 400, "themselves")
	path, email := s.account("admin")
	_, who := s.key(path)
	token := s.login(who)
	member := s.member(s.project, email, adminRole)
	s.wantError(s.Do("PATCH", member, token, map[string]any{"roles": []string{userRole}}), 400, "themselves")
	s.wantError(s.Do("DELETE", member, token, nil), 400, "themselves")
	s.wantError(s.Do("POST", "/v2/projects/-/members:batchDelete", token,
		map[string]any{"names": []string{strings.TrimPrefix(member, "/v2/")}}), 400, "themselves")
	s.Want(s.Do("PATCH", member, token, map[string]any{"roles": []string{adminRole}}), 200)
	s.Want(s.Patch(member, map[string]any{"roles": []string{userRole}}), 200) // by somebody else
	s.Want(s.Patch(member, map[string]any{"roles": []string{adminRole}}), 200)
	s.Want(s.Del(s.organization+"/members/9201"), 200)
	second := s.member(s.organization, email, orgRole)
	s.Want(s.Do("DELETE", own, token, nil), 200)
	s.wantError(s.Do("DELETE", second, token, nil), 400, "themselves") // the last one
	s.Set("last_admin_guard", "false")
	s.Want(s.Do("DELETE", second, token, nil), 200)
	s.Want(s.Do("GET", s.organization, token, nil), 403)
}
