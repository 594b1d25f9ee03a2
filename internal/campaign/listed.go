package campaign

import "strings"

// Listed tells why a cell cannot hold by nature; "" for all others. What stands here is a gap that users have to know of.
func Listed(c Cell) string {
	if c.Fault.overdue && doubles(c.Exchange) {
		return "The system carries the creation out after the last look for it, and takes it and the repeated one for two: nothing tells that they are the same."
	}
	return ""
}

// doubles tells that a creation that arrives twice makes two objects. Elsewhere a name or a member is unique, or the
// system knows a repeated request.
func doubles(met Exchange) bool {
	for _, place := range []string{
		"dt /serviceaccounts", "dt /keys", "neowit /key", "keycard /service-accounts", "keycard /credentials",
	} {
		system, end, _ := strings.Cut(place, " ")
		if met.System == system && strings.HasSuffix(met.Route, end) {
			return true
		}
	}
	return false
}
