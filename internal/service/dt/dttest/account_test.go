package dttest_test

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestAccountLife(t *testing.T) {
	s := start(t)
	r := s.Post(s.project+"/serviceaccounts", map[string]any{"displayName": "ci", "enableBasicAuth": true})
	s.Want(r, 200)
	name := r.Str("name")
	path := "/v2/" + name
	project := strings.TrimPrefix(s.project, "/v2/projects/")
	form := regexp.MustCompile(`^projects/` + project + `/serviceaccounts/([0-9a-v]{20})$`)
	match := form.FindStringSubmatch(name)
	if match == nil {
		t.Fatalf("got the name %s", name)
	}
	updated, err := time.Parse("2006-01-02T15:04:05.000000Z", r.Str("updateTime"))
	if late := updated.Sub(noon); err != nil || late < 60*time.Millisecond || late > 100*time.Millisecond {
		t.Errorf("updated at %s", r.Str("updateTime"))
	}
	s.WantEqual(r.Value, map[string]any{
		"name": name, "email": match[1] + "@" + project + ".serviceaccount.d21s.com",
		"displayName": "ci", "enableBasicAuth": true,
		"createTime": "2026-07-02T12:00:00.123456Z", "updateTime": r.Str("updateTime"),
	})
	s.WantEqual(s.Get(path).Value, r.Value)

	s.WantEqual(s.Del(path).Text, "{}")
	s.wantError(s.Get(path), 404, "not found")
	s.wantError(s.Patch(path, `{}`), 404, "not found")
	s.wantError(s.Del(path), 404, "not found")
	s.wantError(s.Get(path+"/keys"), 404, "not found")
}

func TestAccountDefaults(t *testing.T) {
	s := start(t)
	for _, body := range []any{nil, `{}`, `{"zork":1,"email":"x@example.com","name":"x"}`, `{"displayName":null,"enableBasicAuth":null}`} {
		r := s.Post(s.project+"/serviceaccounts", body)
		s.Want(r, 200)
		s.WantEqual([]any{r.At("displayName"), r.At("enableBasicAuth")}, []any{"", false})
		if !strings.HasSuffix(r.Str("email"), ".serviceaccount.d21s.com") {
			t.Errorf("an e-mail was taken from the body: %s", r.Str("email"))
		}
	}
	for body, part := range map[string]string{
		`{"displayName":1}`:          "displayName has the wrong type",
		`{"enableBasicAuth":"true"}`: "enableBasicAuth has the wrong type",
		`[]`:                         "no JSON object",
		`null`:                       "no JSON object",
		`{`:                          "no JSON object",
	} {
		s.wantError(s.Post(s.project+"/serviceaccounts", body), 400, part)
	}
	s.WantEqual(len(s.Objects()["service_accounts"]), 5)
}

func TestAccountPatch(t *testing.T) {
	s := start(t)
	path, email := s.account("ci")
	before := s.Get(path)
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
		r := s.Patch(path+c.query, c.body)
		s.Want(r, 200)
		s.WantEqual([]any{r.Str("displayName"), r.At("enableBasicAuth"), r.Str("email")}, []any{c.name, c.basic, email})
		s.WantEqual(s.Get(path).Value, r.Value)
	}
	after := s.Get(path)
	s.WantEqual(after.At("createTime"), before.At("createTime"))
	if after.Str("updateTime") <= before.Str("updateTime") {
		t.Error("the update time did not move")
	}
	s.Clock.Move(time.Minute)
	s.WantEqual(s.Patch(path, `{"displayName":"w"}`).At("updateTime"), after.At("updateTime")) // nothing changed
	s.WantEqual(s.Patch(path, `{"displayName":"v"}`).At("updateTime"), "2026-07-02T12:01:00.123456Z")

	for _, body := range []string{`{"displayName":[]}`, `{"displayName":"q","enableBasicAuth":1}`, `"x"`} {
		s.wantError(s.Patch(path, body), 400, "")
	}
	s.wantError(s.Patch(path+"?update_mask=display_name", `{}`), 400, "display_name")
	s.WantEqual(s.Get(path).At("displayName"), "v")
}

func TestAccountsStayInTheirProject(t *testing.T) {
	s := start(t)
	path, _ := s.account("same")
	s.account("same") // names are not unique
	elsewhere := s.other + strings.TrimPrefix(path, s.project)
	s.wantError(s.Get(elsewhere), 404, "not found")
	s.wantError(s.Del(elsewhere), 404, "not found")
	s.Want(s.Get(path), 200)
	s.WantEqual(len(s.Get(s.project+"/serviceaccounts").Each("serviceAccounts", "name")), 3)
	s.WantEqual(s.Get(s.other+"/serviceaccounts").Text, `{"nextPageToken":"","serviceAccounts":[]}`)
}

func TestAccountDeletion(t *testing.T) {
	s := start(t)
	path, email := s.account("ci")
	key, who := s.key(path)
	member := s.member(s.other, email, "roles/project.user")
	admin := s.member(s.organization, email, "roles/organization.admin")
	s.Want(s.Del(path), 200)
	s.wantError(s.Get(key), 404, "not found")
	s.Want(s.Get(member), 404)
	s.Want(s.Get(admin), 404)
	s.wantGrantError(s.exchange(s.assertion(who, nil)), "invalid_grant", "untrusted entity")
	s.WantEqual(len(s.Objects()["service_account_keys"]), 1)

	s.Set("cascade_memberships", "false")
	path, email = s.account("dangling")
	member = s.member(s.other, email, "roles/project.user")
	s.Want(s.Del(path), 200)
	r := s.Get(member)
	s.Want(r, 200)
	s.WantEqual([]any{r.At("email"), r.At("displayName"), r.At("accountType")}, []any{email, "dangling", "SERVICE_ACCOUNT"})
	s.Want(s.Del(member), 200)

	// Nothing stops an account from deleting itself.
	s.Want(s.Del("/v2/"+s.Get(s.project+"/serviceaccounts").Each("serviceAccounts", "name")[0].(string)), 200)
	s.Want(s.Get(s.project), 401)
}
