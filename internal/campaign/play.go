package campaign

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// play is a lifecycle that is under way in a sandbox of its own.
type play struct {
	Lifecycle
	t        testing.TB
	box      *acctest.Box
	listener *acctest.Listener
	runner   Runner
	steps    []Step
	// listening tells that the provider's log is kept.
	listening bool
	// minutes is how far the sandbox' clock is ahead.
	minutes  int
	problems []string
	// strays are objects that no state knows, and that the list allows.
	strays []string
	// allowed is the collection in which the list allows one such object; "" for none.
	allowed string
	// importID is that of the leaf as it was last in the state.
	importID string
}

// startMinutes is where the sandbox' clock starts: so early that what a lifecycle makes is old by the machine's clock, too.
const startMinutes = -180

// begin starts a sandbox. A nil runner makes an [Engine].
func begin(t testing.TB, lifecycle Lifecycle, runner func(env map[string]string, now func() time.Time) Runner) *play {
	t.Helper()
	if runner == nil {
		runner = func(env map[string]string, now func() time.Time) Runner { return NewEngine(env, now) }
	}
	box, listener := acctest.OverheardSandbox(t)
	env := box.Env()
	p := &play{Lifecycle: lifecycle, t: t, box: box, listener: listener, steps: lifecycle.Steps(env), runner: runner(env, box.Now), minutes: startMinutes}
	p.runner.Listen(listener.Told)
	p.later()
	return p
}

// context is that of every call of the provider.
func (p *play) context() context.Context {
	if p.listening {
		return p.listener.Logged(p.t.Context())
	}
	return p.t.Context()
}

// prepare does what precedes the first attempt of a step.
func (p *play) prepare(step Step) {
	if step.Later > 0 {
		p.minutes += int(step.Later / time.Minute)
		p.later()
	}
	if leaf, known := p.runner.Objects()[leafLabel]; step.Import && known {
		p.importID = p.ImportID(leaf.Values)
		p.runner.Forget(leafLabel)
	}
}

// apply is an attempt of a step. As in a configuration with an import block, what is in the state already is not imported.
func (p *play) apply(step Step) error {
	var imports map[string]string
	if step.Import {
		imports = map[string]string{leafLabel: p.importID}
	}
	return p.runner.Apply(p.context(), step.Blocks, imports)
}

// reach does the steps before one, which nothing disturbs. Their log is the same for all cells, and [Derive] has searched it.
func (p *play) reach(step int) {
	p.t.Helper()
	for _, earlier := range p.steps[:step] {
		p.prepare(earlier)
		if err := p.apply(earlier); err != nil {
			p.t.Fatalf("%s, undisturbed: %s", earlier.Name, p.listener.Masked(err.Error()))
		}
	}
	if step < len(p.steps) {
		p.prepare(p.steps[step])
	}
	p.later()
	p.box.ForgetRequests(p.t)
}

// later lets ten minutes pass for the systems: what was made by earlier applies must not look young, or like the lost one.
func (p *play) later() {
	p.t.Helper()
	p.await()
	p.minutes += 10
	p.box.MoveClock(p.t, time.Duration(p.minutes)*time.Minute)
}

// await returns when the systems have handled every request, also those for which nobody waits any more.
func (p *play) await() {
	p.t.Helper()
	over := time.After(2 * overdueDelay * time.Millisecond)
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for p.listener.Underway() > 0 {
		select {
		case <-tick.C:
		case <-over:
			p.t.Fatalf("%d requests are still not handled", p.listener.Underway())
		}
	}
}

// requests counts what is in the log, by exchange. None of these has a place among those of its route.
func (p *play) requests() map[Exchange]int {
	p.t.Helper()
	counts := map[Exchange]int{}
	for _, seen := range p.box.Requests(p.t) {
		counts[Exchange{System: seen.System, Method: seen.Method, Route: seen.Route, Token: seen.Token}] += seen.Count
	}
	return counts
}

// exchanges are what a step leaves in the log.
func (p *play) exchanges() []Exchange {
	p.t.Helper()
	var all []Exchange
	for met, count := range p.requests() {
		for met.Nth = 1; met.Nth <= count; met.Nth++ {
			all = append(all, met)
		}
	}
	slices.SortFunc(all, Exchange.compare)
	return all
}

// arm has the sandbox break an exchange.
func (p *play) arm(met Exchange, fault Fault) {
	p.t.Helper()
	arm := maps.Clone(fault.arm)
	arm["system"], arm["method"], arm["path"] = met.System, met.Method, met.Route
	arm["times"], arm["skip"] = fault.times(), met.Nth-1
	p.box.Fault(p.t, arm)
	if fault.Then == 0 {
		return
	}
	then := status(fault.Then, nil)
	then["system"], then["method"], then["path"], then["skip"] = met.System, met.Method, met.Route, met.Nth-1
	p.box.Fault(p.t, then)
}

// strikes tells how often an armed fault has met what it was armed for.
func (p *play) strikes(fault Fault) int {
	p.t.Helper()
	left := 0
	for _, armed := range p.armed() {
		left += armed.Times
	}
	return fault.times() - left
}

// hasStruck takes back what is left of a fault, and tells whether it has struck at all: only one that takes away what the answer
// does not have may not.
func (p *play) hasStruck(fault Fault) bool {
	p.t.Helper()
	strikes := p.strikes(fault)
	p.box.Mend(p.t)
	if strikes == 0 && fault.field == "" {
		p.problemf("the fault did not strike")
	}
	return strikes > 0
}

// armedFault is what the sandbox tells of a fault that is not used up.
type armedFault struct {
	Method, Path, Kind string
	Times              int
}

func (p *play) armed() []armedFault {
	p.t.Helper()
	request, err := http.NewRequestWithContext(p.t.Context(), http.MethodGet, p.box.URL+"/_sandbox/faults", http.NoBody)
	if err != nil {
		p.t.Fatal(err)
	}
	response, err := (&http.Client{Timeout: time.Minute}).Do(request)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var armed []armedFault
	if err := json.NewDecoder(response.Body).Decode(&armed); err != nil {
		p.t.Fatal(err)
	}
	return armed
}

// disturb is an attempt under a fault. The provider waits for an answer that comes too late only as long as it must: a
// busy machine would else make faults of its own.
func (p *play) disturb(step Step, fault Fault) error {
	if fault.late() {
		p.runner.Configure(map[string]any{"request_timeout": requestTimeout})
		defer p.runner.Configure(nil)
	}
	return p.apply(step)
}
