package zenml_test

import (
	"maps"
	"net/http"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

const (
	keyPath    = "/api/v1/service_accounts/*/api_keys/*"
	rotatePath = keyPath + "/rotate"
)

// With the setting, a creation that is not refused takes nothing over, and asks for nothing.
func TestNothingIsAdoptedWithoutARefusal(t *testing.T) {
	t.Parallel()
	for noun, making := range makings {
		t.Run(noun, func(t *testing.T) {
			t.Parallel()
			server := target(t)
			holder := server.hand.createAccount(t, "holder")
			server.box.ForgetRequests(t)
			w := acctest.NewWorkspace(t, server.env)
			w.Write("main.tf", adopting+making.config(holder, 1))
			if printed := w.MustApply(); acctest.Said(printed, "was adopted") {
				t.Errorf("something was adopted:\n%s", printed)
			}
			if sent := server.box.Count(t, func(r acctest.RequestCount) bool { return !r.Token }); sent != 1 {
				t.Errorf("%d requests were sent, want the creation alone: %v", sent, server.box.Requests(t))
			}
			w.MustBeQuiet()
			w.MustDestroy()
		})
	}
}

// Nor does a creation that fails for another reason than its name, although there is an object of that name.
func TestNothingIsAdoptedForAnotherRefusal(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]map[string]any{
		"forbidden": {"kind": "status", "status": http.StatusForbidden},
		"not found": {"kind": "status", "status": http.StatusNotFound},
	} {
		for noun, making := range makings {
			t.Run(noun+", "+name, func(t *testing.T) {
				t.Parallel()
				server := target(t)
				account := server.hand.createAccount(t, "taken")
				_, secret := server.hand.createKey(t, account, "taken")
				armed := maps.Clone(fault)
				armed["system"], armed["method"], armed["path"] = "zenml", http.MethodPost, making.path
				server.box.Fault(t, armed)
				server.box.ForgetRequests(t)
				config := accountNamed("taken", "description = \"ours\"")
				if noun == "keys" {
					config = keyNamed(account, "taken", "description = \"ours\"")
				}
				w := acctest.NewWorkspace(t, server.env)
				w.Write("main.tf", adopting+config)
				if printed := w.ApplyMustFail("Cannot create ZenML"); acctest.Said(printed, "was adopted") {
					t.Errorf("something was adopted:\n%s", printed)
				}
				if changes := server.box.Count(t, func(r acctest.RequestCount) bool { return r.Method == http.MethodPut }); changes > 0 {
					t.Errorf("something was changed: %v", server.box.Requests(t))
				}
				if w.State().Values != nil {
					t.Error("something came into the state")
				}
				if _, accepted := server.hand.loginWithKey(t, secret); !accepted {
					t.Error("the secret has ended")
				}
			})
		}
	}
}

// A name that is refused and cannot be found is told as what it is.
func TestATakenNameThatIsNotThere(t *testing.T) {
	t.Parallel()
	for noun, making := range makings {
		for setting, provider := range map[string]string{"adopting": adopting, "not adopting": ""} {
			t.Run(noun+", "+setting, func(t *testing.T) {
				t.Parallel()
				server := target(t)
				holder := server.hand.createAccount(t, "holder")
				w := acctest.NewWorkspace(t, server.env)
				w.Write("main.tf", provider+making.config(holder, 1))
				server.box.Fault(t, map[string]any{"system": "zenml", "method": "POST", "path": making.path, "kind": "status", "status": http.StatusConflict})
				w.ApplyMustFail("Cannot create ZenML", "status 409 Conflict", "Request: POST", "Nothing of exactly this name was found", "choose another name")
				server.box.Mend(t)
				w.MustApply()
				w.MustDestroy()
			})
		}
	}
}

// A server that leaves out whether a key was used has not said that it never was.
func TestAKeyWhoseUseIsNotToldIsNotAdopted(t *testing.T) {
	t.Parallel()
	server := target(t)
	account := server.hand.createAccount(t, "holder")
	id, key := server.hand.createKey(t, account, "ci")
	server.box.Fault(t, map[string]any{"system": "zenml", "method": "GET", "path": makings["keys"].path, "kind": "lacking", "field": "last_login"})
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", adopting+keyNamed(account, "ci", ""))
	printed := w.ApplyMustFail("Cannot adopt ZenML API key", "does not tell whether it was ever used", "only one that was never used is")
	mustImport(t, w, keyAddress, printed, account+"/"+id)
	if _, accepted := server.hand.loginWithKey(t, key); !accepted {
		t.Error("the key was rotated")
	}
}

// What is planned for a key is set before it is rotated. If that fails, its secret lives on, and the next apply adopts it.
func TestAKeyThatCannotBeChangedIsNotRotated(t *testing.T) {
	t.Parallel()
	for name, lines := range map[string]string{"a description": "description = \"ours\"", "inactive": "active = false"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := target(t)
			account := server.hand.createAccount(t, "holder")
			id, key := server.hand.createKey(t, account, "ci")
			w := acctest.NewWorkspace(t, server.env)
			w.Write("main.tf", adopting+keyNamed(account, "ci", lines))
			server.box.Fault(t, map[string]any{"system": "zenml", "method": "PUT", "path": keyPath, "kind": "status", "status": http.StatusForbidden})
			printed := w.ApplyMustFail("Cannot adopt ZenML API key", "exists already, and could not be changed to what is planned", "its secret was not touched", "status 403")
			if acctest.Said(printed, "was created") || acctest.Said(printed, "is still active") || w.State().Values != nil {
				t.Errorf("something else is told, or in the state:\n%s", printed)
			}
			server.box.Mend(t)
			w.MustApply()
			w.MustBeQuiet()
			if w.Value(keyAddress, "id") != id {
				t.Error("it was not adopted")
			}
			if _, accepted := server.hand.loginWithKey(t, key); accepted {
				t.Error("the earlier secret is accepted")
			}
		})
	}
}

// A key that was off may have been switched off for its secret's sake. It is switched on only once that has ended.
func TestAnInactiveKeyIsRotatedBeforeItIsActive(t *testing.T) {
	t.Parallel()
	server := target(t)
	account := server.hand.createAccount(t, "holder")
	id, old := server.hand.createKey(t, account, "ci")
	server.hand.updateKey(t, account, id, map[string]any{"active": false})
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", adopting+keyNamed(account, "ci", ""))
	server.box.Fault(t, map[string]any{"system": "zenml", "method": "PUT", "path": rotatePath, "kind": "status", "status": http.StatusForbidden, "times": 1})
	w.ApplyMustFail("Cannot adopt ZenML API key", "status 403")
	if active := acctest.At(server.hand.readKey(t, account, id), "body", "active"); active != false {
		t.Error("it is active with its earlier secret")
	}
	server.box.Fault(t, map[string]any{"system": "zenml", "method": "PUT", "path": keyPath, "kind": "status", "status": http.StatusForbidden, "times": 1})
	w.ApplyMustFail("Cannot activate the adopted ZenML API key", "was adopted and is in state with a new secret", "still inactive", "terraform untaint")
	w.Untaint(keyAddress)
	w.MustApply()
	w.MustBeQuiet()
	key, _ := w.Value(keyAddress, "key").(string)
	if _, accepted := server.hand.loginWithKey(t, key); !accepted || w.Value(keyAddress, "id") != id {
		t.Error("it was replaced, or its new secret is refused")
	}
	if _, accepted := server.hand.loginWithKey(t, old); accepted {
		t.Error("the earlier secret is accepted")
	}
	w.MustDestroy()
}

// If it is not known what became of the rotation, the error says what that may mean, and what to do.
func TestALostRotation(t *testing.T) {
	t.Parallel()
	const ended, again = "any earlier secret of it may have ended", "Apply again with adopt_existing"
	for name, test := range map[string]struct {
		fault   map[string]any
		unclear bool
	}{
		"cut before the effect": {map[string]any{"kind": "cut_before"}, true},
		"cut after the effect":  {map[string]any{"kind": "cut_after"}, true},
		"without the secret":    {map[string]any{"kind": "lacking", "field": "key"}, true},
		"a failure":             {map[string]any{"kind": "status", "status": http.StatusBadGateway}, true},
		"a refusal":             {map[string]any{"kind": "status", "status": http.StatusForbidden}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := target(t)
			account := server.hand.createAccount(t, "holder")
			id, _ := server.hand.createKey(t, account, "ci")
			test.fault["system"], test.fault["method"], test.fault["path"] = "zenml", http.MethodPut, rotatePath
			server.box.Fault(t, test.fault)
			w := acctest.NewWorkspace(t, server.env)
			w.Write("main.tf", adopting+keyNamed(account, "ci", ""))
			printed := w.ApplyMustFail("Cannot adopt ZenML API key", `API key "ci"`, "rotate")
			if acctest.Said(printed, ended, again) != test.unclear {
				t.Errorf("it is to tell of an earlier secret: %t\n%s", test.unclear, printed)
			}
			server.box.Mend(t)
			w.MustApply()
			w.MustBeQuiet()
			key, _ := w.Value(keyAddress, "key").(string)
			if _, accepted := server.hand.loginWithKey(t, key); !accepted || w.Value(keyAddress, "id") != id {
				t.Error("the key is another one, or its secret is refused")
			}
			w.MustDestroy()
		})
	}
}

// A login whose answer holds no token is told as such, and not as the request that it was for.
func TestALoginWithoutATokenIsNamed(t *testing.T) {
	t.Parallel()
	box := acctest.Sandbox(t)
	w := acctest.NewWorkspace(t, box.Env())
	w.Write("main.tf", oneAccount)
	box.Fault(t, map[string]any{"system": "zenml", "method": "POST", "path": "/api/v1/login", "kind": "lacking", "field": "access_token"})
	w.ApplyMustFail("Cannot create ZenML service account", "holds no access token", "Request: POST", "/api/v1/login", "nothing else was sent")
}
