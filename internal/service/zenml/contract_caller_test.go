package zenml_test

import (
	"net/http"
	"testing"
)

var callerLines = []line{
	{"P01_key_callers_may_read", callerReads},
	{"P02_key_callers_may_not_change_accounts_and_keys", callerChanges},
	{"P03_what_is_checked_before_the_admin_rule", callerOrder},
	{"P04_users_who_are_no_admins", callerPlainUser},
}

// caller is the hand of a new service account, and another account with a key named k.
func (c contract) caller(t *testing.T) (caller contract, other string) {
	t.Helper()
	account, _ := c.newAccount(t)
	_, key := c.hand.createKey(t, account, "caller")
	other, _ = c.newAccount(t)
	c.hand.createKey(t, other, "k")
	caller = c
	caller.hand = c.accepted(t, key)
	return caller, other
}

func callerReads(t *testing.T, c contract) {
	caller, other := c.caller(t)
	for _, path := range []string{accountsPath, accountsPath + "/" + other, keysPath(other), keysPath(other) + "/k"} {
		if got := caller.get(t, path); got.Status != http.StatusOK {
			t.Errorf("%s answered %d: %s", path, got.Status, shown(got))
		}
	}
}

// notAdmin is the answer to who is no admin.
func notAdmin(action string) object {
	return object{"detail": list{"IllegalOperationError", "Only admin users can perform `" + action + "` without RBAC enabled."}}
}

func callerChanges(t *testing.T, c contract) {
	caller, other := c.caller(t)
	account, key := accountsPath+"/"+other, keysPath(other)+"/k"
	for _, tc := range []struct {
		action, method, path string
		body                 any
	}{
		{"create service account", http.MethodPost, accountsPath, object{"name": unique("contract"), "active": true}},
		{"update service account", http.MethodPut, account, object{"description": "x"}},
		{"create API key", http.MethodPost, keysPath(other), object{"name": "made"}},
		{"update API key", http.MethodPut, key, object{"description": "x"}},
		{"rotate API key", http.MethodPut, key + "/rotate", object{}},
		{"delete API key", http.MethodDelete, key, nil},
		{"delete service account", http.MethodDelete, account, nil},
	} {
		got := caller.hand.send(t, call{method: tc.method, path: tc.path, json: tc.body})
		switch {
		case c.adminRule:
			expect(t, got, http.StatusForbidden, notAdmin(tc.action))
		case got.Status != http.StatusOK:
			t.Errorf("%s answered %d: %s", tc.action, got.Status, shown(got))
		}
	}
}

func callerOrder(t *testing.T, c contract) {
	caller, other := c.caller(t)
	expectInvalid(t, caller.post(t, accountsPath, object{}), "('body', 'name')")
	expect(t, caller.put(t, accountsPath+"/"+nowhere, object{}), http.StatusNotFound, missingAccount(nowhere))
	expect(t, caller.delete(t, accountsPath+"/"+nowhere), http.StatusNotFound, missingAccount(nowhere))
	expect(t, caller.post(t, keysPath(nowhere), object{"name": "k"}), http.StatusNotFound, missingAccount(nowhere))
	got, again := caller.delete(t, keysPath(other)+"/zork"), caller.post(t, keysPath(other), object{"name": "k"})
	if !c.adminRule {
		expect(t, got, http.StatusNotFound, missingKey(other, "zork"))
		expectError(t, again, http.StatusConflict, "EntityExistsError", containing("Unable to register API key with name 'k'"))
		return
	}
	expect(t, got, http.StatusForbidden, notAdmin("delete API key"))
	expect(t, again, http.StatusForbidden, notAdmin("create API key"))
}

func callerPlainUser(t *testing.T, c contract) {
	name, password := unique("user"), unique("password")
	c.hand.must(t, http.MethodPost, "/users", object{"name": name, "password": password, "active": true, "is_admin": false})
	t.Cleanup(func() { c.delete(t, "/api/v1/users/"+name) })
	caller := c
	caller.hand = c.hand.loginAs(t, name, password)
	account := unique("contract")
	got := caller.post(t, accountsPath, object{"name": account, "active": true})
	if c.adminRule {
		expect(t, got, http.StatusForbidden, notAdmin("create service account"))
		return
	}
	expect(t, got, http.StatusOK, wholeAccount(account))
	// Made by a user, the account is not owned by them: its deletion is as free as any.
	expect(t, caller.delete(t, accountsPath+"/"+account), http.StatusOK, nil)
}
