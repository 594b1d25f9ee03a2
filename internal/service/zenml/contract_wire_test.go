package zenml_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

var wireLines = []line{
	{"I01_repeated_create_is_replayed", replayAccount},
	{"I02_replay_holds_the_key_even_after_its_deletion", replayKey},
	{"I03_another_path_or_caller_is_no_repetition", replayOther},
	{"I04_errors_are_not_replayed", replayErrors},
	{"I05_idempotency_key_that_is_no_uuid", replayBadValue},
	{"I06_rotate_is_not_replayed", replayRotate},
	{"I07_repetition_in_flight_waits", replayInFlight},
	{"E01_wrong_method", wrongMethod},
	{"E02_unknown_path_below_api", unknownPath},
	{"E03_unknown_path_elsewhere_is_a_web_page", dashboard},
	{"E04_trailing_slash_is_not_forgiven", trailingSlash},
	{"E05_second_activation", secondActivation},
	{"E06_info_and_health_need_no_login", infoAndHealth},
	{"E07_every_answer_has_a_date", dates},
	{"E08_refusals_of_endpoints_have_a_request_id", requestIDs},
}

// repeat posts a body with an idempotency key.
func (c contract) repeat(t *testing.T, idempotencyKey, path string, body any) acctest.Reply {
	t.Helper()
	return c.hand.send(t, call{
		method: http.MethodPost, path: path, json: body, header: map[string]string{"Idempotency-Key": idempotencyKey},
	})
}

func replayAccount(t *testing.T, c contract) {
	name, key := unique("contract"), uuidLike()
	first := c.repeat(t, key, accountsPath, object{"name": name, "active": true})
	expect(t, first, http.StatusOK, wholeAccount(name))
	expect(t, c.repeat(t, key, accountsPath, object{"name": name, "active": true}), http.StatusOK, first.Body)
	// The body is not compared.
	expect(t, c.repeat(t, key, accountsPath, object{"name": unique("contract"), "active": true}), http.StatusOK, first.Body)
	if found := c.hand.countAccounts(t, name); found != 1 {
		t.Errorf("%d accounts were made", found)
	}
}

func replayKey(t *testing.T, c contract) {
	account, _ := c.newAccount(t)
	key := uuidLike()
	first := c.repeat(t, key, keysPath(account), object{"name": "k"})
	expect(t, c.repeat(t, key, keysPath(account), object{"name": "k"}), http.StatusOK, first.Body)
	if acctest.At(first.Body, "body", "key") == nil {
		t.Error("there is no key")
	}
	c.hand.deleteKey(t, account, "k")
	expect(t, c.repeat(t, key, keysPath(account), object{"name": "k"}), http.StatusOK, first.Body)
	expect(t, c.get(t, keysPath(account)+"/k"), http.StatusNotFound, missingKey(account, "k"))
}

func replayOther(t *testing.T, c contract) {
	caller, other := c.caller(t)
	account, _ := c.newAccount(t)
	key := uuidLike()
	c.repeat(t, key, keysPath(account), object{"name": "k"})
	conflict := containing("Unable to register API key with name 'k'")
	expectError(t, c.repeat(t, key, keysPath(other), object{"name": "k"}), http.StatusConflict, "EntityExistsError", conflict)
	expectError(t, c.repeat(t, key, keysPath(account)+"?x=1", object{"name": "k"}), http.StatusConflict, "EntityExistsError", conflict)
	got := caller.repeat(t, key, keysPath(account), object{"name": "k"})
	if c.adminRule {
		expect(t, got, http.StatusForbidden, notAdmin("create API key"))
		return
	}
	expectError(t, got, http.StatusConflict, "EntityExistsError", conflict)
}

func replayErrors(t *testing.T, c contract) {
	_, taken := c.newAccount(t)
	key := uuidLike()
	if got := c.repeat(t, key, accountsPath, object{"name": taken, "active": true}); got.Status != http.StatusConflict {
		t.Fatalf("a taken name answered %d", got.Status)
	}
	name := unique("contract")
	expect(t, c.repeat(t, key, accountsPath, object{"name": name, "active": true}), http.StatusOK, wholeAccount(name))
}

func replayBadValue(t *testing.T, c contract) {
	name := unique("contract")
	got := c.repeat(t, "zork", accountsPath, object{"name": name, "active": true})
	if got.Status != http.StatusInternalServerError || strings.TrimSpace(got.Text) != "Internal Server Error" || got.Body != nil {
		t.Errorf("answered %d: %s", got.Status, shown(got))
	}
	if found := c.hand.countAccounts(t, name); found != 0 {
		t.Errorf("%d accounts were made", found)
	}
}

func replayRotate(t *testing.T, c contract) {
	account, _ := c.newAccount(t)
	c.hand.createKey(t, account, "k")
	rotate := call{
		method: http.MethodPut, path: keysPath(account) + "/k/rotate", json: object{},
		header: map[string]string{"Idempotency-Key": uuidLike()},
	}
	first, second := c.hand.send(t, rotate), c.hand.send(t, rotate)
	if acctest.At(first.Body, "body", "key") == acctest.At(second.Body, "body", "key") {
		t.Error("the second rotation is a replay")
	}
}

func replayInFlight(t *testing.T, c contract) {
	account, _ := c.newAccount(t)
	key := uuidLike()
	replies := make([]acctest.Reply, 3)
	var all sync.WaitGroup
	for i := range replies {
		all.Go(func() { replies[i] = c.repeat(t, key, keysPath(account), object{"name": "k"}) })
	}
	all.Wait()
	for _, got := range replies {
		expect(t, got, http.StatusOK, replies[0].Body)
	}
	if found := c.hand.countKeys(t, account, "k"); found != 1 {
		t.Errorf("%d keys were made", found)
	}
}

func wrongMethod(t *testing.T, c contract) {
	for _, tc := range []struct{ method, path, allow string }{
		{http.MethodDelete, accountsPath, "POST"},
		{http.MethodPatch, accountsPath + "/" + nowhere, "GET"},
		{http.MethodPost, keysPath(nowhere) + "/k/rotate", "PUT"},
	} {
		got := c.hand.send(t, call{method: tc.method, path: tc.path, json: object{}})
		expect(t, got, http.StatusMethodNotAllowed, object{"detail": "Method Not Allowed"})
		if got.Header.Get("Allow") != tc.allow {
			t.Errorf("%s allows %q", tc.path, got.Header.Get("Allow"))
		}
	}
}

func unknownPath(t *testing.T, c contract) {
	expect(t, c.get(t, "/api/v1/nonesuch"), http.StatusNotFound, object{"detail": "Not Found"})
	expect(t, c.get(t, "/api/v2/service_accounts"), http.StatusNotFound, object{"detail": "Not Found"})
	expect(t, c.post(t, "/api/v1/nonesuch", object{}), http.StatusMethodNotAllowed, object{"detail": "Method Not Allowed"})
}

func dashboard(t *testing.T, c contract) {
	for _, path := range []string{"/nonesuch", "/"} {
		got := c.get(t, path)
		if got.Status != http.StatusOK || !strings.HasPrefix(got.Header.Get("Content-Type"), "text/html") {
			t.Errorf("%s answered %d with %s", path, got.Status, got.Header.Get("Content-Type"))
		}
	}
}

func trailingSlash(t *testing.T, c contract) {
	expect(t, c.get(t, accountsPath+"/"), http.StatusNotFound, object{"detail": "Not Found"})
	expect(t, c.get(t, keysPath(nowhere)+"/"), http.StatusNotFound, object{"detail": "Not Found"})
	expect(t, c.post(t, accountsPath+"/", object{}), http.StatusMethodNotAllowed, object{"detail": "Method Not Allowed"})
	expect(t, c.post(t, "/api/v1/login/", object{}), http.StatusMethodNotAllowed, object{"detail": "Method Not Allowed"})
}

func secondActivation(t *testing.T, c contract) {
	expectError(t, c.put(t, "/api/v1/activate", object{}), http.StatusForbidden, "IllegalOperationError", "The server is already active.")
}

func infoAndHealth(t *testing.T, c contract) {
	anybody := c.hand.as("")
	info := anybody.must(t, http.MethodGet, "/info", nil)
	if acctest.At(info, "version") != c.version || acctest.At(info, "auth_scheme") != "OAUTH2_PASSWORD_BEARER" {
		t.Errorf("info tells version %v and scheme %v", acctest.At(info, "version"), acctest.At(info, "auth_scheme"))
	}
	for _, path := range []string{"/health", "/ready"} {
		got := anybody.send(t, call{method: http.MethodGet, path: path})
		if got.Status != http.StatusOK || got.Text != "ok" || !strings.HasPrefix(got.Header.Get("Content-Type"), "text/plain") {
			t.Errorf("%s answered %d %q", path, got.Status, shown(got))
		}
	}
}

func dates(t *testing.T, c contract) {
	for _, path := range []string{accountsPath, accountsPath + "/" + nowhere} {
		if _, err := time.Parse(http.TimeFormat, c.get(t, path).Header.Get("Date")); err != nil {
			t.Error(err)
		}
	}
}

func requestIDs(t *testing.T, c contract) {
	_, taken := c.newAccount(t)
	for name, refused := range map[string]call{
		"a missing account": {method: http.MethodGet, path: accountsPath + "/" + nowhere},
		"a taken name":      {method: http.MethodPost, path: accountsPath, json: object{"name": taken, "active": true}},
	} {
		if id := c.hand.send(t, refused).Header.Get("X-Request-ID"); id == "" {
			t.Errorf("%s: no request id", name)
		}
		refused.header = map[string]string{"X-Request-ID": "of-the-caller"}
		if id := c.hand.send(t, refused).Header.Get("X-Request-ID"); id != "of-the-caller" {
			t.Errorf("%s: the request id %q is not the caller's", name, id)
		}
	}
}
