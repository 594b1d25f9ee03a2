package dt_test

import (
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// What others make in the same place at the same time under other names is not touched. Of the same name, it cannot be
// told apart, so both are listed.
func TestALostAccountBesideOthers(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		theirs string
		want   []string
	}{
		"another name":  {"theirs", []string{"was made there just then", "the next apply replaces it"}},
		"the same name": {"ci", []string{"more was made between", "than the 1 that this run has lost, so nothing was touched", "Import or delete what is yours"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := target(t)
			making := server.makings("", "")["an account"]
			env, visitor := server.box.Visit(t, making.path, false, func() (id, secret string) {
				id, _ = server.hand.createAccount(t, server.project, test.theirs)
				return id, ""
			})
			w := acctest.NewWorkspace(t, env)
			w.Write("main.tf", making.config)
			printed := w.ApplyMustFail(test.want...)
			theirs, _ := visitor()
			known := last(textOf(w.Value(accountAddress, "name")))
			if known == last(theirs) || (known == "") != (test.theirs == "ci") {
				t.Errorf("the state has %q", known)
			}
			if made := making.made(t, server, ""); len(made) != 2 || made[last(theirs)] != test.theirs {
				t.Errorf("theirs is %s, and there are %v", theirs, made)
			}
			if test.theirs == "ci" {
				if strings.Count(printed, ", made at") != 2 || !strings.Contains(printed, last(theirs)) {
					t.Errorf("both are to be listed:\n%s", printed)
				}
				return
			}
			w.MustApply()
			w.MustBeQuiet()
			w.MustDestroy()
			if left := making.made(t, server, ""); len(left) != 1 || left[last(theirs)] != test.theirs {
				t.Errorf("theirs is %s, and there are %v", theirs, left)
			}
		})
	}
}

// Keys have no names. If more were made than this run has lost, all are listed, and none is touched.
func TestALostKeyBesideOthers(t *testing.T) {
	t.Parallel()
	server := target(t)
	holder, email := server.hand.createAccount(t, server.otherProject, "holder")
	making := server.makings(holder, email)["a key"]
	env, visitor := server.box.Visit(t, making.path, false, func() (id, secret string) { return server.hand.createKey(t, holder) })
	w := acctest.NewWorkspace(t, env)
	w.Write("main.tf", making.config)
	printed := w.ApplyMustFail(making.place, "more was made between", "than the 1 that this run has lost, so nothing was touched", "Import or delete what is yours")
	theirs, secret := visitor()
	made := making.made(t, server, holder)
	for id := range made {
		if !acctest.Said(printed, id+", made at") {
			t.Errorf("%s is not listed:\n%s", id, printed)
		}
	}
	mustBeKnown[string](t, w, nil)
	if _, accepted := server.hand.login(t, server.env["DT_TOKEN_URL"], last(theirs), secret, email); len(made) != 2 || !accepted {
		t.Errorf("theirs is accepted: %t, and there are %v", accepted, made)
	}
}

// This is what the rules cannot save: a request that never arrived, and in the moment of it somebody else's key in the same
// account. It looks exactly like a lost answer, so their key is taken, told, and replaced. Who shares an account so sets
// unknown_outcome to "stop".
func TestALostRequestTakesWhatOthersMade(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		config string
		taken  bool
	}{"by default": {"", true}, "with stop": {onlyListed, false}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := target(t)
			holder, email := server.hand.createAccount(t, server.otherProject, "holder")
			making := server.makings(holder, email)["a key"]
			env, visitor := server.box.Visit(t, making.path, true, func() (id, secret string) { return server.hand.createKey(t, holder) })
			w := acctest.NewWorkspace(t, env)
			w.Write("main.tf", test.config+making.config)
			printed := w.ApplyMustFail("Cannot create DT")
			theirs, secret := visitor()
			if !acctest.Said(printed, last(theirs)) {
				t.Errorf("%s is not told:\n%s", theirs, printed)
			}
			if taken := w.Value(keyAddress, "name") == theirs; taken != test.taken {
				t.Errorf("theirs was taken: %t", taken)
			}
			w.MustApply()
			if _, accepted := server.hand.login(t, server.env["DT_TOKEN_URL"], last(theirs), secret, email); accepted == test.taken {
				t.Errorf("theirs is accepted: %t", accepted)
			}
			w.MustDestroy()
		})
	}
}

func textOf(value any) string {
	text, _ := value.(string)
	return text
}
