package campaign

import (
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
	// overdue tells that the effect comes when nobody looks for it any more.
	overdue bool
}

// lastingSuffix tells in a fault's name that it lasts.
const lastingSuffix = ", lasting"

// lastingTimes is how many exchanges a lasting fault breaks: more than there are.
const lastingTimes = 1000

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

func status(code int, more map[string]any) map[string]any {
	arm := map[string]any{"kind": "status", "status": code}
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
	{Name: "empty", arm: kind("empty")},
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

// faultsOf lists the faults of an exchange.
func faultsOf(met Exchange, step string) []Fault {
	all := slices.Clone(faults)
	place := met.Method
	if met.Token {
		place = "token"
	}
	for _, field := range fields[met.System][place] {
		all = append(all, Fault{Name: "no " + field, arm: map[string]any{"kind": "lacking", "field": field}, field: field})
	}
	// A creation is the one call whose loss leaves something behind, so there it lasts as well.
	if met.Method == http.MethodPost && !met.Token && step == "create" {
		all = append(all, overdue)
		for _, fault := range all[:len(all)-1] {
			fault.Lasting, fault.Name = true, fault.Name+lastingSuffix
			all = append(all, fault)
		}
	}
	return all
}
