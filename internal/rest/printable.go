package rest

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What is shown of a system's words, in bytes.
const (
	maxMessage   = 600
	maxCode      = 100
	maxRequestID = 100
	maxCause     = 1200 // of which the address of a request can be a part
)

// harmless is a text of the system's as it may be shown: of a bounded length, unable to steer a terminal, and in one line.
// What stands in paragraphs of its own is taken for ours, such as a command to run.
func harmless(text string, bound int) string {
	if len(text) > bound {
		text = strings.ToValidUTF8(text[:bound], "") + " ..."
	}
	return strings.Join(strings.Fields(printable(text)), " ")
}

// printable puts a blank in place of what does not print: control characters, line breaks among them, and what turns the
// direction of writing.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsGraphic(r) && r != utf8.RuneError {
			return r
		}
		return ' '
	}, text)
}

// IDProblem tells what an answer lacks that is to name an object, as [IncompleteError.Missing] says it; "" if nothing. An
// id becomes a segment of a path, and is shown: one that would lead elsewhere, or steer a terminal, is of no use.
func IDProblem(id string) string {
	switch {
	case id == "":
		return "id"
	case id == "." || id == ".." || len(id) > maxID || strings.ContainsAny(id, `/\`) || printable(id) != id:
		return "usable id: it has " + strconv.QuoteToASCII(id[:min(len(id), maxRequestID)])
	}
	return ""
}

// maxID bounds an id, in bytes. Those that are known have at most 36.
const maxID = 512
