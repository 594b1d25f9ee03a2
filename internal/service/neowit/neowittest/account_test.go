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
	r := s.Post(accounts, map[string]any{"name": "ci", "enableBasicAuth": true})
	s.Want(r, 201)
	id := r.Str("id")
	if !idForm.MatchString(id) {
		t.Errorf("got the id %s", id)
	}
	want := map[string]any{
		"id": id, "name": "ci", "enableBasicAuth": true, "created": float64(noon.Unix()), "keys": []any{},
	}
	s.WantEqual(r.Value, want)
	path := accounts + "/" + id
	r = s.Get(path)
	s.Want(r, 200)
	s.WantEqual(r.Value, want)
	r = s.Get(accounts)
	s.Want(r, 200)
	s.WantEqual(r.Value, map[string]any{"serviceAccounts": []any{s.Get(accounts + "/" + s.seed.account).Value, want}})

	s.WantNothing(s.Del(path), 204)
	s.wantError(s.Get(path), 404, "not found")
	s.wantError(s.Patch(path, `{}`), 404, "not found")
	s.wantError(s.put(path, `{}`), 404, "not found")
	s.wantError(s.Del(path), 404, "not found")
	s.WantEqual(names(s.Get(accounts)), []any{"terraform"})
}

func TestAccountDefaults(t *testing.T) {
	s := start(t)
	r := s.Post(accounts, `{"name":" ci ","zork":1,"id":"x","created":1,"enablebasicauth":true}`)
	s.Want(r, 201)
	s.WantEqual([]any{r.At("name"), r.At("enableBasicAuth"), r.At("created")}, []any{" ci ", false, float64(noon.Unix())})
	if r.At("id") == "x" {
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
	before := s.Get(path).Value
	for body, hints := range badAccounts {
		s.wantError(s.Post(accounts, body), 400, "invalid serviceAccount data", hints...)
		s.wantError(s.Patch(path, body), 400, "invalid serviceAccount data", hints...)
		s.wantError(s.put(path, body), 400, "invalid serviceAccount data", hints...)
	}
	// Where there is a name already, only a change of some fields can do without.
	s.wantError(s.Post(accounts, `{}`), 400, "invalid serviceAccount data", "serviceAccount.name", "required")
	s.wantError(s.put(path, `{}`), 400, "invalid serviceAccount data", "serviceAccount.name", "required")
	s.WantEqual(s.Get(path).Value, before)
	s.WantEqual(len(s.Objects()["service_accounts"]), 2)
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
		s.Clock.Move(s.Clock.Now().Sub(noon) + time.Hour/2)
		s.Admin = s.login(s.seed)
		r := s.Do(c.method, path, s.Admin, c.body)
		s.Want(r, 200)
		s.WantEqual(r.Value, map[string]any{
			"id": last(path), "name": c.name, "enableBasicAuth": c.basic, "created": float64(noon.Unix()), "keys": []any{},
		})
		s.WantEqual(s.Get(path).Value, r.Value)
	}
}

func TestUpdateVerb(t *testing.T) {
	s := start(t)
	path := s.account("ci")
	for verb, want := range map[string][2]int{
		"both": {200, 200}, "patch": {200, 404}, "put": {404, 200}, "none": {404, 404},
	} {
		s.Set("update_verb", verb)
		s.Want(s.Patch(path, `{"name":"patched"}`), want[0])
		s.Want(s.put(path, `{"name":"put"}`), want[1])
		s.WantEqual(s.Get(path).At("name") == "ci", verb == "none")
		s.Set("update_verb", "both")
		s.Want(s.Patch(path, `{"name":"ci"}`), 200)
	}
}

func TestUpdateReply(t *testing.T) {
	s := start(t)
	path := s.account("ci")
	s.Set("update_reply", "empty")
	s.WantNothing(s.Patch(path, `{"name":"a"}`), 200)
	s.WantEqual(s.Get(path).At("name"), "a")
	s.wantError(s.Patch(path, `{"name":""}`), 400, "invalid serviceAccount data", "serviceAccount.name", "required")
	s.Set("update_reply", "204")
	s.WantNothing(s.put(path, `{"name":"b"}`), 204)
	s.WantEqual(s.Get(path).At("name"), "b")
}

func TestUniqueNames(t *testing.T) {
	s := start(t)
	first := s.account("same")
	s.wantError(s.Post(accounts, `{"name":"same"}`), 409, "serviceAccount already exists")
	s.account("Same")
	second := s.account("same ")
	for _, method := range []string{"PATCH", "PUT"} {
		s.wantError(s.Do(method, second, s.Admin, `{"name":"same"}`), 409, "serviceAccount already exists")
		s.Want(s.Do(method, first, s.Admin, `{"name":"same"}`), 200) // its own name is free
	}
	s.Want(s.Post(accounts+"?orgId="+s.child, `{"name":"same"}`), 201)
	s.WantEqual(s.Get(second).At("name"), "same ")

	s.Set("unique_names", "off")
	s.account("same")
	s.Want(s.Patch(second, `{"name":"same"}`), 200)
	s.WantEqual(strings.Count(s.Get(accounts).Text, `"same"`), 3)
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
	s.WantEqual(s.Get(path).Text, without(`"keys":[],`, "false"))
	s.Set("empty_keys", "null")
	s.WantEqual(s.Get(path).Text, without(`"keys":null,`, "false"))
	s.Set("empty_keys", "omit", "omit_false", "on")
	s.WantEqual(s.Get(path).Text, without("", ""))
	s.WantEqual(s.Patch(path, `{"enableBasicAuth":true}`).Text, without("", "true"))
	if !strings.Contains(s.Get(accounts).Text, without("", "true")) {
		t.Error("the list shows accounts in another way")
	}
	r := s.Post(accounts, `{"name":"new"}`)
	s.WantEqual(len(r.Value.(map[string]any)), 3)

	// Keys that are there are shown in any case.
	for _, mode := range []string{"array", "null", "omit"} {
		s.Set("empty_keys", mode)
		s.WantEqual(s.Get(other).At("keys"), []any{
			map[string]any{"keyId": last(keyPath), "created": float64(noon.Unix())},
		})
	}
}

func TestLists(t *testing.T) {
	s := start(t)
	for i, name := range []string{"c", "a", "b"} {
		s.Clock.Move(time.Duration(i) * time.Millisecond)
		s.account(name)
	}
	s.WantEqual(names(s.Get(accounts)), []any{"terraform", "c", "a", "b"})
	s.WantEqual(s.Get(accounts+"?orgId="+s.child).Text, `{"serviceAccounts":[]}`)
	s.Set("next_page", "on")
	r := s.Get(accounts)
	s.WantEqual(names(r), []any{"terraform", "c", "a"})
	if r.Str("nextPageToken") == "" {
		t.Error("there is no next page")
	}
	s.WantEqual(s.Get(accounts+"?orgId="+s.child).Text, `{"serviceAccounts":[]}`)
	s.Set("list_envelope", "array")
	r = s.Get(accounts)
	s.WantEqual(names(r), []any{"terraform", "c", "a", "b"})
	if !strings.HasPrefix(r.Text, "[") {
		t.Errorf("got %s", r.Text)
	}
	s.WantEqual(s.Get(accounts+"?orgId="+s.child).Text, `[]`)
}

func TestReadDelay(t *testing.T) {
	s := start(t)
	s.Set("read_delay_ms", "1500")
	path := s.account("ci")
	key, _ := s.key(path)
	s.Want(s.Get(accounts+"/"+s.seed.account), 200) // seeds were always there
	for _, moved := range []time.Duration{0, 1499 * time.Millisecond} {
		s.Clock.Move(moved)
		s.wantError(s.Get(path), 404, "not found")
		s.WantEqual(names(s.Get(accounts)), []any{"terraform"})
	}
	// Only reads are late.
	s.Want(s.Patch(path, `{"name":"x"}`), 200)
	s.WantNothing(s.Del(key), 204)
	s.wantError(s.Post(accounts, `{"name":"x"}`), 409, "serviceAccount already exists")
	s.WantEqual(len(s.Objects()["service_accounts"]), 2)

	s.Clock.Move(1500 * time.Millisecond)
	s.Want(s.Get(path), 200)
	s.WantEqual(names(s.Get(accounts)), []any{"terraform", "x"})
	fresh := s.account("fresh")
	s.Want(s.Get(fresh), 404)
	s.Set("read_delay_ms", "")
	s.Want(s.Get(fresh), 200)
	s.Clock.Move(0)
	s.Want(s.Get(fresh), 200) // although it is of the future now
}
