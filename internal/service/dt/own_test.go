package dt_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-exec/tfexec"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// insider is a sandbox, and a provider whose way in is in its own reach.
type insider struct {
	server
	// account and key are the names of what the provider uses, email is the account's address.
	account, key, email string
	// oauth2 and basic are the environments of the provider by its two ways in.
	oauth2, basic map[string]string
}

func newInsider(t *testing.T) insider {
	t.Helper()
	made := insider{server: target(t)}
	made.account, made.oauth2 = made.caller(t, made.organization, "roles/organization.admin", made.project, "roles/project.developer")
	made.hand.patch(t, made.account, map[string]any{"enableBasicAuth": true})
	made.key = made.account + "/keys/" + made.oauth2["DT_SERVICE_ACCOUNT_KEY_ID"]
	made.email = made.oauth2["DT_SERVICE_ACCOUNT_EMAIL"]
	// Upper and lower case mean the same.
	made.oauth2["DT_SERVICE_ACCOUNT_EMAIL"] = strings.ToUpper(made.email)
	made.oauth2["DT_REQUESTS_PER_SECOND"] = "0"
	made.basic = acctest.With(acctest.Without(made.oauth2, "DT_SERVICE_ACCOUNT_EMAIL"), "DT_AUTH", "basic")
	return made
}

// block is a resource named "own"; each attribute is a line.
func block(noun string, lines ...string) string {
	return fmt.Sprintf("resource \"machineid_dt_%s\" \"own\" {\n%s\n}\n", noun, strings.Join(lines, "\n"))
}

// whole configures all that the provider's way in depends on; parts replace those of that noun, and "" takes one away.
func (i insider) whole(parts map[string]string) string {
	config := map[string]string{
		"service_account":     block("service_account", line("project", i.project), line("display_name", "caller"), "enable_basic_auth = true"),
		"service_account_key": block("service_account_key", line("service_account", i.account), "rotate_when_changed = { month = \"one\" }"),
		"project_member":      block("project_member", line("project", i.project), line("email", i.email), line("role", "roles/project.developer")),
		"organization_member": block("organization_member", line("organization", i.organization), line("email", i.email), line("role", "roles/organization.admin")),
	}
	var text strings.Builder
	for noun, standard := range config {
		if part, ok := parts[noun]; ok {
			standard = part
		}
		text.WriteString(standard)
	}
	return text.String()
}

// workspace has all that in its state, by import.
func (i insider) workspace(t *testing.T, env map[string]string) *acctest.Workspace {
	t.Helper()
	w := acctest.NewWorkspace(t, env)
	w.Write("main.tf", i.whole(nil))
	for noun, name := range map[string]string{
		"service_account": i.account, "service_account_key": i.key,
		"project_member": i.project + "/members/" + last(i.account), "organization_member": i.organization + "/members/" + last(i.account),
	} {
		w.MustImport("machineid_dt_"+noun+".own", name)
	}
	w.MustApply() // rotate_when_changed comes without a request
	return w
}

// mustStay fails the test unless all that the provider's way in depends on is as it was.
func (i insider) mustStay(t *testing.T) {
	t.Helper()
	if acctest.At(i.hand.read(t, i.account), "enableBasicAuth") != true {
		t.Error("Basic auth is off")
	}
	i.hand.read(t, i.key)
	for member, role := range map[string]string{i.project: "roles/project.developer", i.organization: "roles/organization.admin"} {
		roles, _ := acctest.At(i.hand.read(t, member+"/members/"+last(i.account)), "roles").([]any)
		if len(roles) != 1 || roles[0] != role {
			t.Errorf("the roles in %s are %v", member, roles)
		}
	}
}

func TestOwnWayInIsKeptAtPlan(t *testing.T) {
	t.Parallel()
	subject := newInsider(t)
	other, _ := subject.hand.createAccount(t, subject.project, "other")
	account := func(lines ...string) map[string]string {
		return map[string]string{"service_account": block("service_account", append(lines, line("display_name", "caller"))...)}
	}
	key := func(lines ...string) map[string]string {
		return map[string]string{"service_account_key": block("service_account_key", lines...)}
	}
	projectMember := func(project, email, role string) map[string]string {
		return map[string]string{"project_member": block("project_member", line("project", project), line("email", email), line("role", role))}
	}
	for way, env := range map[string]map[string]string{"oauth2": subject.oauth2, "basic": subject.basic} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			w := subject.workspace(t, env)
			named := map[string]string{"oauth2": "dt.email", "basic": "dt.key_id"}[way]
			for name, test := range map[string]struct {
				parts map[string]string
				want  []string // nothing means that it is planned
			}{
				"the key is deleted": {map[string]string{"service_account_key": ""}, []string{
					"Refused to delete the provider's own DT service account key", subject.key, "dt.key_id", "another way in", "allow_self_lockout = true",
				}},
				"the key is rotated": {key(line("service_account", subject.account), "rotate_when_changed = { month = \"two\" }"), []string{
					"Refused to rotate the provider's own DT service account key", "rotate_when_changed =",
				}},
				"the key is replaced": {key(line("service_account", other)), []string{
					"Refused to replace the provider's own DT service account key", "service_account =",
				}},
				"the account is deleted": {map[string]string{"service_account": ""}, []string{
					"Refused to delete the provider's own DT service account", subject.account, named,
				}},
				"the account is replaced": {account(line("project", subject.otherProject), "enable_basic_auth = true"), []string{
					"Refused to replace the provider's own DT service account", "project =", named,
				}},
				"Basic auth is switched off": {account(line("project", subject.project)), map[string][]string{
					"basic": {"Refused to switch off Basic auth of the provider's own DT service account", "machineid_dt_service_account.own", named},
				}[way]},
				"the project member is deleted": {map[string]string{"project_member": ""}, []string{
					"Refused to delete the provider's own DT project membership", subject.email, named, "take rights",
				}},
				"the project member moves": {projectMember(subject.otherProject, subject.email, "roles/project.developer"), []string{
					"Refused to replace the provider's own DT project membership", "project =",
				}},
				"somebody else becomes the member": {projectMember(subject.project, "olga.operator@example.com", "roles/project.developer"), []string{
					"Refused to replace the provider's own DT project membership", "email =",
				}},
				"the role is lowered": {projectMember(subject.project, subject.email, "roles/project.user"), []string{
					"Refused to lower the role of the provider's own DT project membership", "role =",
				}},
				"the role is one that nobody knows": {projectMember(subject.project, subject.email, "roles/project.operator"), []string{
					"Refused to lower the role of the provider's own DT project membership", "role =",
				}},
				"the role is raised": {projectMember(subject.project, subject.email, "roles/project.admin"), nil},
				"the organization member is deleted": {map[string]string{"organization_member": ""}, []string{
					"Refused to delete the provider's own DT organization membership", subject.email, named,
				}},
				"the organization role is another": {map[string]string{"organization_member": block("organization_member", line("organization", subject.organization),
					line("email", subject.email), line("role", "roles/organization.viewer"))}, []string{
					"Refused to replace the provider's own DT organization membership", "role =",
				}},
			} {
				t.Log(name)
				w.Write("main.tf", subject.whole(test.parts))
				if test.want == nil {
					w.Plan()
					continue
				}
				w.PlanMustFail(acctest.Says(test.want...))
			}
		})
	}
	t.Cleanup(func() { subject.mustStay(t) })
}

// A replacement that no plan shows to the provider is refused by the deletion that it begins with, and an update that was
// not planned by itself.
func TestOwnWayInIsKeptAtApply(t *testing.T) {
	t.Parallel()
	subject := newInsider(t)
	id := last(subject.account)
	account := func(basic bool) map[string]any {
		return map[string]any{"project": subject.project, "id": id, "name": subject.account, "display_name": "caller", "enable_basic_auth": basic, "email": subject.email}
	}
	member := func(parent, name, role string) map[string]any {
		return map[string]any{parent: name, "email": subject.email, "role": role, "member_id": id, "name": name + "/members/" + id, "account_type": "SERVICE_ACCOUNT"}
	}
	key := map[string]any{"service_account": subject.account, "id": last(subject.key), "name": subject.key}
	developer := member("project", subject.project, "roles/project.developer")
	for way, env := range map[string]map[string]string{"oauth2": subject.oauth2, "basic": subject.basic} {
		w := subject.workspace(t, env)
		for noun, want := range map[string]string{
			"service_account": "service account", "service_account_key": "service account key", "project_member": "project membership", "organization_member": "organization membership",
		} {
			address := "machineid_dt_" + noun + ".own"
			printed, err := w.Apply(tfexec.Replace(address), tfexec.Target(address))
			if err == nil || !acctest.Said(printed, "Refused to delete the provider's own DT "+want) {
				t.Errorf("%s: replacing %s ended with %v:\n%s", way, address, err, printed)
			}
		}
		for name, test := range map[string]struct {
			noun           string
			prior, planned map[string]any
		}{
			"the account, deleted":             {"service_account", account(true), nil},
			"the key, deleted":                 {"service_account_key", key, nil},
			"the project member, deleted":      {"project_member", developer, nil},
			"the project member, lowered":      {"project_member", developer, member("project", subject.project, "roles/project.user")},
			"the organization member, deleted": {"organization_member", member("organization", subject.organization, "roles/organization.admin"), nil},
		} {
			errors := acctest.ApplyUnplanned(t, env, nil, "machineid_dt_"+test.noun, test.prior, test.planned)
			if len(errors) != 1 || !acctest.Said(errors[0], "Refused to", "the provider's own DT") {
				t.Errorf("%s: %s: %q", way, name, errors)
			}
		}
	}
	errors := acctest.ApplyUnplanned(t, subject.basic, nil, "machineid_dt_service_account", account(true), account(false))
	if len(errors) != 1 || !acctest.Said(errors[0], "Refused to switch off Basic auth of the provider's own DT service account") {
		t.Errorf("Basic auth, switched off: %q", errors)
	}
	subject.mustStay(t)
}

func TestOwnWayInMayBeCutOffIfAllowed(t *testing.T) {
	t.Parallel()
	for way, env := range map[string]func(insider) map[string]string{
		"oauth2": func(i insider) map[string]string { return i.oauth2 },
		"basic":  func(i insider) map[string]string { return i.basic },
	} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			subject := newInsider(t)
			w := subject.workspace(t, env(subject))
			const allowed = "provider \"machineid\" { allow_self_lockout = true }\n"
			w.Write("main.tf", allowed+subject.whole(map[string]string{"project_member": ""}))
			w.MustApply()
			w.Write("main.tf", allowed+subject.whole(map[string]string{"project_member": "", "service_account_key": ""}))
			w.MustApply()
			if got := subject.hand.call(t, http.MethodGet, subject.key, nil); got.Status != http.StatusNotFound {
				t.Errorf("reading the key answers %d", got.Status)
			}
		})
	}
}

// What is not the provider's own is free. Only Basic auth has to ask whose the key is, and only if it matters.
func TestWhatIsNotTheProvidersOwnIsFree(t *testing.T) {
	t.Parallel()
	subject := newInsider(t)
	config := func(month, role, basic string) string {
		return fmt.Sprintf(`
			resource "machineid_dt_service_account" "other" {
				project           = %q
				enable_basic_auth = %s
			}
			resource "machineid_dt_service_account_key" "other" {
				service_account     = machineid_dt_service_account.other.name
				rotate_when_changed = { month = %q }
			}
			resource "machineid_dt_project_member" "other" {
				project = %q
				email   = machineid_dt_service_account.other.email
				role    = %q
			}
			resource "machineid_dt_project_member" "user" {
				project = %q
				email   = "somebody@example.com"
				role    = %q
			}
			resource "machineid_dt_service_account_key" "another" {
				service_account     = %q
				rotate_when_changed = { month = %q }
			}`, subject.project, basic, month, subject.project, role, subject.otherProject, role, subject.account, month)
	}
	for way, test := range map[string]struct {
		env  map[string]string
		asks bool
	}{"oauth2": {subject.oauth2, false}, "basic": {subject.basic, true}} {
		w := acctest.NewWorkspace(t, test.env)
		w.Write("main.tf", config("one", "roles/project.admin", "true"))
		w.MustApply()
		// The provider's own key is nobody's resource here, so whoever reads it, or looks for it elsewhere, asks whose it is.
		asked := func() int {
			return subject.box.Count(t, func(request acctest.RequestCount) bool {
				return strings.HasSuffix(request.Route, "/keys/{key}") && request.Method == http.MethodGet && request.Status == http.StatusNotFound
			})
		}
		subject.box.ForgetRequests(t)
		w.Write("main.tf", config("two", "roles/project.admin", "true"))
		w.MustApply()
		w.MustBeQuiet()
		if count := asked(); count != 0 {
			t.Errorf("%s: it was asked %d times for nothing", way, count)
		}
		w.Write("main.tf", config("two", "roles/project.user", "false"))
		w.MustApply()
		if count := asked(); count > 0 != test.asks {
			t.Errorf("%s: it was asked %d times, want some: %t", way, count, test.asks)
		}
		w.MustDestroy()
	}
	subject.mustStay(t)
}

// If the server does not tell whose the key is, the account may be the provider's own.
func TestAnUnknownOwnerRefuses(t *testing.T) {
	t.Parallel()
	subject := newInsider(t)
	w := subject.workspace(t, subject.basic)
	w.Write("main.tf", "provider \"machineid\" { max_retries = 0 }\n"+subject.whole(map[string]string{"service_account": "", "service_account_key": ""}))
	subject.box.Fault(t, map[string]any{"system": "dt", "method": http.MethodGet, "path": "/v2/projects/*/serviceaccounts/*/keys/*", "kind": "status", "status": 500})
	printed, err := w.Apply(tfexec.Refresh(false))
	if err == nil || !acctest.Said(printed, "Cannot tell whether this is the provider's own DT service account", "status 500", "allow_self_lockout = true") {
		t.Errorf("the apply ended with %v:\n%s", err, printed)
	}
	subject.box.Mend(t)
	subject.mustStay(t)
}
