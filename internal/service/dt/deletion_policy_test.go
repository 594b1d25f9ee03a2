package dt_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-exec/tfexec"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// keeping is a workspace with an object of each type, made in accounts that are not its own.
type keeping struct {
	*acctest.Workspace
	server
	t *testing.T
	// plain are the attributes of each type, and other those that replace the object.
	plain, other map[string][]string
	// words are what messages call each type.
	words map[string]string
}

func (s server) keeping(t *testing.T) keeping {
	t.Helper()
	first, email := s.hand.createAccount(t, s.project, "first")
	second, otherEmail := s.hand.createAccount(t, s.project, "second")
	rotating := func(account string) []string {
		return []string{line("service_account", account), line("overlap", "1d")}
	}
	member := func(project string) []string {
		return []string{line("project", project), line("email", email), line("role", "roles/project.user")}
	}
	administrator := func(email string) []string {
		return []string{line("organization", s.organization), line("email", email), line("role", "roles/organization.admin")}
	}
	return keeping{
		Workspace: acctest.NewWorkspace(t, acctest.With(s.env, "DT_REQUESTS_PER_SECOND", "0")), server: s, t: t,
		plain: map[string][]string{
			"service_account":              {line("project", s.project)},
			"service_account_key":          {line("service_account", first)},
			"service_account_rotating_key": rotating(first),
			"project_member":               member(s.project),
			"organization_member":          administrator(email),
		},
		other: map[string][]string{
			"service_account":              {line("project", s.otherProject)},
			"service_account_key":          {line("service_account", second)},
			"service_account_rotating_key": rotating(second),
			"project_member":               member(s.otherProject),
			"organization_member":          administrator(otherEmail),
		},
		words: map[string]string{
			"service_account": "DT service account", "service_account_key": "DT service account key", "service_account_rotating_key": "DT service account key",
			"project_member": "DT project membership", "organization_member": "DT organization membership",
		},
	}
}

// configure writes all objects with a deletion_policy, "" for none, and one type differently; nil takes that away.
func (k keeping) configure(policy, noun string, lines []string) {
	k.t.Helper()
	config := maps.Clone(k.plain)
	config[noun] = lines
	var text strings.Builder
	for name, attributes := range config {
		if attributes == nil {
			continue
		}
		if policy != "" {
			attributes = append(slices.Clone(attributes), line("deletion_policy", policy))
		}
		text.WriteString(block(name, attributes...))
	}
	k.Write("main.tf", text.String())
}

// all writes all objects with a deletion_policy.
func (k keeping) all(policy string) {
	k.configure(policy, "service_account", k.plain["service_account"])
}

func (k keeping) nouns() []string { return slices.Sorted(maps.Keys(k.plain)) }

func ownAddress(noun string) string { return "machineid_dt_" + noun + ".own" }

// mustBeKept fails unless no plan ends any object, whatever asks for it, and no apply does.
func (k keeping) mustBeKept(policy, source string) {
	k.t.Helper()
	for _, noun := range k.nouns() {
		refused := func(operation string) []string {
			return []string{"Refused to " + operation + " " + k.words[noun], "is kept, because " + source + ` is "prevent"`, "It was not touched"}
		}
		k.configure(policy, noun, nil)
		k.PlanMustFail(acctest.Says(refused("delete")...))
		k.configure(policy, noun, k.other[noun])
		k.PlanMustFail(acctest.Says(refused("replace")...))
		k.all(policy)
		if printed, err := k.Apply(tfexec.Replace(ownAddress(noun))); err == nil || !acctest.Said(printed, refused("delete")...) {
			k.t.Errorf("a forced replacement of %s ended with %v:\n%s", noun, err, printed)
		}
		k.Taint(ownAddress(noun))
		if printed, err := k.Apply(); err == nil || !acctest.Said(printed, refused("delete")...) {
			k.t.Errorf("the replacement of a tainted %s ended with %v:\n%s", noun, err, printed)
		}
		k.Untaint(ownAddress(noun))
	}
	k.MustBeQuiet()
}

func TestAccPreventedDeletions(t *testing.T) {
	t.Parallel()
	k := target(t).keeping(t)
	k.all("prevent")
	k.MustApply()
	k.MustBeQuiet()
	made := len(k.box.Made(t, "dt"))
	k.mustBeKept("prevent", "its deletion_policy in the state")
	if left := len(k.box.Made(t, "dt")); left != made {
		t.Errorf("there are %d objects, and were %d", left, made)
	}
	// A policy counts once it is in the state.
	k.configure("delete", "service_account_key", k.other["service_account_key"])
	k.PlanMustFail(acctest.Says("Refused to replace DT service account key"))
	k.all("delete")
	k.box.ForgetRequests(t)
	k.MustApply(tfexec.Refresh(false))
	k.box.MustBeUnasked(t)
	k.MustBeQuiet()
	k.all("prevent")
	k.MustDestroy()
	if left := k.box.Made(t, "dt"); len(left) != 2 {
		t.Errorf("left are %v, want the two accounts that were there before", left)
	}
}

func TestAccTheProvidersDeletionPolicy(t *testing.T) {
	t.Parallel()
	k := target(t).keeping(t)
	k.Write("provider.tf", "provider \"machineid\" { deletion_policy = \"prevent\" }\n")
	k.all("")
	k.MustApply()
	k.MustBeQuiet()
	k.mustBeKept("", "the provider's deletion_policy")
	// An object's own comes first.
	k.all("delete")
	k.MustApply()
	k.MustBeQuiet()
	k.MustDestroy()
	if left := k.box.Made(t, "dt"); len(left) != 2 {
		t.Errorf("left are %v, want the two accounts that were there before", left)
	}
}

func TestAccAbandonedObjects(t *testing.T) {
	t.Parallel()
	for source, provider := range map[string]string{
		"its deletion_policy in the state": "", "the provider's deletion_policy": "provider \"machineid\" { deletion_policy = \"abandon\" }\n",
	} {
		t.Run(source, func(t *testing.T) {
			t.Parallel()
			k := target(t).keeping(t)
			k.Write("provider.tf", provider)
			policy := "abandon"
			if provider != "" {
				policy = ""
			}
			k.all(policy)
			k.MustApply()
			k.MustBeQuiet()
			made := len(k.box.Made(t, "dt"))
			k.Write("main.tf", "")
			_, printed, _ := k.Plan()
			for _, noun := range k.nouns() {
				if !acctest.Said(printed, k.words[noun]+" is abandoned", "stays in the system as it is, because "+source) {
					t.Errorf("the plan does not say that %s stays:\n%s", noun, printed)
				}
			}
			k.box.ForgetRequests(t)
			k.MustApply(k.SavedPlan())
			k.box.MustBeUnasked(t)
			if left := len(k.box.Made(t, "dt")); left != made {
				t.Errorf("there are %d objects, and were %d", left, made)
			}
			k.MustBeQuiet()
		})
	}
}

// A replacement leaves the old object where it is, and makes the new one beside it.
func TestAccAbandonedByReplacement(t *testing.T) {
	t.Parallel()
	k := target(t).keeping(t)
	k.all("abandon")
	k.MustApply()
	made := len(k.box.Made(t, "dt"))
	for _, noun := range k.nouns() {
		k.configure("abandon", noun, k.other[noun])
		printed := k.MustApply()
		made++
		if left := len(k.box.Made(t, "dt")); left != made || !acctest.Said(printed, k.words[noun]+" is abandoned") {
			t.Errorf("%s: there are %d objects, want %d:\n%s", noun, left, made, printed)
		}
		k.plain[noun] = k.other[noun]
		k.MustBeQuiet()
	}
}

func TestAccDeletionPoliciesThatAreNone(t *testing.T) {
	t.Parallel()
	k := target(t).keeping(t)
	for _, noun := range k.nouns() {
		k.Write("main.tf", block(noun, append(slices.Clone(k.plain[noun]), line("deletion_policy", "retain"))...))
		k.PlanMustFail(acctest.Says("deletion_policy = ", "value must be one of"))
	}
	k.Write("main.tf", "provider \"machineid\" { deletion_policy = \"retain\" }\n"+block("service_account", k.plain["service_account"]...))
	k.PlanMustFail(acctest.Says("deletion_policy = "))
}
