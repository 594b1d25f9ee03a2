package zenml_test

import (
	"fmt"
	"net/http"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// line is one line of CONTRACT.md: what the server was seen to do, and must still do, be it real or the sandbox.
type line struct {
	id    string
	check func(t *testing.T, c contract)
}

// contract is what a line is checked on.
type contract struct {
	server
	// adminRule tells that only admins may change accounts and keys (since 0.96.0).
	adminRule bool
	// generations tells that a rotation ends the logins made with the older value (seen in 0.98.0, not in 0.95.1).
	generations bool
}

// TestContract proves each line on the server at hand, and so that the sandbox and the real servers agree.
func TestContract(t *testing.T) {
	t.Parallel()
	server := target(t)
	older := server.version == lastWithoutAdminRule
	if !older && server.version != newest {
		t.Fatalf("there is no contract for ZenML %s: see what it does, then tell this test", server.version)
	}
	checkContract(t, contract{server: server, adminRule: !older, generations: !older})
}

// TestSandboxKeepsOlderContract proves that the sandbox, when it is told to be the older server, is like that one too.
func TestSandboxKeepsOlderContract(t *testing.T) {
	t.Parallel()
	server := target(t)
	if server.real {
		t.Skip("a real server has one version, which TestContract proves")
	}
	server.version = lastWithoutAdminRule
	server.box.Set(t, "zenml", map[string]string{
		"version": lastWithoutAdminRule, "admin_only": "false", "generation_check": "false",
	})
	checkContract(t, contract{server: server})
}

const lastWithoutAdminRule = "0.95.1"

func contractLines() []line {
	return slices.Concat(loginLines, accountLines, keyLines, callerLines, listLines, wireLines)
}

// TestContractIsWrittenDown holds the document to what is checked, line by line.
func TestContractIsWrittenDown(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("CONTRACT.md")
	if err != nil {
		t.Fatal(err)
	}
	var written, checked []string
	for _, row := range regexp.MustCompile(`(?m)^\| ([A-Z]\d\d) \|`).FindAllStringSubmatch(string(text), -1) {
		written = append(written, row[1])
	}
	for _, line := range contractLines() {
		id, _, _ := strings.Cut(line.id, "_")
		checked = append(checked, id)
	}
	slices.Sort(written)
	slices.Sort(checked)
	if !slices.Equal(written, checked) {
		t.Errorf("CONTRACT.md has the lines %v\nbut checked are %v", written, checked)
	}
}

func checkContract(t *testing.T, c contract) {
	t.Helper()
	for _, line := range contractLines() {
		t.Run(line.id, func(t *testing.T) {
			t.Parallel()
			line.check(t, c)
		})
	}
}

const (
	accountsPath = "/api/v1/service_accounts"
	nowhere      = "00000000-0000-4000-8000-000000000000"
)

func keysPath(account string) string { return accountsPath + "/" + account + "/api_keys" }

func (c contract) post(t *testing.T, path string, body any) acctest.Reply {
	t.Helper()
	return c.hand.send(t, call{method: http.MethodPost, path: path, json: body})
}

func (c contract) put(t *testing.T, path string, body any) acctest.Reply {
	t.Helper()
	return c.hand.send(t, call{method: http.MethodPut, path: path, json: body})
}

func (c contract) get(t *testing.T, path string) acctest.Reply {
	t.Helper()
	return c.hand.send(t, call{method: http.MethodGet, path: path})
}

func (c contract) delete(t *testing.T, path string) acctest.Reply {
	t.Helper()
	return c.hand.send(t, call{method: http.MethodDelete, path: path})
}

// newAccount makes an account that lasts as long as the test.
func (c contract) newAccount(t *testing.T) (id, name string) {
	t.Helper()
	name = unique("contract")
	id = c.hand.createAccount(t, name)
	t.Cleanup(func() { c.delete(t, accountsPath+"/"+id) })
	return id, name
}

// expect compares a reply with a status and a body. In place of a value, the body may hold a check (see [like]).
func expect(t *testing.T, got acctest.Reply, status int, body any) {
	t.Helper()
	if got.Status != status {
		t.Fatalf("status %d, not %d: %s", got.Status, status, shown(got))
	}
	if problem := differ("body", got.Body, body); problem != "" {
		t.Errorf("%s\nin %s", secretText.ReplaceAllString(problem, "(secret)"), shown(got))
	}
}

// expectError compares an error whose detail is a list of class and message.
func expectError(t *testing.T, got acctest.Reply, status int, class string, message any) {
	t.Helper()
	expect(t, got, status, object{"detail": list{class, message}})
}

// expectInvalid compares the answer to a request that does not fit its schema: a list without a detail around it.
func expectInvalid(t *testing.T, got acctest.Reply, parts ...string) {
	t.Helper()
	expect(t, got, http.StatusUnprocessableEntity, list{"ValueError", containing(parts...)})
}

type (
	object = map[string]any
	list   = []any
	check  func(value any) string
)

// differ tells where a value and what was expected part, "" if nowhere.
func differ(place string, got, want any) string {
	switch want := want.(type) {
	case check:
		if problem := want(got); problem != "" {
			return place + " " + problem
		}
		return ""
	case object:
		fields, ok := got.(object)
		if !ok {
			return fmt.Sprintf("%s is no object: %v", place, got)
		}
		for name := range fields {
			if _, known := want[name]; !known {
				return fmt.Sprintf("%s has an unexpected %q", place, name)
			}
		}
		for name := range want {
			if _, present := fields[name]; !present {
				return fmt.Sprintf("%s has no %q", place, name)
			}
			if problem := differ(place+"."+name, fields[name], want[name]); problem != "" {
				return problem
			}
		}
		return ""
	case list:
		items, ok := got.(list)
		if !ok || len(items) != len(want) {
			return fmt.Sprintf("%s is not a list of %d: %v", place, len(want), got)
		}
		for i := range want {
			if problem := differ(fmt.Sprintf("%s[%d]", place, i), items[i], want[i]); problem != "" {
				return problem
			}
		}
		return ""
	case int:
		return differ(place, got, float64(want))
	}
	if !reflect.DeepEqual(got, want) {
		return fmt.Sprintf("%s is %#v, not %#v", place, got, want)
	}
	return ""
}

// like checks that a value is a string that matches as a whole.
func like(pattern string) check {
	whole := regexp.MustCompile(`^(?s:` + pattern + `)$`)
	return func(value any) string {
		if text, ok := value.(string); !ok || !whole.MatchString(text) {
			return fmt.Sprintf("is %#v, which is not like %s", value, pattern)
		}
		return ""
	}
}

// containing checks that a value is a string with some parts in it.
func containing(parts ...string) check {
	return func(value any) string {
		text, _ := value.(string)
		for _, part := range parts {
			if !strings.Contains(text, part) {
				return fmt.Sprintf("is %#v, which does not contain %q", value, part)
			}
		}
		return ""
	}
}

// The fraction is absent in the one case in a million that it is zero.
var (
	aMoment = like(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?`)
	aUUID   = like(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)
	aKey    = like(`ZENKEY_[A-Za-z0-9+/]{158}==`)
	aToken  = like(`[\w-]+\.[\w-]+\.[\w-]+`)
)
