package campaign

import "strings"

// listed are the creations that make two objects if they arrive twice, and the place of these objects. Elsewhere a name or
// a member is unique, or the system knows a repeated request.
var listed = []struct{ system, ending, nouns string }{
	{"dt", "/serviceaccounts", "service_accounts"},
	{"dt", "/keys", "service_account_keys"},
	{"neowit", "/key", "service_account_keys"},
	{"keycard", "/service-accounts", "service_accounts"},
	{"keycard", "/credentials", "service_account_credentials"},
}

// Listed tells of a cell that cannot hold by nature in which place one object may be that no state knows, and why; "" for
// all others. Whatever else is wrong with it makes it a bad one. What stands here is a gap that users have to know of.
func Listed(c Cell) (place, reason string) {
	if !c.Fault.overdue {
		return "", ""
	}
	for _, entry := range listed {
		if c.Exchange.System == entry.system && strings.HasSuffix(c.Exchange.Route, entry.ending) {
			return entry.system + " " + entry.nouns, "the effect comes after the last look for it, and the system takes it and the repeated creation for two"
		}
	}
	return "", ""
}
