package zenml_test

import (
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

var accountLines = []line{
	{"S01_create_answers_the_whole_account", accountCreate},
	{"S02_create_wants_name_and_active", accountCreateInvalid},
	{"S03_any_text_is_a_name", accountNames},
	{"S04_limits", accountLimits},
	{"S05_names_are_unique_and_told_apart_by_case", accountDuplicate},
	{"S06_name_like_a_uuid_is_out_of_reach", accountNamedLikeUUID},
	{"S07_read_by_id_or_name", accountRead},
	{"S08_missing_account", accountMissing},
	{"S09_user_is_no_account", accountOfUser},
	{"S10_update_keeps_what_is_null_or_missing", accountUpdateKeeps},
	{"S11_update_clears_with_empty_text", accountUpdateClears},
	{"S12_rename", accountRename},
	{"S13_update_invalid", accountUpdateInvalid},
	{"S14_delete_answers_null_and_then_404", accountDelete},
	{"S15_delete_takes_the_keys_along", accountDeleteCascades},
	{"S16_delete_refused_for_an_owner", accountDeleteOwner},
	{"S17_deactivated_account_is_locked_out_at_once", accountDeactivated},
}

func wholeAccount(name string) object {
	return object{
		"body":     object{"created": aMoment, "updated": aMoment, "full_name": "", "active": true, "avatar_url": nil},
		"metadata": object{"description": "", "external_user_id": nil}, "resources": nil,
		"id": aUUID, "permission_denied": false, "name": name,
	}
}

func accountCreate(t *testing.T, c contract) {
	name := unique("contract")
	got := c.post(t, accountsPath, object{"name": name, "active": true, "description": nil, "unknown": 1, "is_admin": true})
	expect(t, got, http.StatusOK, wholeAccount(name))
	name = unique("contract")
	got = c.post(t, accountsPath, object{
		"name": name, "active": false, "full_name": "F", "description": "d", "avatar_url": "no address",
	})
	want := wholeAccount(name)
	want["body"] = object{"created": aMoment, "updated": aMoment, "full_name": "F", "active": false, "avatar_url": "no address"}
	want["metadata"] = object{"description": "d", "external_user_id": nil}
	expect(t, got, http.StatusOK, want)
	expect(t, c.get(t, accountsPath+"/"+acctest.At(got.Body, "id").(string)), http.StatusOK, want)
}

func accountCreateInvalid(t *testing.T, c contract) {
	name := unique("contract")
	expectInvalid(t, c.post(t, accountsPath, object{"active": true}), "'missing'", "('body', 'name')")
	expectInvalid(t, c.post(t, accountsPath, object{"name": name}), "'missing'", "('body', 'active')")
	expectInvalid(t, c.post(t, accountsPath, object{"name": name, "active": nil}), "('body', 'active')")
	expectInvalid(t, c.post(t, accountsPath, object{"name": 5, "active": true}), "'string_type'", "('body', 'name')")
	expectInvalid(t, c.post(t, accountsPath, object{"name": name, "active": true, "full_name": nil}), "('body', 'full_name')")
	expectInvalid(t, c.hand.send(t, call{method: http.MethodPost, path: accountsPath, text: `{"name":`}), "json_invalid")
	expectInvalid(t, c.hand.send(t, call{method: http.MethodPost, path: accountsPath}), "('body',)")
	if found := c.hand.countAccounts(t, name); found != 0 {
		t.Errorf("%d accounts were made", found)
	}
}

func accountNames(t *testing.T, c contract) {
	for _, name := range []string{
		"", " " + unique("blank") + " ", unique("a.b%?#&=+"), unique("ünï ✓"), unique("contains:x"), unique("line\nbreak"),
	} {
		made := c.post(t, accountsPath, object{"name": name, "active": true})
		expect(t, made, http.StatusOK, wholeAccount(name))
		id, _ := acctest.At(made.Body, "id").(string)
		if name != "" {
			expect(t, c.get(t, accountsPath+"/"+url.PathEscape(name)), http.StatusOK, wholeAccount(name))
		}
		c.hand.deleteAccount(t, id)
	}
	slash := unique("with/slash")
	expect(t, c.post(t, accountsPath, object{"name": slash, "active": true}), http.StatusOK, wholeAccount(slash))
	expect(t, c.get(t, accountsPath+"/"+url.PathEscape(slash)), http.StatusNotFound, object{"detail": "Not Found"})
}

func accountLimits(t *testing.T, c contract) {
	long := unique("long")
	long += strings.Repeat("ü", 255-len(long))
	made := c.post(t, accountsPath, object{
		"name": long, "active": true, "full_name": strings.Repeat("ü", 255),
		"description": strings.Repeat("d", 65535), "avatar_url": strings.Repeat("a", 70000),
	})
	if made.Status != http.StatusOK {
		t.Fatalf("the longest values: %d", made.Status)
	}
	for field, length := range map[string]int{"name": 255, "full_name": 255, "description": 65535} {
		body := object{"name": unique("contract"), "active": true}
		body[field] = strings.Repeat("x", length+1)
		expectInvalid(t, c.post(t, accountsPath, body), "string_too_long", "('body', '"+field+"')")
		expectInvalid(t, c.put(t, accountsPath+"/"+acctest.At(made.Body, "id").(string), body), "string_too_long", "('body', '"+field+"')")
	}
}

func accountDuplicate(t *testing.T, c contract) {
	_, name := c.newAccount(t)
	expectError(t, c.post(t, accountsPath, object{"name": name, "active": true}), http.StatusConflict, "EntityExistsError",
		"Unable to create service account with name '"+name+"': Found existing service account with this name.")
	other := strings.ToUpper(name)
	expect(t, c.post(t, accountsPath, object{"name": other, "active": true}), http.StatusOK, wholeAccount(other))
}

// uuidLike is a name that looks like an id.
func uuidLike() string {
	random := make([]byte, 16)
	_, _ = rand.Read(random)
	digits := hex.EncodeToString(random)
	return strings.Join([]string{digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]}, "-")
}

func accountNamedLikeUUID(t *testing.T, c contract) {
	for _, name := range []string{uuidLike(), strings.ToUpper(uuidLike()), strings.ReplaceAll(uuidLike(), "-", "")} {
		expect(t, c.post(t, accountsPath, object{"name": name, "active": true}), http.StatusOK, wholeAccount(name))
		if got := c.get(t, accountsPath+"/"+name); got.Status != http.StatusNotFound {
			t.Errorf("%s is found by name: %d", name, got.Status)
		}
		expectError(t, c.post(t, accountsPath, object{"name": name, "active": true}), http.StatusInternalServerError,
			"RuntimeError", containing("UNIQUE constraint failed"))
	}
}

func accountRead(t *testing.T, c contract) {
	id, name := c.newAccount(t)
	for _, key := range []string{id, name, strings.ToUpper(id), strings.ReplaceAll(id, "-", "")} {
		want := wholeAccount(name)
		want["id"] = id
		expect(t, c.get(t, accountsPath+"/"+key), http.StatusOK, want)
	}
	bare := wholeAccount(name)
	bare["metadata"] = nil
	expect(t, c.get(t, accountsPath+"/"+id+"?hydrate=false"), http.StatusOK, bare)
	if got := c.get(t, accountsPath+"/"+strings.ToUpper(name)); got.Status != http.StatusNotFound {
		t.Errorf("the name in other case answered %d", got.Status)
	}
}

// missingAccount is the answer wherever an account is not there. Python quotes the message of a KeyError.
func missingAccount(key string) object {
	return object{"detail": list{"KeyError", `"No service account with the '` + key + `' name or ID was found"`}}
}

func accountMissing(t *testing.T, c contract) {
	for _, key := range []string{nowhere, unique("nobody")} {
		expect(t, c.get(t, accountsPath+"/"+key), http.StatusNotFound, missingAccount(key))
		expect(t, c.put(t, accountsPath+"/"+key, object{}), http.StatusNotFound, missingAccount(key))
		expect(t, c.delete(t, accountsPath+"/"+key), http.StatusNotFound, missingAccount(key))
	}
}

func accountOfUser(t *testing.T, c contract) {
	user := acctest.At(c.hand.must(t, http.MethodGet, "/current-user", nil), "id").(string)
	expect(t, c.get(t, accountsPath+"/"+user), http.StatusNotFound, missingAccount(user))
	expect(t, c.delete(t, accountsPath+"/"+user), http.StatusNotFound, missingAccount(user))
	expect(t, c.post(t, keysPath(user), object{"name": "k"}), http.StatusNotFound, missingAccount(user))
}

func accountUpdateKeeps(t *testing.T, c contract) {
	id, name := c.newAccount(t)
	want := wholeAccount(name)
	want["body"] = object{"created": aMoment, "updated": aMoment, "full_name": "F", "active": false, "avatar_url": "u"}
	want["metadata"] = object{"description": "d", "external_user_id": nil}
	path := accountsPath + "/" + id
	first := c.put(t, path, object{"full_name": "F", "description": "d", "avatar_url": "u", "active": false})
	expect(t, first, http.StatusOK, want)
	expect(t, c.put(t, path, object{"full_name": nil, "description": nil, "avatar_url": nil, "active": nil, "name": nil}), http.StatusOK, want)
	last := c.put(t, path, object{"unknown": 1, "external_user_id": nowhere, "is_admin": true})
	expect(t, last, http.StatusOK, want)
	if acctest.At(first.Body, "body", "updated") == acctest.At(last.Body, "body", "updated") {
		t.Error("updated does not move with an update that changes nothing")
	}
}

func accountUpdateClears(t *testing.T, c contract) {
	id, name := c.newAccount(t)
	path := accountsPath + "/" + id
	c.hand.updateAccount(t, id, object{"full_name": "F", "description": "d", "avatar_url": "u"})
	want := wholeAccount(name)
	// Once set, the avatar never becomes null again.
	want["body"] = object{"created": aMoment, "updated": aMoment, "full_name": "", "active": true, "avatar_url": ""}
	expect(t, c.put(t, path, object{"full_name": "", "description": "", "avatar_url": ""}), http.StatusOK, want)
	expect(t, c.get(t, path), http.StatusOK, want)
}

func accountRename(t *testing.T, c contract) {
	id, name := c.newAccount(t)
	_, taken := c.newAccount(t)
	path := accountsPath + "/" + id
	expect(t, c.put(t, path, object{"name": name}), http.StatusOK, wholeAccount(name))
	expectError(t, c.put(t, path, object{"name": taken}), http.StatusConflict, "EntityExistsError",
		"Unable to update service account with name '"+taken+"': Found an existing service account with this name.")
	other := unique("contract")
	want := wholeAccount(other)
	want["id"] = id
	expect(t, c.put(t, path, object{"name": other}), http.StatusOK, want)
	expect(t, c.get(t, accountsPath+"/"+name), http.StatusNotFound, missingAccount(name))
}

func accountUpdateInvalid(t *testing.T, c contract) {
	id, _ := c.newAccount(t)
	path := accountsPath + "/" + id
	expectInvalid(t, c.put(t, path, list{}), "('body',)")
	expectInvalid(t, c.put(t, path, object{"active": "zork"}), "('body', 'active')")
	expectInvalid(t, c.hand.send(t, call{method: http.MethodPut, path: path}), "'missing'", "('body',)")
}

func accountDelete(t *testing.T, c contract) {
	id, _ := c.newAccount(t)
	got := c.delete(t, accountsPath+"/"+id)
	expect(t, got, http.StatusOK, nil)
	if got.Text != "null" {
		t.Errorf("the body is %q", shown(got))
	}
	expect(t, c.delete(t, accountsPath+"/"+id), http.StatusNotFound, missingAccount(id))
}

func accountDeleteCascades(t *testing.T, c contract) {
	id, _ := c.newAccount(t)
	key, secret := c.hand.createKey(t, id, "k")
	caller, _ := c.hand.loginWithKey(t, secret)
	expect(t, c.delete(t, accountsPath+"/"+id), http.StatusOK, nil)
	expect(t, c.get(t, keysPath(id)+"/"+key), http.StatusNotFound, missingAccount(id))
	expect(t, c.delete(t, keysPath(id)+"/"+key), http.StatusNotFound, missingAccount(id))
	expectError(t, c.hand.login(t, url.Values{"password": {secret}}), http.StatusUnauthorized, "CredentialsNotValid",
		"Authentication error: error retrieving API key "+key)
	expectError(t, caller.send(t, call{method: http.MethodGet, path: accountsPath}), http.StatusUnauthorized, "CredentialsNotValid",
		"Authentication error: error retrieving token account "+id)
}

func accountDeleteOwner(t *testing.T, c contract) {
	id, _ := c.newAccount(t)
	end := c.makeOwner(t, id)
	expectError(t, c.delete(t, accountsPath+"/"+id), http.StatusForbidden, "IllegalOperationError",
		"The service account has already been used to create other resources that it now owns and therefore cannot be deleted. "+
			"Please delete all resources owned by the service account or consider deactivating it instead.")
	c.hand.updateAccount(t, id, object{"active": false})
	end()
	expect(t, c.delete(t, accountsPath+"/"+id), http.StatusOK, nil)
}

func accountDeactivated(t *testing.T, c contract) {
	id, name := c.newAccount(t)
	key, secret := c.hand.createKey(t, id, "k")
	caller, _ := c.hand.loginWithKey(t, secret)
	c.hand.updateAccount(t, id, object{"active": false})
	expectError(t, c.hand.login(t, url.Values{"password": {secret}}), http.StatusUnauthorized, "CredentialsNotValid",
		"Authentication error: service account "+name+" associated with API key k is not active")
	expectError(t, caller.send(t, call{method: http.MethodGet, path: accountsPath}), http.StatusUnauthorized, "CredentialsNotValid",
		"Authentication error: account "+name+" is not active")
	if acctest.At(c.hand.readKey(t, id, key), "body", "active") != true {
		t.Error("the key itself is no longer active")
	}
	c.hand.createKey(t, id, "made-meanwhile")
	c.hand.updateAccount(t, id, object{"active": true})
	caller.must(t, http.MethodGet, "/current-user", nil)
}
