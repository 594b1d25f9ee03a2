package service

import (
	"fmt"
	"regexp"
	"strings"
)

// UnknownID stands in an import id for the part that nobody could find out.
const UnknownID = "<its id>"

// plainID is an import id that every shell takes for one word that means nothing else.
var plainID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._:/@-]*$`)

// ImportCommands are the commands that take objects into the state, by their import ids, as a paragraph of an error. They
// are copied into shells, and ids come from servers: one that is not plain stays out of its command, and is told below.
func ImportCommands(ids ...string) string {
	var commands, told []string
	for _, id := range ids {
		argument := id
		switch {
		case plainID.MatchString(id):
		case plainID.MatchString(strings.ReplaceAll(id, UnknownID, "x")):
			argument = "'" + id + "'"
		default:
			argument = "'" + UnknownID + "'"
			told = append(told, fmt.Sprintf("\n\nIts id is %+q. Look at it before you put it into a command: a shell may not take it for one word.", id))
		}
		commands = append(commands, "  terraform import '<address of this resource>' "+argument)
	}
	return strings.Join(commands, "\n") + strings.Join(told, "")
}
