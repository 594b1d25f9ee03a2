package zenml_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

var keyLines = []line{
	{"K01_create_answers_the_whole_key_and_its_value", keyCreate},
	{"K02_text_of_a_key", keyFormat},
	{"K03_names_are_unique_in_an_account", keyDuplicate},
	{"K04_account_in_the_path_is_an_id", keyAccountPath},
	{"K05_value_is_shown_by_create_and_rotate_alone", keyRead},
	{"K06_missing_key_and_key_of_another_account", keyMissing},
	{"K07_rotate_answer_has_null_metadata", keyRotate},
	{"K08_old_value_is_dead_at_once_without_a_retain_period", keyRotateDead},
	{"K09_retain_period_keeps_one_older_value", keyRetain},
	{"K10_logins_after_a_rotation", keyGenerations},
	{"K11_rotate_body", keyRotateBody},
	{"K12_use_moves_last_login_and_updated", keyUse},
	{"K13_update", keyUpdate},
	{"K14_deactivated_key", keyDeactivated},
	{"K15_delete_answers_null_and_then_404", keyDelete},
	{"K16_duplicates_at_the_same_time", keyRace},
	{"K17_name_like_a_uuid_is_out_of_reach", keyNamedLikeUUID},
	{"K18_renamed_key_keeps_its_values", keyRenamed},
}

// wholeKey is a new key as everybody sees it who did not create it.
func wholeKey(account, accountName, name string) object {
	owner := wholeAccount(accountName)
	owner["id"], owner["metadata"] = account, nil
	return object{
		"body":      object{"created": aMoment, "updated": aMoment, "key": nil, "active": true, "service_account": owner},
		"metadata":  object{"description": "", "retain_period_minutes": 0, "last_login": nil, "last_rotated": nil},
		"resources": nil, "id": aUUID, "permission_denied": false, "name": name,
	}
}

func keyCreate(t *testing.T, c contract) {
	account, accountName := c.newAccount(t)
	// A key is born active, whatever is asked for.
	got := c.post(t, keysPath(account), object{"name": "k", "description": nil, "active": false})
	want := wholeKey(account, accountName, "k")
	want["body"].(object)["key"] = aKey
	expect(t, got, http.StatusOK, want)
	if acctest.At(got.Body, "body", "created") != acctest.At(got.Body, "body", "updated") {
		t.Error("created and updated differ")
	}
	want["metadata"].(object)["description"], want["name"] = "d", ""
	expect(t, c.post(t, keysPath(account), object{"name": "", "description": "d"}), http.StatusOK, want)
	expectInvalid(t, c.post(t, keysPath(account), object{}), "'missing'", "('body', 'name')")
	expectInvalid(t, c.post(t, keysPath(account), object{"name": strings.Repeat("x", 256)}), "string_too_long", "('body', 'name')")
	expectInvalid(t, c.post(t, keysPath(account), object{"name": "x", "description": strings.Repeat("x", 65536)}),
		"string_too_long", "('body', 'description')")
}

func keyFormat(t *testing.T, c contract) {
	account, _ := c.newAccount(t)
	id, key := c.hand.createKey(t, account, "k")
	if len(key) != 167 {
		t.Errorf("%d characters", len(key))
	}
	text, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(key, "ZENKEY_"))
	if err != nil {
		t.Fatal(err)
	}
	var inside any
	if err := json.Unmarshal(text, &inside); err != nil {
		t.Fatal(err)
	}
	if acctest.At(inside, "id") != id || !regexp.MustCompile(`^[0-9a-f]{64}$`).MatchString(acctest.At(inside, "key").(string)) {
		t.Error("inside there are not the id and 64 hexadecimal digits")
	}
}

func keyDuplicate(t *testing.T, c contract) {
	account, accountName := c.newAccount(t)
	other, _ := c.newAccount(t)
	c.hand.createKey(t, account, "k")
	expectError(t, c.post(t, keysPath(account), object{"name": "k"}), http.StatusConflict, "EntityExistsError",
		"Unable to register API key with name 'k': Found an existing API key with the same name configured for the same '"+
			accountName+"' service account.")
	c.hand.createKey(t, account, "K")
	c.hand.createKey(t, other, "k")
}

func keyAccountPath(t *testing.T, c contract) {
	_, accountName := c.newAccount(t)
	expectInvalid(t, c.post(t, keysPath(accountName), object{"name": "k"}), "'uuid_parsing'", "('path', 'service_account_id')")
	expectInvalid(t, c.get(t, keysPath(accountName)), "'uuid_parsing'", "('path', 'service_account_id')")
	expect(t, c.post(t, keysPath(nowhere), object{"name": "k"}), http.StatusNotFound, missingAccount(nowhere))
	expect(t, c.get(t, keysPath(nowhere)), http.StatusNotFound, missingAccount(nowhere))
}

func keyRead(t *testing.T, c contract) {
	account, accountName := c.newAccount(t)
	id, _ := c.hand.createKey(t, account, "k")
	want := wholeKey(account, accountName, "k")
	want["id"] = id
	for _, key := range []string{id, "k", strings.ToUpper(id)} {
		expect(t, c.get(t, keysPath(account)+"/"+key), http.StatusOK, want)
	}
	page := object{"index": 1, "max_size": 20, "total_pages": 1, "total": 1, "items": list{want}}
	expect(t, c.get(t, keysPath(account)+"?hydrate=true"), http.StatusOK, page)
	expect(t, c.put(t, keysPath(account)+"/"+id, object{}), http.StatusOK, want)
	want["metadata"] = nil
	expect(t, c.get(t, keysPath(account)), http.StatusOK, page)
	expect(t, c.get(t, keysPath(account)+"/"+id+"?hydrate=false"), http.StatusOK, want)
}

// missingKey is the answer wherever a key is not there.
func missingKey(account, key string) object {
	return object{"detail": list{
		"KeyError",
		`"An API key with ID or name '` + key + `' is not configured for service account with ID '` + account + `'."`,
	}}
}

func keyMissing(t *testing.T, c contract) {
	account, _ := c.newAccount(t)
	other, _ := c.newAccount(t)
	id, _ := c.hand.createKey(t, other, "k")
	for _, key := range []string{nowhere, "zork", id, "k"} {
		path, want := keysPath(account)+"/"+key, missingKey(account, key)
		expect(t, c.get(t, path), http.StatusNotFound, want)
		expect(t, c.put(t, path, object{"description": "x"}), http.StatusNotFound, want)
		expect(t, c.put(t, path+"/rotate", object{}), http.StatusNotFound, want)
		expect(t, c.delete(t, path), http.StatusNotFound, want)
	}
}

func keyRotate(t *testing.T, c contract) {
	account, accountName := c.newAccount(t)
	id, _ := c.hand.createKey(t, account, "k")
	c.hand.updateKey(t, account, id, object{"description": "d", "active": false})
	got := c.put(t, keysPath(account)+"/"+id+"/rotate", object{"retain_period_minutes": 5})
	want := wholeKey(account, accountName, "k")
	want["id"], want["metadata"], want["body"].(object)["active"] = id, nil, false
	want["body"].(object)["key"] = aKey
	expect(t, got, http.StatusOK, want)
	read := c.get(t, keysPath(account)+"/"+id)
	want["body"].(object)["key"] = nil
	want["metadata"] = object{"description": "d", "retain_period_minutes": 5, "last_login": nil, "last_rotated": aMoment}
	expect(t, read, http.StatusOK, want)
	if acctest.At(read.Body, "metadata", "last_rotated") != acctest.At(got.Body, "body", "updated") {
		t.Error("last_rotated is not what the answer called updated")
	}
}

func (c contract) refused(t *testing.T, key, name string) {
	t.Helper()
	expectError(t, c.hand.login(t, url.Values{"password": {key}}), http.StatusUnauthorized, "CredentialsNotValid",
		"Authentication error: could not verify key value for API key "+name)
}

func (c contract) accepted(t *testing.T, key string) hand {
	t.Helper()
	caller, ok := c.hand.loginWithKey(t, key)
	if !ok {
		t.Fatal("the key is refused")
	}
	return caller
}

func keyRotateDead(t *testing.T, c contract) {
	account, _ := c.newAccount(t)
	id, first := c.hand.createKey(t, account, "k")
	second := c.hand.rotateKey(t, account, id, 0)
	c.refused(t, first, "k")
	c.accepted(t, second)
}

func keyRetain(t *testing.T, c contract) {
	account, _ := c.newAccount(t)
	id, first := c.hand.createKey(t, account, "k")
	second := c.hand.rotateKey(t, account, id, 60)
	c.accepted(t, first)
	c.accepted(t, second)
	c.hand.rotateKey(t, account, id, 60)
	c.refused(t, first, "k")
	c.accepted(t, second)
	c.hand.rotateKey(t, account, id, -1)
	c.refused(t, second, "k")
	if minutes := acctest.At(c.hand.readKey(t, account, id), "metadata", "retain_period_minutes"); minutes != float64(-1) {
		t.Errorf("a retain period of -1 is stored as %v", minutes)
	}
}

func keyGenerations(t *testing.T, c contract) {
	account, _ := c.newAccount(t)
	id, first := c.hand.createKey(t, account, "k")
	caller := c.accepted(t, first)
	c.hand.rotateKey(t, account, id, 60)
	caller.must(t, http.MethodGet, "/current-user", nil)
	// A login with the older value counts as one with the newer.
	late := c.accepted(t, first)
	c.hand.rotateKey(t, account, id, 60)
	late.must(t, http.MethodGet, "/current-user", nil)
	got := caller.send(t, call{method: http.MethodGet, path: accountsPath})
	if !c.generations {
		if got.Status != http.StatusOK {
			t.Errorf("an older login answered %d", got.Status)
		}
		return
	}
	expectError(t, got, http.StatusUnauthorized, "CredentialsNotValid",
		"Authentication error: access token for API key k was issued for an API key generation that is no longer valid")
}

func keyRotateBody(t *testing.T, c contract) {
	account, _ := c.newAccount(t)
	id, _ := c.hand.createKey(t, account, "k")
	path := keysPath(account) + "/" + id + "/rotate"
	expectInvalid(t, c.hand.send(t, call{method: http.MethodPut, path: path}), "'missing'", "('body',)")
	for _, minutes := range []any{nil, "x", 1.5} {
		expectInvalid(t, c.put(t, path, object{"retain_period_minutes": minutes}), "('body', 'retain_period_minutes')")
	}
	if rotated := acctest.At(c.hand.readKey(t, account, id), "metadata", "last_rotated"); rotated != nil {
		t.Error("a refused body rotates")
	}
	if got := c.put(t, path, object{}); got.Status != http.StatusOK {
		t.Errorf("an empty object answered %d", got.Status)
	}
}

func keyUse(t *testing.T, c contract) {
	account, _ := c.newAccount(t)
	id, key := c.hand.createKey(t, account, "k")
	moments := func() (login, updated string) {
		read := c.hand.readKey(t, account, id)
		login, _ = acctest.At(read, "metadata", "last_login").(string)
		return login, acctest.At(read, "body", "updated").(string)
	}
	if login, _ := moments(); login != "" {
		t.Error("an unused key has a last login")
	}
	caller := c.accepted(t, key)
	first, updated := moments()
	if first == "" || first != updated {
		t.Errorf("after a login last_login is %q and updated %q", first, updated)
	}
	caller.must(t, http.MethodGet, "/current-user", nil)
	second, updated := moments()
	if second <= first || second != updated {
		t.Errorf("after a use last_login is %q and updated %q", second, updated)
	}
	if third, _ := moments(); third != second {
		t.Error("being looked at counts as a use")
	}
	if rotated := acctest.At(c.hand.readKey(t, account, id), "metadata", "last_rotated"); rotated != nil {
		t.Error("a use counts as a rotation")
	}
}

func keyUpdate(t *testing.T, c contract) {
	account, accountName := c.newAccount(t)
	id, _ := c.hand.createKey(t, account, "k")
	c.hand.createKey(t, account, "taken")
	path := keysPath(account) + "/" + id
	want := wholeKey(account, accountName, "k")
	metadata := want["metadata"].(object)
	metadata["description"] = "d"
	expect(t, c.put(t, path, object{"description": "d"}), http.StatusOK, want)
	expect(t, c.put(t, path, object{"description": nil, "name": nil, "active": nil, "unknown": 1}), http.StatusOK, want)
	metadata["description"] = ""
	expect(t, c.put(t, path, object{"description": "", "name": "k"}), http.StatusOK, want)
	expectError(t, c.put(t, path, object{"name": "taken"}), http.StatusConflict, "EntityExistsError",
		"Unable to update API key with name 'taken': Found an existing API key with the same name configured for the same '"+
			accountName+"' service account.")
	want["name"] = "renamed"
	expect(t, c.put(t, path, object{"name": "renamed"}), http.StatusOK, want)
	expectInvalid(t, c.put(t, path, object{"active": "zork"}), "('body', 'active')")
}

func keyDeactivated(t *testing.T, c contract) {
	account, accountName := c.newAccount(t)
	id, key := c.hand.createKey(t, account, "k")
	caller := c.accepted(t, key)
	c.hand.updateKey(t, account, id, object{"active": false})
	message := "Authentication error: API key k associated with service account " + accountName + " is not active"
	for _, got := range []acctest.Reply{
		c.hand.login(t, url.Values{"password": {key}}),
		caller.send(t, call{method: http.MethodGet, path: accountsPath}),
		c.hand.as(key).send(t, call{method: http.MethodGet, path: accountsPath}),
	} {
		expectError(t, got, http.StatusUnauthorized, "CredentialsNotValid", message)
	}
	c.hand.updateKey(t, account, id, object{"active": true})
	caller.must(t, http.MethodGet, "/current-user", nil)
}

func keyDelete(t *testing.T, c contract) {
	account, _ := c.newAccount(t)
	id, key := c.hand.createKey(t, account, "k")
	expect(t, c.delete(t, keysPath(account)+"/"+id), http.StatusOK, nil)
	expect(t, c.delete(t, keysPath(account)+"/"+id), http.StatusNotFound, missingKey(account, id))
	expectError(t, c.hand.login(t, url.Values{"password": {key}}), http.StatusUnauthorized, "CredentialsNotValid",
		"Authentication error: error retrieving API key "+id)
	if again, _ := c.hand.createKey(t, account, "k"); again == id {
		t.Error("the id is used again")
	}
}

// keyRace shows that of creates at the same time one wins. The real server answers the others with 409, or with 500 if
// they got past its own check.
func keyRace(t *testing.T, c contract) {
	account, _ := c.newAccount(t)
	statuses := make([]int, 4)
	var all sync.WaitGroup
	for i := range statuses {
		all.Go(func() { statuses[i] = c.post(t, keysPath(account), object{"name": "k"}).Status })
	}
	all.Wait()
	slices.Sort(statuses)
	if statuses[0] != http.StatusOK {
		t.Errorf("nobody won: %v", statuses)
	}
	for _, status := range statuses[1:] {
		if status != http.StatusConflict && status != http.StatusInternalServerError {
			t.Errorf("the others got %v", statuses[1:])
		}
	}
	if found := c.hand.countKeys(t, account, ""); found != 1 {
		t.Errorf("%d keys were made", found)
	}
}

func keyNamedLikeUUID(t *testing.T, c contract) {
	account, _ := c.newAccount(t)
	name := uuidLike()
	c.hand.createKey(t, account, name)
	expect(t, c.get(t, keysPath(account)+"/"+name), http.StatusNotFound, missingKey(account, name))
	expectError(t, c.post(t, keysPath(account), object{"name": name}), http.StatusInternalServerError,
		"RuntimeError", containing("UNIQUE constraint failed"))
}

func keyRenamed(t *testing.T, c contract) {
	account, _ := c.newAccount(t)
	id, first := c.hand.createKey(t, account, "k")
	second := c.hand.rotateKey(t, account, id, 60)
	c.hand.updateKey(t, account, id, object{"name": "k (retiring " + id[:8] + ")"})
	c.accepted(t, first)
	c.accepted(t, second)
	_, other := c.hand.createKey(t, account, "k")
	c.accepted(t, other)
	c.accepted(t, first)
}
