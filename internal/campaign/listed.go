package campaign

import (
	"net/http"
	"strings"
)

// Listed tells why a cell cannot hold by nature; "" for all others. What stands here is a gap that users have to know of.
func Listed(c Cell) string {
	switch {
	case c.Fault.overdue && doubles(c.Exchange):
		return "The system carries the creation out after the last look for it, and takes it and the repeated one for two: nothing tells that they are the same."
	case c.Fault.field == "keys" && c.Lifecycle.Type() == "machineid_neowit_service_account_key" && c.Exchange.Method == http.MethodGet && c.Exchange.Nth > 1:
		return "Neowit may leave out the keys of an account that has none, so an answer without them says that the key is gone."
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
