package neowittest_test

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

var idForm = regexp.MustCompile(`^[0-9A-Za-z]{22}$`)

func TestAccountLife(t *testing.T) {
	s := start(t)
	r := s.post(accounts, map[string]any{"name": "ci", "enableBasicAuth": true})
	s.want(r, 201)
	id := r.str("id")
	if !idForm.MatchString(id) {
		t.Errorf("got the id %s", id)
	}
	want := map[string]any{
		"id": id, "name": "ci", "enableBasicAuth": true, "created": float64(noon.Unix()), "keys": []any{},
	}
	s.wantEqual(r.value, want)
	path := accounts + "/" + id
	r = s.get(path)
	s.want(r, 200)
	s.wantEqual(r.value, want)
	r = s.get(accounts)
	s.want(r, 200)
	s.wantEqual(r.value, map[string]any{"serviceAccounts": []any{s.get(accounts + "/" + s.seed.account).value, want}})

	s.wantNothing(s.del(path), 204)
	s.wantError(s.get(path), 404, "not found")
	s.wantError(s.patch(path, `{}`), 404, "not found")
	s.wantError(s.put(path, `{}`), 404, "not found")
	s.wantError(s.del(path), 404, "not found")
	s.wantEqual(s.get(accounts).names(), []any{"terraform"})
}

func TestAccountDefaults(t *testing.T) {
	s := start(t)
	r := s.post(accounts, `{"name":" ci ","zork":1,"id":"x","created":1,"enablebasicauth":true}`)
	s.want(r, 201)
	s.wantEqual([]any{r.at("name"), r.at("enableBasicAuth"), r.at("created")}, []any{" ci ", false, float64(noon.Unix())})
	if r.at("id") == "x" {
		t.Error("the id was taken from the body")
	}
}

// badAccounts are bodies that neither a creation nor a change takes, with the hints that they get.
var badAccounts = map[string][]string{
	``:                                      nil,
	`{`:                                     nil,
	`[]`:                                    nil,
	`null`:                                  nil,
	`{"name":"x"}x`:                         nil,
	`{"name":""}`:                           {"serviceAccount.name", "required"},
	`{"name":1}`:                            {"serviceAccount.name", "must be a string"},
	`{"name":null}`:                         {"serviceAccount.name", "must be a string"},
	`{"name":"x","enableBasicAuth":"true"}`: {"serviceAccount.enableBasicAuth", "must be a boolean"},
	`{"name":"x","enableBasicAuth":null}`:   {"serviceAccount.enableBasicAuth", "must be a boolean"},
	`{"name":"","enableBasicAuth":1}`: {
		"serviceAccount.name", "required", "serviceAccount.enableBasicAuth", "must be a boolean",
	},
}

func TestBadAccounts(t *testing.T) {
	s := start(t)
	path := s.account("ci")
	before := s.get(path).value
	for body, hints := range badAccounts {
		s.wantError(s.post(accounts, body), 400, "invalid serviceAccount data", hints...)
		s.wantError(s.patch(path, body), 400, "invalid serviceAccount data", hints...)
		s.wantError(s.put(path, body), 400, "invalid serviceAccount data", hints...)
	}
	// Where there is a name already, only a change of some fields can do without.
	s.wantError(s.post(accounts, `{}`), 400, "invalid serviceAccount data", "serviceAccount.name", "required")
	s.wantError(s.put(path, `{}`), 400, "invalid serviceAccount data", "serviceAccount.name", "required")
	s.wantEqual(s.get(path).value, before)
	s.wantEqual(len(s.fake.Objects()["service_accounts"]), 2)
}

func TestChanges(t *testing.T) {
	s := start(t)
	path := s.account("ci")
	for _, c := range []struct {
		method, body string
		name         string
		basic        bool
	}{
		{"PATCH", `{"enableBasicAuth":true}`, "ci", true},
		{"PATCH", `{"name":"x"}`, "x", true},
		{"PATCH", `{}`, "x", true},
		{"PATCH", `{"id":"x","created":1,"zork":1}`, "x", true},
		{"PATCH", `{"name":"y","enableBasicAuth":false}`, "y", false},
		{"PUT", `{"name":"z","enableBasicAuth":true}`, "z", true},
		{"PUT", `{"name":"z"}`, "z", false},
	} {
		s.clock.Move(s.clock.Now().Sub(noon) + time.Hour/2)
		s.admin = s.login(s.seed)
		r := s.do(c.method, path, s.admin, c.body)
		s.want(r, 200)
		s.wantEqual(r.value, map[string]any{
			"id": last(path), "name": c.name, "enableBasicAuth": c.basic, "created": float64(noon.Unix()), "keys": []any{},
		})
		s.wantEqual(s.get(path).value, r.value)
	}
}

func TestUpdateVerb(t *testing.T) {
	s := start(t)
	path := s.account("ci")
	for verb, want := range map[string][2]int{
		"both": {200, 200}, "patch": {200, 404}, "put": {404, 200}, "none": {404, 404},
	} {
		s.set("update_verb", verb)
		s.want(s.patch(path, `{"name":"patched"}`), want[0])
		s.want(s.put(path, `{"name":"put"}`), want[1])
		s.wantEqual(s.get(path).at("name") == "ci", verb == "none")
		s.set("update_verb", "both")
		s.want(s.patch(path, `{"name":"ci"}`), 200)
	}
}

func TestUpdateReply(t *testing.T) {
	s := start(t)
	path := s.account("ci")
	s.set("update_reply", "empty")
	s.wantNothing(s.patch(path, `{"name":"a"}`), 200)
	s.wantEqual(s.get(path).at("name"), "a")
	s.wantError(s.patch(path, `{"name":""}`), 400, "invalid serviceAccount data", "serviceAccount.name", "required")
	s.set("update_reply", "204")
	s.wantNothing(s.put(path, `{"name":"b"}`), 204)
	s.wantEqual(s.get(path).at("name"), "b")
}

func TestUniqueNames(t *testing.T) {
	s := start(t)
	first := s.account("same")
	s.wantError(s.post(accounts, `{"name":"same"}`), 409, "serviceAccount already exists")
	s.account("Same")
	second := s.account("same ")
	for _, method := range []string{"PATCH", "PUT"} {
		s.wantError(s.do(method, second, s.admin, `{"name":"same"}`), 409, "serviceAccount already exists")
		s.want(s.do(method, first, s.admin, `{"name":"same"}`), 200) // its own name is free
	}
	s.want(s.post(accounts+"?orgId="+s.child, `{"name":"same"}`), 201)
	s.wantEqual(s.get(second).at("name"), "same ")

	s.set("unique_names", "off")
	s.account("same")
	s.want(s.patch(second, `{"name":"same"}`), 200)
	s.wantEqual(strings.Count(s.get(accounts).text, `"same"`), 3)
}

func TestShownAccounts(t *testing.T) {
	s := start(t)
	path := s.account("ci")
	other := s.account("other")
	keyPath, _ := s.key(other)
	without := func(key, basic string) string {
		if basic != "" {
			basic = `"enableBasicAuth":` + basic + `,`
		}
		return `{"created":1782993600,` + basic + `"id":"` + last(path) + `",` + key + `"name":"ci"}`
	}
	s.wantEqual(s.get(path).text, without(`"keys":[],`, "false"))
	s.set("empty_keys", "null")
	s.wantEqual(s.get(path).text, without(`"keys":null,`, "false"))
	s.set("empty_keys", "omit", "omit_false", "on")
	s.wantEqual(s.get(path).text, without("", ""))
	s.wantEqual(s.patch(path, `{"enableBasicAuth":true}`).text, without("", "true"))
	if !strings.Contains(s.get(accounts).text, without("", "true")) {
		t.Error("the list shows accounts in another way")
	}
	r := s.post(accounts, `{"name":"new"}`)
	s.wantEqual(len(r.value.(map[string]any)), 3)

	// Keys that are there are shown in any case.
	for _, mode := range []string{"array", "null", "omit"} {
		s.set("empty_keys", mode)
		s.wantEqual(s.get(other).at("keys"), []any{
			map[string]any{"keyId": last(keyPath), "created": float64(noon.Unix())},
		})
	}
}

func TestLists(t *testing.T) {
	s := start(t)
	for i, name := range []string{"c", "a", "b"} {
		s.clock.Move(time.Duration(i) * time.Millisecond)
		s.account(name)
	}
	s.wantEqual(s.get(accounts).names(), []any{"terraform", "c", "a", "b"})
	s.wantEqual(s.get(accounts+"?orgId="+s.child).text, `{"serviceAccounts":[]}`)
	s.set("next_page", "on")
	r := s.get(accounts)
	s.wantEqual(r.names(), []any{"terraform", "c", "a"})
	if r.str("nextPageToken") == "" {
		t.Error("there is no next page")
	}
	s.wantEqual(s.get(accounts+"?orgId="+s.child).text, `{"serviceAccounts":[]}`)
	s.set("list_envelope", "array")
	r = s.get(accounts)
	s.wantEqual(r.names(), []any{"terraform", "c", "a", "b"})
	if !strings.HasPrefix(r.text, "[") {
		t.Errorf("got %s", r.text)
	}
	s.wantEqual(s.get(accounts+"?orgId="+s.child).text, `[]`)
}

func TestReadDelay(t *testing.T) {
	s := start(t)
	s.set("read_delay_ms", "1500")
	path := s.account("ci")
	key, _ := s.key(path)
	s.want(s.get(accounts+"/"+s.seed.account), 200) // seeds were always there
	for _, moved := range []time.Duration{0, 1499 * time.Millisecond} {
		s.clock.Move(moved)
		s.wantError(s.get(path), 404, "not found")
		s.wantEqual(s.get(accounts).names(), []any{"terraform"})
	}
	// Only reads are late.
	s.want(s.patch(path, `{"name":"x"}`), 200)
	s.wantNothing(s.del(key), 204)
	s.wantError(s.post(accounts, `{"name":"x"}`), 409, "serviceAccount already exists")
	s.wantEqual(len(s.fake.Objects()["service_accounts"]), 2)

	s.clock.Move(1500 * time.Millisecond)
	s.want(s.get(path), 200)
	s.wantEqual(s.get(accounts).names(), []any{"terraform", "x"})
	fresh := s.account("fresh")
	s.want(s.get(fresh), 404)
	s.set("read_delay_ms", "")
	s.want(s.get(fresh), 200)
	s.clock.Move(0)
	s.want(s.get(fresh), 200) // although it is of the future now
}
