package campaign

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

// Exchange is one request and its answer, told from the others of its route by when it comes.
type Exchange struct {
	System, Method, Route string
	Token                 bool
	// Nth counts the requests of this route within the step, from 1. It is 0 for all of them.
	Nth int
}

// Cell is one exchange of a step of a lifecycle, broken in one way.
type Cell struct {
	Lifecycle Lifecycle
	Step      int
	StepName  string
	Exchange  Exchange
	Fault     Fault
	// play is how a cell is played that is of no resource; nil for the others.
	play func(testing.TB, Cell, func(env map[string]string, now func() time.Time) Runner) Verdict
}

// String names the cell.
func (c Cell) String() string {
	return fmt.Sprintf("%s %s: %s: %s %s #%d: %s", c.Lifecycle.System, c.Lifecycle.Noun, c.StepName,
		c.Exchange.Method, c.Exchange.Route, c.Exchange.Nth, c.Fault.Name)
}

// Derive plays each step of a lifecycle without a fault, and returns the cells of what it finds in the log.
func Derive(t testing.TB, lifecycle Lifecycle) []Cell {
	t.Helper()
	var cells []Cell
	p := begin(t, lifecycle, nil)
	p.listening = true
	for i, step := range p.steps {
		p.prepare(step)
		p.later()
		p.box.ForgetRequests(t)
		if err := p.apply(step); err != nil {
			t.Fatalf("%s, undisturbed: %s", step.Name, p.listener.Masked(err.Error()))
		}
		exchanges := p.exchanges()
		p.settled(step)
		p.discreet()
		if len(p.problems) > 0 {
			t.Fatalf("%s, undisturbed: %s", step.Name, p.listener.Masked(strings.Join(p.problems, "\n")))
		}
		cells = append(cells, cellsOf(t, Cell{Lifecycle: lifecycle, Step: i, StepName: step.Name}, exchanges)...)
	}
	return cells
}

// cellsOf are the cells of the exchanges of a step. What they have in common has the first.
func cellsOf(t testing.TB, of Cell, exchanges []Exchange) []Cell {
	t.Helper()
	var cells []Cell
	for _, met := range exchanges {
		if !strings.HasPrefix(met.Route, "/") {
			t.Errorf("%s: a request to a route that the sandbox does not know has no cell", of.StepName)
		}
		for _, fault := range faultsOf(met, of.StepName) {
			if fault.Lasting && met.Nth > 1 {
				continue // it has struck the first already
			}
			of.Exchange, of.Fault = met, fault
			cells = append(cells, of)
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
	// Named is a step of an ephemeral resource that failed and left an object in a system, which its error names.
	Named Outcome = "named"
	// NoSuch is a fault that takes away what the answer does not have.
	NoSuch Outcome = "-"
	// OnList is a cell of which nothing is wrong but what the list allows; see [Listed].
	OnList Outcome = "listed"
	// Bad is every other cell.
	Bad Outcome = "BAD"
)

// Verdict is what is to be told of a cell that was played.
type Verdict struct {
	Outcome Outcome
	// Problems are what is not in order.
	Problems []string
	// Requests are what the provider sent from the fault on, repairs included. None has a place among those of its route.
	Requests []Exchange
	// Logged and Told are how many bytes were searched for secrets.
	Logged, Told int
}

// Run plays a cell with an [Engine], or what else runner makes.
func (c Cell) Run(t testing.TB, runner func(env map[string]string, now func() time.Time) Runner) Verdict {
	t.Helper()
	if c.play != nil {
		return c.play(t, c, runner)
	}
	p := begin(t, c.Lifecycle, runner)
	p.reach(c.Step)
	step := p.steps[c.Step]
	p.allowed, _ = Listed(c)
	p.arm(c.Exchange, c.Fault)
	p.listening = true
	disturbed := p.disturb(step, c.Fault)
	if !p.hasStruck(c.Fault) {
		return p.verdict(NoSuch, disturbed)
	}
	outcome := Unharmed
	if disturbed != nil {
		outcome = Mended
		p.instructive(disturbed)
	}
	p.later()
	if err := p.apply(step); err != nil {
		p.problemf("the next apply fails: %v", err)
	} else {
		p.settled(step)
	}
	p.clean()
	return p.verdict(outcome, disturbed)
}

// verdict is the outcome of a cell if all is in order.
func (p *play) verdict(outcome Outcome, disturbed error) Verdict {
	p.t.Helper()
	if late := p.listener.Underway(); late > 0 && outcome != NoSuch {
		p.problemf("%d requests have no effect yet, so that nothing is known of it", late)
	}
	p.discreet()
	switch {
	case len(p.problems) > 0:
		outcome = Bad
		p.problemf("the disturbed apply ended with: %v", disturbed)
	case len(p.strays) > 0:
		outcome = OnList
	}
	verdict := Verdict{Outcome: outcome, Problems: slices.Compact(p.strays), Requests: slices.Collect(maps.Keys(p.requests()))}
	for _, problem := range p.problems {
		verdict.Problems = append(verdict.Problems, p.listener.Masked(problem))
	}
	verdict.Logged, verdict.Told = p.listener.Heard()
	return verdict
}
