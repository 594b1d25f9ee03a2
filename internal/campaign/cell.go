package campaign

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// Exchange is one request and its answer, told from the others of its route by when it comes.
type Exchange struct {
	System, Method, Route string
	Token                 bool
	// Nth counts the requests of this route within the step, from 1.
	Nth int
}

// Cell is one exchange of a step of a lifecycle, broken in one way.
type Cell struct {
	Lifecycle Lifecycle
	Step      int
	StepName  string
	Exchange  Exchange
	Fault     Fault
}

// String names the cell.
func (c Cell) String() string {
	return fmt.Sprintf("%s %s: %s: %s %s #%d: %s", c.Lifecycle.System, c.Lifecycle.Noun, c.StepName,
		c.Exchange.Method, c.Exchange.Route, c.Exchange.Nth, c.Fault.Name)
}

// play is a lifecycle that is under way in a sandbox of its own.
type play struct {
	Lifecycle
	t      testing.TB
	box    *acctest.Box
	runner Runner
	steps  []Step
	// minutes is how far the sandbox' clock is ahead.
	minutes  int
	problems []string
	// importID is that of the leaf as it was last in the state.
	importID string
}

// startMinutes is where the sandbox' clock starts: so early that what a lifecycle makes is old by the machine's clock, too.
const startMinutes = -180

// begin starts a sandbox. A nil runner makes an [Engine].
func begin(t testing.TB, lifecycle Lifecycle, runner func(env map[string]string) Runner) *play {
	t.Helper()
	if runner == nil {
		runner = func(env map[string]string) Runner { return NewEngine(env) }
	}
	box := acctest.Sandbox(t)
	env := box.Env()
	p := &play{Lifecycle: lifecycle, t: t, box: box, steps: lifecycle.Steps(env), runner: runner(env), minutes: startMinutes}
	p.later()
	return p
}

// prepare does what precedes the first attempt of a step.
func (p *play) prepare(step Step) {
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
	return p.runner.Apply(p.t.Context(), step.Blocks, imports)
}

// reach does the steps before one, which nothing disturbs.
func (p *play) reach(step int) {
	p.t.Helper()
	for _, earlier := range p.steps[:step] {
		p.prepare(earlier)
		if err := p.apply(earlier); err != nil {
			p.t.Fatalf("%s, undisturbed: %v", earlier.Name, err)
		}
	}
	p.prepare(p.steps[step])
	p.later()
	p.box.ForgetRequests(p.t)
}

// later lets ten minutes pass for the systems: what was made by earlier applies must not look young, or like the lost one.
func (p *play) later() {
	p.t.Helper()
	p.minutes += 10
	p.box.Set(p.t, "clock", map[string]string{"offset": fmt.Sprintf("%dm", p.minutes)})
}

// exchanges are what a step leaves in the log.
func (p *play) exchanges() []Exchange {
	p.t.Helper()
	counts := map[Exchange]int{}
	for _, seen := range p.box.Requests(p.t) {
		counts[Exchange{System: seen.System, Method: seen.Method, Route: seen.Route, Token: seen.Token}] += seen.Count
	}
	var all []Exchange
	for met, count := range counts {
		for met.Nth = 1; met.Nth <= count; met.Nth++ {
			all = append(all, met)
		}
	}
	slices.SortFunc(all, Exchange.compare)
	return all
}

// Derive plays each step of a lifecycle without a fault, and returns the cells of what it finds in the log.
func Derive(t testing.TB, lifecycle Lifecycle) []Cell {
	t.Helper()
	var cells []Cell
	p := begin(t, lifecycle, nil)
	for i, step := range p.steps {
		p.prepare(step)
		p.later()
		p.box.ForgetRequests(t)
		if err := p.apply(step); err != nil {
			t.Fatalf("%s, undisturbed: %v", step.Name, err)
		}
		exchanges := p.exchanges()
		p.settled(step)
		if len(p.problems) > 0 {
			t.Fatalf("%s, undisturbed: %s", step.Name, strings.Join(p.problems, "\n"))
		}
		for _, met := range exchanges {
			if !strings.HasPrefix(met.Route, "/") {
				t.Errorf("%s: a request to a route that the sandbox does not know has no cell", step.Name)
			}
			for _, fault := range faultsOf(met, step.Name) {
				if fault.Lasting && met.Nth > 1 {
					continue // it has struck the first already
				}
				cells = append(cells, Cell{Lifecycle: lifecycle, Step: i, StepName: step.Name, Exchange: met, Fault: fault})
			}
		}
	}
	return cells
}

// Outcome is how a cell ended.
type Outcome string

// The outcomes of cells.
const (
	// Unharmed is a step that succeeded all the same.
	Unharmed Outcome = "ok"
	// Mended is a step that failed, and was brought to order by the next apply.
	Mended Outcome = "mended"
	// NoSuch is a fault that takes away what the answer does not have.
	NoSuch Outcome = "-"
	// OnList is a cell that cannot hold by nature; see [Listed].
	OnList Outcome = "listed"
	// Bad is every other cell.
	Bad Outcome = "BAD"
)

// Run plays a cell with an [Engine], or what else runner makes, and tells what is not in order afterwards.
func (c Cell) Run(t testing.TB, runner func(env map[string]string) Runner) (Outcome, []string) {
	t.Helper()
	p := begin(t, c.Lifecycle, runner)
	p.reach(c.Step)
	step := p.steps[c.Step]
	p.arm(c)
	disturbed := p.disturb(step, c.Fault)
	if !p.struck(c) {
		if c.Fault.field != "" {
			return NoSuch, nil
		}
		t.Fatalf("the fault did not strike; the step ended with: %v", disturbed)
	}
	p.box.Mend(t)
	outcome := Unharmed
	if disturbed != nil {
		outcome = Mended
		p.told(disturbed)
	}
	p.await(c.Fault)
	p.later()
	if err := p.apply(step); err != nil {
		p.problemf("the next apply fails: %v", err)
	} else {
		p.settled(step)
	}
	p.clean()
	switch {
	case len(p.problems) == 0:
		return outcome, nil
	case Listed(c) != "":
		return OnList, p.problems
	}
	return Bad, append(p.problems, fmt.Sprintf("the disturbed apply ended with: %v", disturbed))
}

// await returns when the system has handled what came too late. It is in the log once that is done; if the apply took so
// long that it is there already, the wait ends with the delay.
func (p *play) await(fault Fault) {
	p.t.Helper()
	before := len(p.exchanges())
	over := time.After(2 * overdueDelay * time.Millisecond)
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for fault.overdue && len(p.exchanges()) == before {
		select {
		case <-tick.C:
		case <-over:
			return
		}
	}
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

func (p *play) arm(c Cell) {
	p.t.Helper()
	fault := maps.Clone(c.Fault.arm)
	fault["system"], fault["method"], fault["path"] = c.Exchange.System, c.Exchange.Method, c.Exchange.Route
	fault["times"], fault["skip"] = c.Fault.times(), c.Exchange.Nth-1
	p.box.Fault(p.t, fault)
}
