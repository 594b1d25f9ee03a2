package dttest_test

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestAccountLife(t *testing.T) {
	s := start(t)
	r := s.post(s.project+"/serviceaccounts", map[string]any{"displayName": "ci", "enableBasicAuth": true})
	s.want(r, 200)
	name := r.str("name")
	path := "/v2/" + name
	project := strings.TrimPrefix(s.project, "/v2/projects/")
	form := regexp.MustCompile(`^projects/` + project + `/serviceaccounts/([0-9a-v]{20})$`)
	match := form.FindStringSubmatch(name)
	if match == nil {
		t.Fatalf("got the name %s", name)
	}
	updated, err := time.Parse("2006-01-02T15:04:05.000000Z", r.str("updateTime"))
	if late := updated.Sub(noon); err != nil || late < 60*time.Millisecond || late > 100*time.Millisecond {
		t.Errorf("updated at %s", r.str("updateTime"))
	}
	s.wantEqual(r.value, map[string]any{
		"name": name, "email": match[1] + "@" + project + ".serviceaccount.d21s.com",
		"displayName": "ci", "enableBasicAuth": true,
		"createTime": "2026-07-02T12:00:00.123456Z", "updateTime": r.str("updateTime"),
	})
	s.wantEqual(s.get(path).value, r.value)

	s.wantEqual(s.del(path).text, "{}")
	s.wantError(s.get(path), 404, "not found")
	s.wantError(s.patch(path, `{}`), 404, "not found")
	s.wantError(s.del(path), 404, "not found")
	s.wantError(s.get(path+"/keys"), 404, "not found")
}

func TestAccountDefaults(t *testing.T) {
	s := start(t)
	for _, body := range []any{nil, `{}`, `{"zork":1,"email":"x@example.com","name":"x"}`, `{"displayName":null,"enableBasicAuth":null}`} {
		r := s.post(s.project+"/serviceaccounts", body)
		s.want(r, 200)
		s.wantEqual([]any{r.at("displayName"), r.at("enableBasicAuth")}, []any{"", false})
		if !strings.HasSuffix(r.str("email"), ".serviceaccount.d21s.com") {
			t.Errorf("an e-mail was taken from the body: %s", r.str("email"))
		}
	}
	for body, part := range map[string]string{
		`{"displayName":1}`:          "displayName has the wrong type",
		`{"enableBasicAuth":"true"}`: "enableBasicAuth has the wrong type",
		`[]`:                         "no JSON object",
		`null`:                       "no JSON object",
		`{`:                          "no JSON object",
	} {
		s.wantError(s.post(s.project+"/serviceaccounts", body), 400, part)
	}
	s.wantEqual(len(s.fake.Objects()["service_accounts"]), 5)
}

func TestAccountPatch(t *testing.T) {
	s := start(t)
	path, email := s.account("ci")
	before := s.get(path)
	for _, c := range []struct {
		query, body string
		name        string
		basic       bool
	}{
		{"", `{"enableBasicAuth":true}`, "ci", true},
		{"", `{"displayName":""}`, "", true},
		{"", `{"displayName":"x"}`, "x", true},
		{"", `{"displayName":null}`, "", true},
		{"", `{"displayName":"x","enableBasicAuth":false}`, "x", false},
		{"", `{}`, "x", false},
		{"", ``, "x", false},
		{"", `{"email":"x@example.com","name":"x","createTime":"x","zork":1}`, "x", false},
		{"?update_mask=displayName", `{"displayName":"y","enableBasicAuth":true}`, "y", false},
		{"?updateMask=enableBasicAuth,email", `{"displayName":"z","enableBasicAuth":true,"email":"z@example.com"}`, "y", true},
		{"?updateMask=displayName", `{}`, "y", true},
		{"?updateMask=", `{"displayName":"w"}`, "w", true},
	} {
		r := s.patch(path+c.query, c.body)
		s.want(r, 200)
		s.wantEqual([]any{r.str("displayName"), r.at("enableBasicAuth"), r.str("email")}, []any{c.name, c.basic, email})
		s.wantEqual(s.get(path).value, r.value)
	}
	after := s.get(path)
	s.wantEqual(after.at("createTime"), before.at("createTime"))
	if after.str("updateTime") <= before.str("updateTime") {
		t.Error("the update time did not move")
	}
	s.clock.Move(time.Minute)
	s.wantEqual(s.patch(path, `{"displayName":"w"}`).at("updateTime"), after.at("updateTime")) // nothing changed
	s.wantEqual(s.patch(path, `{"displayName":"v"}`).at("updateTime"), "2026-07-02T12:01:00.123456Z")

	for _, body := range []string{`{"displayName":[]}`, `{"displayName":"q","enableBasicAuth":1}`, `"x"`} {
		s.wantError(s.patch(path, body), 400, "")
	}
	s.wantError(s.patch(path+"?update_mask=display_name", `{}`), 400, "display_name")
	s.wantEqual(s.get(path).at("displayName"), "v")
}

func TestAccountsStayInTheirProject(t *testing.T) {
	s := start(t)
	path, _ := s.account("same")
	s.account("same") // names are not unique
	elsewhere := s.other + strings.TrimPrefix(path, s.project)
	s.wantError(s.get(elsewhere), 404, "not found")
	s.wantError(s.del(elsewhere), 404, "not found")
	s.want(s.get(path), 200)
	s.wantEqual(len(s.get(s.project+"/serviceaccounts").each("serviceAccounts", "name")), 3)
	s.wantEqual(s.get(s.other+"/serviceaccounts").text, `{"nextPageToken":"","serviceAccounts":[]}`)
}

func TestAccountDeletion(t *testing.T) {
	s := start(t)
	path, email := s.account("ci")
	key, who := s.key(path)
	member := s.member(s.other, email, "roles/project.user")
	admin := s.member(s.organization, email, "roles/organization.admin")
	s.want(s.del(path), 200)
	s.wantError(s.get(key), 404, "not found")
	s.want(s.get(member), 404)
	s.want(s.get(admin), 404)
	s.wantGrantError(s.exchange(s.assertion(who, nil)), "invalid_grant", "untrusted entity")
	s.wantEqual(len(s.fake.Objects()["service_account_keys"]), 1)

	s.set("cascade_memberships", "false")
	path, email = s.account("dangling")
	member = s.member(s.other, email, "roles/project.user")
	s.want(s.del(path), 200)
	r := s.get(member)
	s.want(r, 200)
	s.wantEqual([]any{r.at("email"), r.at("displayName"), r.at("accountType")}, []any{email, "dangling", "SERVICE_ACCOUNT"})
	s.want(s.del(member), 200)

	// Nothing stops an account from deleting itself.
	s.want(s.del("/v2/"+s.get(s.project+"/serviceaccounts").each("serviceAccounts", "name")[0].(string)), 200)
	s.want(s.get(s.project), 401)
}
