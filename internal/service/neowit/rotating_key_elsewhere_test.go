package neowit_test

import (
	"fmt"
	"maps"
	"net/http"
	"testing"

	"github.com/hashicorp/terraform-exec/tfexec"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// rotatingOf is a rotating key of an account, given as its id.
func rotatingOf(account, more string) string {
	return fmt.Sprintf("resource \"machineid_neowit_service_account_rotating_key\" \"test\" {\n service_account_id = %q\n overlap = \"7d\"\n%s\n}\n", account, more)
}

func TestRotatingKeysThatVanish(t *testing.T) {
	t.Parallel()
	const (
		deleted = "Neowit service account key was deleted outside Terraform"
		leaves  = "no longer exists and leaves the state"
	)
	for name, test := range map[string]struct {
		delete func(s server, current, previous heldKey)
		plan   string
		want   func(current, previous string) []string
		// What is still there after the next apply.
		currentStays, previousStays bool
	}{
		"the previous one": {
			delete: func(s server, _, previous heldKey) { s.hand.delete(t, previous.account+"/key/"+previous.id) },
			plan:   "no-op", currentStays: true,
			want: func(_, previous string) []string { return []string{"Previous " + deleted, previous, leaves} },
		},
		"the current one": {
			delete: func(s server, current, _ heldKey) { s.hand.delete(t, current.account+"/key/"+current.id) },
			plan:   "update", previousStays: true,
			want: func(current, previous string) []string {
				return []string{deleted, current, "no longer exists. The previous one", previous, "is the current one again", "is due for rotation"}
			},
		},
		"both": {
			delete: func(s server, current, previous heldKey) {
				s.hand.delete(t, current.account+"/key/"+current.id)
				s.hand.delete(t, previous.account+"/key/"+previous.id)
			},
			plan: "create",
			want: func(current, previous string) []string {
				return []string{"Previous " + deleted, previous, leaves, current, leaves}
			},
		},
		"the account": {
			delete: func(s server, current, _ heldKey) { s.hand.delete(t, current.account) },
			plan:   "create",
			want: func(current, previous string) []string {
				return []string{previous, "with that account, " + leaves, current, "with that account, " + leaves}
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := target(t).timedRotation(t, map[string]string{})
			w.MustApply()
			w.pass(t, 91*day)
			current, previous := w.mustRotate(t)
			test.delete(w.server, current, previous)
			w.mustPlan(t, rotatingAddress, test.plan, test.want(current.id, previous.id)...)
			w.MustApply()
			w.MustBeQuiet()
			now := w.held("current")
			if (now == current) != test.currentStays || now.secret == "" || (w.held("previous") == previous) != test.previousStays {
				t.Errorf("%s and %s are left of %s and %s", now.id, w.held("previous").id, current.id, previous.id)
			}
			if err := w.expectLogin(t, now, true); err != nil {
				t.Error(err)
			}
		})
	}
}

// An imported key is current, without a secret, and what only the configuration knows comes without a request.
func TestAnImportedKeyIsCurrent(t *testing.T) {
	t.Parallel()
	server := target(t)
	for name, organization := range map[string]string{"of the caller's own organization": "", "of a child": server.child} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			account := server.hand.createAccount(t, organization, "imported")
			query, prefix, more := "", "", "rotate_after = \"90d\"\n"
			if organization != "" {
				query, prefix, more = "?orgId="+organization, organization+"/", more+fmt.Sprintf("org_id = %q\n", organization)
			}
			id := acctest.At(server.hand.must(t, http.MethodPost, account+"/key"+query, map[string]any{}), "keyId").(string)
			w := timed{server, acctest.NewWorkspaceAt(t, server.env, server.box.Now)}
			w.Write("main.tf", rotatingOf(account, more))
			w.MustImport(rotatingAddress, prefix+account+"/"+id)
			if current := w.held("current"); current != (heldKey{account, id, ""}) || w.Value(rotatingAddress, "previous") != nil {
				t.Errorf("the current key is %s, with a secret: %t", current.id, current.secret != "")
			}
			plan := w.mustPlan(t, rotatingAddress, "update")
			before, after := change(plan, rotatingAddress).Before.(map[string]any), change(plan, rotatingAddress).After.(map[string]any)
			for attribute := range after {
				isNew := attribute == "rotate_after" || attribute == "overlap" || attribute == "rotation_due_at"
				if changed := fmt.Sprint(before[attribute]) != fmt.Sprint(after[attribute]); changed != isNew {
					t.Errorf("the plan changes %s: %t", attribute, changed)
				}
			}
			w.MustApply()
			w.MustBeQuiet()
			w.Write("main.tf", rotatingOf(account, more+`rotate_when_changed = { quarter = "1" }`))
			w.MustApply()
			w.Write("main.tf", rotatingOf(account, more+`rotate_when_changed = { quarter = "2" }`))
			w.mustRotateImported(t, id)
			w.MustDestroy()
			for _, left := range w.box.Objects(t, "neowit", "service_account_keys") {
				if left.Parent == account {
					t.Errorf("the key %s was not revoked", left.ID)
				}
			}
		})
	}
}

// mustRotateImported applies a rotation of a key without a secret.
func (w timed) mustRotateImported(t *testing.T, id string) {
	t.Helper()
	w.MustApply()
	w.MustBeQuiet()
	if current, previous := w.held("current"), w.held("previous"); previous.id != id || current.secret == "" {
		t.Errorf("the imported key was not kept beside the new one %s", current.id)
	} else if err := w.expectLogin(t, current, true); err != nil {
		t.Error(err)
	}
}

// The identity names the current key, also after a rotation.
func TestTheIdentityFollowsTheCurrentKey(t *testing.T) {
	server := target(t)
	acctest.RequireCLI(t, tfversion.Version1_12_0, "an identity in the state")
	step := func(quarter string) resource.TestStep {
		return resource.TestStep{
			ConfigFile: config.StaticFile("testdata/rotation/rotating_key.tf"), ConfigVariables: config.Variables{"quarter": config.StringVariable(quarter)},
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectIdentityValueMatchesStateAtPath(rotatingAddress, tfjsonpath.New("key_id"), tfjsonpath.New("current").AtMapKey("id")),
				statecheck.ExpectIdentityValueMatchesState(rotatingAddress, tfjsonpath.New("service_account_id")),
			},
		}
	}
	acctest.Test(t, server.env, step("1"), step("2"), step("3"))
}

func TestImportsOfRotatingKeysThatFail(t *testing.T) {
	t.Parallel()
	server := target(t)
	account := server.hand.createAccount(t, "", "imported")
	w := acctest.NewWorkspace(t, server.env)
	w.Write("main.tf", rotatingOf(account, ""))
	for id, want := range map[string]string{
		"a":                                 "A Neowit rotating key is imported by <service_account_id>/<key_id>",
		account + "//":                      "with the id of its current key",
		account + "/0000000000000000000000": "Cannot import non-existent remote object",
	} {
		if printed, err := w.Import(rotatingAddress, id); err == nil || !acctest.Said(printed, want) {
			t.Errorf("importing %q ended with %v:\n%s", id, err, printed)
		}
	}
}

// Another account or organization is another resource, and both keys end with the old one.
func TestAnotherPlaceReplacesARotatingKey(t *testing.T) {
	t.Parallel()
	server := target(t)
	account, other := server.hand.createAccount(t, "", "one"), server.hand.createAccount(t, "", "other")
	w := timed{server, acctest.NewWorkspaceAt(t, server.env, server.box.Now)}
	quarter := func(number string) string { return "rotate_when_changed = { quarter = \"" + number + "\" }\n" }
	w.Write("main.tf", rotatingOf(account, quarter("1")))
	w.MustApply()
	w.Write("main.tf", rotatingOf(account, quarter("2")))
	w.mustRotate(t)

	w.Write("main.tf", rotatingOf(account, quarter("2")+fmt.Sprintf("org_id = %q", server.child)))
	w.ApplyMustFail("Cannot update Neowit service account key", `is not in the organization "`+server.child+`"`)
	current := w.held("current")
	w.Write("main.tf", rotatingOf(account, quarter("2")+fmt.Sprintf("org_id = %q", server.own)))
	w.mustPlan(t, rotatingAddress, "update")
	w.MustApply()
	w.MustBeQuiet()
	if w.held("current") != current || w.Value(rotatingAddress, "org_id") != server.own {
		t.Error("naming the organization changed more than that")
	}
	w.Write("main.tf", rotatingOf(account, quarter("2")+fmt.Sprintf("org_id = %q", server.child)))
	w.mustPlan(t, rotatingAddress, "delete+create")

	w.Write("main.tf", rotatingOf(other, quarter("3")))
	plan := w.mustPlan(t, rotatingAddress, "delete+create")
	planned := change(plan, rotatingAddress)
	unknown := planned.AfterUnknown.(map[string]any)
	if current, _ := unknown["current"].(map[string]any); current["secret"] != true || unknown["previous"] != nil || planned.After.(map[string]any)["previous"] != nil {
		t.Errorf("the plan of a replacement is %v", unknown)
	}
	w.MustApply(w.SavedPlan())
	w.MustBeQuiet()
	w.mustHold(t, w.held("current"))
	if w.held("current").account != other {
		t.Error("the key is not of the other account")
	}
}

// The provider's own key may become the previous one, and is not ended as such either.
func TestTheProvidersOwnKeyIsNotRetired(t *testing.T) {
	t.Parallel()
	subject := newInsider(t)
	w := timed{subject.server, acctest.NewWorkspaceAt(t, subject.oauth2, subject.box.Now)}
	w.Write("main.tf", rotatingOf(subject.id, `rotate_when_changed = { quarter = "1" }`))
	w.MustImport(rotatingAddress, subject.id+"/"+subject.key)
	w.MustApply()
	mustRefuse := func(configuration string, want ...string) {
		t.Helper()
		w.Write("main.tf", configuration)
		w.PlanMustFail(acctest.Says(want...))
	}
	const own = "the provider's own Neowit service account key"
	used := "The provider uses its key " + subject.key
	mustRefuse("", "Refused to delete "+own, used)
	mustRefuse(rotatingOf("another", ""), "Refused to replace "+own, used)
	w.Write("main.tf", rotatingOf(subject.id, `rotate_when_changed = { quarter = "2" }`))
	w.mustRotateImported(t, subject.key)
	mustRefuse("", "Refused to delete "+own, used)
	mustRefuse(rotatingOf(subject.id, `rotate_when_changed = { quarter = "3" }`), "Refused to revoke "+own, "It is the key that the provider uses")
	w.Write("main.tf", rotatingOf(subject.id, `rotate_when_changed = { quarter = "2" }`))
	if printed, err := w.Apply(tfexec.Replace(rotatingAddress)); err == nil || !acctest.Said(printed, "Refused to delete "+own, used) {
		t.Errorf("replacing ended with %v:\n%s", err, printed)
	}
	held := func(id string, more ...string) map[string]tftypes.Value {
		object := map[string]tftypes.Value{
			"id": tftypes.NewValue(tftypes.String, id), "recipient_fingerprints": tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, nil),
		}
		for _, name := range append(more, "secret", "created", "encrypted_secret") {
			object[name] = tftypes.NewValue(tftypes.String, nil)
		}
		return object
	}
	planned := map[string]any{"service_account_id": subject.id, "overlap": "7d", "current": held("another")}
	prior := maps.Clone(planned)
	prior["previous"] = held(subject.key, "retires_at")
	if errors := acctest.ApplyUnplanned(t, subject.oauth2, nil, "machineid_neowit_service_account_rotating_key", prior, planned); len(errors) != 1 ||
		!acctest.Said(errors[0], "Refused to revoke "+own) {
		t.Errorf("revoking unplanned: %q", errors)
	}
	subject.mustStay(t)
	w.Write("main.tf", "provider \"machineid\" { allow_self_lockout = true }\n"+rotatingOf(subject.id, `rotate_when_changed = { quarter = "3" }`))
	_, _ = w.Apply() // what follows the revocation may be refused
	if subject.accepts(t, subject.id, subject.key, subject.oauth2["NEOWIT_SECRET"]) {
		t.Error("the key is still accepted")
	}
}
