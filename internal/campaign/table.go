package campaign

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
)

// Table collects the outcomes of cells. It is safe for concurrent use.
type Table struct {
	mu   sync.Mutex
	rows map[row]map[string]Outcome
	// broken are the routes of cells, and called those of all requests. None has a place.
	broken, called map[Exchange]bool
	// listed are the cells that ended as [OnList], and held counts those of the list that held all the same.
	listed []string
	held   int
	// logged and told are how many bytes were searched for secrets.
	logged, told int
}

// row is an exchange of a step.
type row struct {
	system, noun string
	step         int
	stepName     string
	exchange     Exchange
	variant      string // of the faults; see [Fault.variant]
}

func (c Cell) row() row {
	return row{c.Lifecycle.System, c.Lifecycle.Noun, c.Step, c.StepName, c.Exchange, c.Fault.variant()}
}

// Expect notes cells that are to be played. One that ends without a verdict is a bad one.
func (t *Table) Expect(cells []Cell) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.rows == nil {
		t.rows, t.broken, t.called = map[row]map[string]Outcome{}, map[Exchange]bool{}, map[Exchange]bool{}
	}
	for _, cell := range cells {
		at := cell.row()
		if t.rows[at] == nil {
			t.rows[at] = map[string]Outcome{}
		}
		t.rows[at][cell.Fault.Name] = Bad
		at.exchange.Nth = 0
		t.broken[at.exchange] = true
	}
}

// Add notes the verdict on a cell that was expected.
func (t *Table) Add(cell Cell, verdict Verdict) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rows[cell.row()][cell.Fault.Name] = verdict.Outcome
	for _, request := range verdict.Requests {
		t.called[request] = true
	}
	t.logged += verdict.Logged
	t.told += verdict.Told
	_, reason := Listed(cell)
	switch {
	case verdict.Outcome == OnList:
		t.listed = append(t.listed, fmt.Sprintf("%s\n    %s: %s", cell, reason, strings.Join(verdict.Problems, "; ")))
	case verdict.Outcome != Bad && reason != "":
		t.held++
	}
}

// Unbroken lists the routes that were called and have no cell.
func (t *Table) Unbroken() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var routes []string
	for called := range t.called {
		if !t.broken[called] {
			routes = append(routes, fmt.Sprintf("%s %s %s", called.System, called.Method, called.Route))
		}
	}
	slices.Sort(routes)
	return routes
}

// counts tells how many cells ended in which way. Those that are none are left out.
func (t *Table) counts() (byOutcome map[Outcome]int, total int) {
	byOutcome = map[Outcome]int{}
	for _, outcomes := range t.rows {
		for _, outcome := range outcomes {
			if outcome != NoSuch {
				byOutcome[outcome]++
				total++
			}
		}
	}
	return byOutcome, total
}

// columns are the faults that have one.
var columns = append(slices.Clone(faults), overdue)

// Write prints a line for each exchange of each step, with a letter for each fault, and a summary.
func (t *Table) Write(w io.Writer) error {
	unbroken := t.Unbroken()
	t.mu.Lock()
	defer t.mu.Unlock()
	var text strings.Builder
	fmt.Fprintf(&text, "%s\n\nColumns:\n", legend)
	for i, fault := range columns {
		fmt.Fprintf(&text, "  %2d %s\n", i+1, fault.Name)
	}
	fmt.Fprintf(&text, "  then, by name, the fields without which the reply came\n")
	rows := make([]row, 0, len(t.rows))
	for at := range t.rows {
		rows = append(rows, at)
	}
	slices.SortFunc(rows, func(a, b row) int {
		return cmp.Or(cmp.Compare(a.system, b.system), cmp.Compare(a.noun, b.noun), cmp.Compare(a.step, b.step),
			a.exchange.compare(b.exchange), strings.Compare(a.variant, b.variant))
	})
	var heading, last string
	for _, at := range rows {
		if heading = at.system + " " + at.noun; heading != last {
			fmt.Fprintf(&text, "\n%s\n", heading)
			for i := range columns {
				fmt.Fprintf(&text, "%3d", i+1)
			}
			text.WriteString("\n")
			last = heading
		}
		text.WriteString(at.line(t.rows[at]))
	}
	t.summarize(&text, unbroken)
	_, err := io.WriteString(w, text.String())
	return err
}

func (t *Table) summarize(text *strings.Builder, unbroken []string) {
	slices.Sort(t.listed)
	fmt.Fprintf(text, "\nListed, see listed.go: %d; on the list, and held all the same: %d\n", len(t.listed), t.held)
	for _, cell := range t.listed {
		fmt.Fprintf(text, "  %s\n", cell)
	}
	fmt.Fprintf(text, "\nCalled, and without a cell: %d routes\n", len(unbroken))
	for _, route := range unbroken {
		fmt.Fprintf(text, "  %s\n", route)
	}
	fmt.Fprintf(text, "\nSearched for secrets: %d kB of logs, %d kB of diagnostics\n", t.logged/1000, t.told/1000)
	counts, total := t.counts()
	fmt.Fprintf(text, "\n%d cells: %d ok, %d mended, %d named, %d listed, %d BAD\n",
		total, counts[Unharmed], counts[Mended], counts[Named], counts[OnList], counts[Bad])
}

const legend = `Each exchange of each step of a lifecycle, under each fault:

  o  the step succeeded all the same
  m  the step failed, and the next apply mended it
  n  an ephemeral resource failed and left an object, which its error names; all else holds
  l  listed: one object is left that no state knows, which cannot be otherwise; all else holds
  X  BAD

In a line "then" a status, that answers every repeat of what was lost. After each of them: an empty plan, in the systems what the state knows and nothing else, secrets that log in, errors
with a next step, no secret in any log or diagnostic, and a destroy that leaves nothing.

An ephemeral resource is opened, closed, and closed again when it is gone; "mended" is one that fails and leaves nothing, so that the next
run works. What somebody else has made beside it stays, and no error points at it. A list is told whole, or with an error; "mended" is one that
fails, and is whole when it is asked for again. To ask for it changes nothing.`

var letters = map[Outcome]string{Unharmed: "o", Mended: "m", Named: "n", OnList: "l", Bad: "X"}

func (r row) line(outcomes map[string]Outcome) string {
	var text strings.Builder
	for _, fault := range columns {
		fmt.Fprintf(&text, "%3s", cmp.Or(letters[outcomes[fault.Name+r.variant]], "."))
	}
	fmt.Fprintf(&text, "  %-8s %-6s %s", r.stepName, r.exchange.Method, r.exchange.Route)
	if r.exchange.Nth > 1 {
		fmt.Fprintf(&text, " #%d", r.exchange.Nth)
	}
	text.WriteString(r.variant)
	var lacking []string
	for name, outcome := range outcomes {
		if field, ok := strings.CutPrefix(strings.TrimSuffix(name, r.variant), "no "); ok && letters[outcome] != "" {
			lacking = append(lacking, field+" "+letters[outcome])
		}
	}
	slices.Sort(lacking)
	if len(lacking) > 0 {
		fmt.Fprintf(&text, " (%s)", strings.Join(lacking, ", "))
	}
	return text.String() + "\n"
}

func (e Exchange) compare(other Exchange) int {
	return cmp.Or(cmp.Compare(e.Route, other.Route), cmp.Compare(e.Method, other.Method), cmp.Compare(e.Nth, other.Nth))
}
