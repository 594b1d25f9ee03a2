package main

import "strings"

// change is what a plan wants to do to one object.
type change struct {
	Address string `json:"address"`
	Change  struct {
		Actions []string       `json:"actions"`
		Before  map[string]any `json:"before"`
		After   map[string]any `json:"after"`
	} `json:"change"`
}

// how names the actions in one word.
func (c change) how() string {
	switch actions := strings.Join(c.Change.Actions, " "); actions {
	case "no-op", "read":
		return "leave"
	case "delete create", "create delete":
		return "replace"
	default:
		return actions
	}
}

// String leaves the values out: a plan holds secrets in clear.
func (c change) String() string {
	return c.how() + " " + c.Address
}
