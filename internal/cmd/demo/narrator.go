package main

import (
	"fmt"
	"io"
)

// narrator tells the story: what is done next, then what was found to be so.
type narrator struct {
	out  io.Writer
	step int
}

func (n *narrator) title(text string) {
	fmt.Fprintf(n.out, "\n=== %s\n", text)
}

func (n *narrator) say(text string) {
	n.step++
	fmt.Fprintf(n.out, "\n%d. %s\n", n.step, text)
}

// fact tells what was checked, and only after it was.
func (n *narrator) fact(format string, args ...any) {
	fmt.Fprintf(n.out, "   ok: "+format+"\n", args...)
}
