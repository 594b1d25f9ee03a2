package campaign

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
)

// Fault is one way to break an exchange.
type Fault struct {
	Name string
	// Lasting tells that every exchange of the route is broken until the next apply, not only one.
	Lasting bool
	// arm is what the sandbox is told, but for which exchange it is.
	arm map[string]any
	// field is what kind lacking takes away. Only if the answer has it, there is a cell.
	field string
	// Then is the status that answers every later attempt; 0 for none.
	Then int
	// overdue tells that the effect comes when nobody looks for it any more.
	overdue bool
}

// variant is what ends the name of a fault that does more than break one exchange.
func (f Fault) variant() string {
	switch {
	case f.Lasting:
		return ", lasting"
	case f.Then != 0:
		return fmt.Sprintf(", then %d", f.Then)
	}
	return ""
}

// lastingTimes is how many exchanges a lasting fault breaks: more than there are.
const lastingTimes = 1000

// Kind is the sandbox' word for what is done.
func (f Fault) Kind() string { kind, _ := f.arm["kind"].(string); return kind }

func (f Fault) times() int {
	if f.Lasting {
		return lastingTimes
	}
	return 1
}

// late tells that the exchange outlasts the time-out.
func (f Fault) late() bool { return f.arm["delay_ms"] != nil }

// The time-out of faults that are late, and the milliseconds after which they answer.
const (
	requestTimeout    = "5s"
	longerThanTimeout = 6000
	overdueDelay      = 15000
)

// status is an answer that repeats what was sent, for the provider to tell without its secrets.
func status(code int, more map[string]any) map[string]any {
	arm := map[string]any{"kind": "status", "status": code, "echo": true}
	maps.Copy(arm, more)
	return arm
}

func kind(name string) map[string]any { return map[string]any{"kind": name} }

// faults are those of every exchange.
var faults = []Fault{
	{Name: "refused", arm: kind("refuse")},
	{Name: "cut before", arm: kind("cut_before")},
	{Name: "cut after", arm: kind("cut_after")},
	{Name: "cut in reply", arm: kind("cut_middle")},
	{Name: "late effect", arm: map[string]any{"kind": "delay", "delay_ms": longerThanTimeout}},
	{Name: "late reply", arm: map[string]any{"kind": "stall", "delay_ms": longerThanTimeout}},
	{Name: "429 in 1 s", arm: status(http.StatusTooManyRequests, map[string]any{"retry_after": 1})},
	{Name: "429", arm: status(http.StatusTooManyRequests, nil)},
	{Name: "500", arm: status(http.StatusInternalServerError, nil)},
	{Name: "502 page", arm: status(http.StatusBadGateway, map[string]any{"page": true})},
	{Name: "503", arm: status(http.StatusServiceUnavailable, nil)},
	{Name: "401", arm: status(http.StatusUnauthorized, nil)},
	{Name: "403", arm: status(http.StatusForbidden, nil)},
	{Name: "malformed", arm: kind("malformed")},
	{Name: "200 page", arm: kind("html")},
	{Name: "half", arm: kind("truncated")},
	{Name: "empty", arm: kind("empty")},
}

// losses are how a creation is lost before a refusal of its repeats.
var losses = []string{"cut after", "late effect", "late reply", "500"}

// refusals are answers to the repeats of a creation that was lost. None tells what became of the first.
var refusals = []int{http.StatusTooManyRequests, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict}

// pairs are losses, each followed by a refusal. ZenML answers a repeat of ours with what we have made: a conflict there is
// with what others have made, so that it is no fault.
func pairs(system string) []Fault {
	var all []Fault
	for _, loss := range faults {
		if !slices.Contains(losses, loss.Name) {
			continue
		}
		for _, refusal := range refusals {
			if system == "zenml" && refusal == http.StatusConflict {
				continue
			}
			pair := loss
			pair.Then = refusal
			pair.Name += pair.variant()
			all = append(all, pair)
		}
	}
	return all
}

// overdue is for creations alone: whatever else comes too late is seen by the next plan.
var overdue = Fault{Name: "overdue", arm: map[string]any{"kind": "delay", "delay_ms": overdueDelay}, overdue: true}

// fields are what matters in the answers of a system, by its own words: what names an object, what logs in, and lists.
var fields = map[string]map[string][]string{
	"zenml": {
		"token": {"access_token"}, http.MethodPost: {"id", "key"}, http.MethodGet: {"id", "body", "items"}, http.MethodPut: {"id"},
	},
	"dt": {
		"token": {"access_token"}, http.MethodPost: {"name", "secret", "email"}, http.MethodGet: {"name"}, http.MethodPatch: {"name"},
	},
	"neowit": {
		"token": {"access_token"}, http.MethodPost: {"id", "secret"}, http.MethodGet: {"id", "keys"}, http.MethodPatch: {"id"},
	},
	"keycard": {
		"token": {"access_token"}, http.MethodPost: {"id", "client_id", "client_secret"}, http.MethodGet: {"id", "items", "client_id"},
		http.MethodPatch: {"id"},
	},
}

// leads are what leads to the next page of a list, where a system always tells it.
var leads = map[string][]string{"zenml": {"total_pages"}}

// mayLack are fields that a system leaves out where there is nothing, so that a list is whole without them.
var mayLack = map[string][]string{"neowit": {"keys"}}

// faultsOf lists the faults of an exchange.
func faultsOf(met Exchange, step string) []Fault {
	all := slices.Clone(faults)
	place := met.Method
	if met.Token {
		place = "token"
	}
	lacking := fields[met.System][place]
	if step == listing && !met.Token {
		lacking = slices.DeleteFunc(slices.Concat(lacking, leads[met.System]), func(field string) bool {
			return slices.Contains(mayLack[met.System], field)
		})
	}
	for _, field := range lacking {
		all = append(all, Fault{Name: "no " + field, arm: map[string]any{"kind": "lacking", "field": field}, field: field})
	}
	// A creation is the one call whose loss leaves something behind, so there it lasts as well.
	if met.Method == http.MethodPost && !met.Token && (step == "create" || step == opening) {
		all = append(all, overdue)
		for _, fault := range all[:len(all)-1] {
			fault.Lasting = true
			fault.Name += fault.variant()
			all = append(all, fault)
		}
		all = append(all, pairs(met.System)...)
	}
	return all
}
