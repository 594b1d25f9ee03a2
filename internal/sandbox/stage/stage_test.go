package stage_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage"
)

func TestRoutes(t *testing.T) {
	t.Parallel()
	var seen string
	handle := func(_ http.ResponseWriter, r *http.Request) { seen = r.PathValue("id") + "," + r.PathValue("key") }
	routes := stage.Routes{
		{Method: "POST", Path: "/token", Token: true, Handle: handle},
		{Method: "GET", Path: "/things/{id}", Handle: handle},
		{Method: "PUT", Path: "/things/{id}", Handle: handle},
		{Method: "GET", Path: "/things/{id}/keys/{key}:undo", Handle: handle},
		{Method: "GET", Path: "/things/{id}/keys/{key}", Handle: handle},
	}
	for _, c := range []struct {
		method, path, template, allowed, seen string
		token                                 bool
	}{
		{"POST", "/token", "/token", "", ",", true},
		{"GET", "/token", "/token", "POST", "", false},
		{"GET", "/things/a%20b", "/things/{id}", "", "a b,", false},
		{"PUT", "/things/a", "/things/{id}", "", "a,", false},
		{"DELETE", "/things/a", "/things/{id}", "GET", "", false},
		{"GET", "/things/a/keys/b", "/things/{id}/keys/{key}", "", "a,b", false},
		{"GET", "/things/a/keys/b:undo", "/things/{id}/keys/{key}:undo", "", "a,b", false},
		{"GET", "/things/", "(unknown)", "", "", false},
		{"GET", "/things/a%2Fb", "(unknown)", "", "", false},
		{"GET", "/zork", "(unknown)", "", "", false},
	} {
		seen = ""
		request := httptest.NewRequest(c.method, c.path, nil)
		met := routes.Find(request)
		if met.Route != nil {
			met.Serve(httptest.NewRecorder(), request)
		}
		if met.Template() != c.template || met.Allowed != c.allowed || met.Token() != c.token || seen != c.seen {
			t.Errorf("%s %s: got %q, allowed %q, token %t, saw %q", c.method, c.path, met.Template(), met.Allowed, met.Token(), seen)
		}
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	options := stage.NewOptions(
		stage.Flag("strict", true, "Is strict."),
		stage.Switch{Name: "limit", Check: stage.WholeNumber(1)},
		stage.Switch{Name: "names"},
	)
	if _, limited := options.Number("limit"); limited || !options.On("strict") || options.List("names") != nil {
		t.Error("the defaults are wrong")
	}
	options.Set(map[string]string{"limit": "5", "names": " a, ,b,", "strict": "false"})
	if n, limited := options.Number("limit"); n != 5 || !limited || options.On("strict") || strings.Join(options.List("names"), "|") != "a|b" {
		t.Error("the values were not set")
	}
	for name, value := range map[string]string{"strict": "yes", "limit": "0", "zork": ""} {
		if err := options.Check(map[string]string{name: value}); err == nil {
			t.Errorf("%s=%q was accepted", name, value)
		}
	}
	if err := options.Check(map[string]string{"strict": "true", "limit": "", "names": "x"}); err != nil {
		t.Error(err)
	}
	defer func() {
		if recover() == nil {
			t.Error("an undeclared switch was read")
		}
	}()
	options.Get("zork")
}

func TestClock(t *testing.T) {
	t.Parallel()
	base := time.Date(2026, 7, 2, 12, 0, 0, 0, time.FixedZone("somewhere", 3600))
	clock := stage.NewClock(func() time.Time { return base })
	clock.Move(-time.Hour)
	if got := clock.Now(); got != time.Date(2026, 7, 2, 10, 0, 0, 0, time.UTC) {
		t.Errorf("got %v", got)
	}
	if got := clock.Unmoved(); got != time.Date(2026, 7, 2, 11, 0, 0, 0, time.UTC) {
		t.Errorf("got %v", got)
	}
}

func TestWriteFile(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path := filepath.Join(folder, "file")
	if err := os.WriteFile(path, []byte("longer than the new"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := stage.WriteFile(path, []byte("new")); err != nil {
		t.Fatal(err)
	}
	content, _ := os.ReadFile(path)
	info, _ := os.Stat(path)
	if string(content) != "new" || info.Mode().Perm() != 0o600 {
		t.Errorf("got %q, %v", content, info.Mode())
	}
	if err := stage.WriteFile(filepath.Join(folder, "missing", "file"), nil); err == nil {
		t.Error("a file in a missing folder was written")
	}
	if err := stage.WriteFile(folder, []byte("x")); err == nil {
		t.Error("a folder was replaced by a file")
	}
	if left, _ := filepath.Glob(filepath.Join(folder, "..", ".*")); len(left) > 0 {
		t.Errorf("temporary files were left: %v", left)
	}
}

func TestReplies(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	stage.JSON(w, http.StatusTeapot, map[string]any{"a": "<&>"})
	if w.Code != http.StatusTeapot || w.Body.String() != `{"a":"<&>"}` || w.Header().Get("Content-Type") != "application/json" {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
	w = httptest.NewRecorder()
	stage.JSON(w, http.StatusOK, make(chan int))
	if w.Code != http.StatusInternalServerError {
		t.Errorf("got %d for what cannot be encoded", w.Code)
	}
	text, err := stage.Encode(stage.Object{ID: "i", Name: "n", Created: time.Unix(0, 0), More: map[string]any{"active": true, "id": "x"}})
	if want := `{"active":true,"created":"1970-01-01T00:00:00Z","id":"i","name":"n","parent":"","seeded":false}`; err != nil || string(text) != want {
		t.Errorf("got %s, %v", text, err)
	}
	if a, b := stage.NewUUID(), stage.RandomHex(32); len(a) != 36 || len(b) != 64 || b == stage.RandomHex(32) {
		t.Error("the identifiers are not what they should be")
	}
}
