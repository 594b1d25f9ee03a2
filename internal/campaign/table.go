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
}

// row is an exchange of a step.
type row struct {
	system, noun string
	step         int
	stepName     string
	exchange     Exchange
	lasting      bool
}

// Add notes how a cell ended.
func (t *Table) Add(c Cell, outcome Outcome) {
	t.mu.Lock()
	defer t.mu.Unlock()
	at := row{c.Lifecycle.System, c.Lifecycle.Noun, c.Step, c.StepName, c.Exchange, c.Fault.Lasting}
	if t.rows == nil {
		t.rows = map[row]map[string]Outcome{}
	}
	if t.rows[at] == nil {
		t.rows[at] = map[string]Outcome{}
	}
	t.rows[at][c.Fault.Name] = outcome
}

// columns are the faults that have one.
var columns = append(slices.Clone(faults), overdue)

// Counts tells how many cells ended in which way. Those that are none are left out.
func (t *Table) Counts() map[Outcome]int {
	t.mu.Lock()
	defer t.mu.Unlock()
	counts := map[Outcome]int{}
	for _, outcomes := range t.rows {
		for _, outcome := range outcomes {
			if outcome != NoSuch {
				counts[outcome]++
			}
		}
	}
	return counts
}

// Write prints a line for each exchange of each step, with a letter for each fault.
func (t *Table) Write(w io.Writer) error {
	counts := t.Counts()
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
			a.exchange.compare(b.exchange), strings.Compare(fmt.Sprint(a.lasting), fmt.Sprint(b.lasting)))
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
	total := 0
	for _, count := range counts {
		total += count
	}
	fmt.Fprintf(&text, "\n%d cells: %d ok, %d mended, %d listed, %d BAD\n", total, counts[Unharmed], counts[Mended], counts[OnList], counts[Bad])
	_, err := io.WriteString(w, text.String())
	return err
}

const legend = `Each exchange of each step of a lifecycle, under each fault:

  o  the step succeeded all the same
  m  the step failed, and the next apply mended it
  l  listed: cannot hold by nature, see listed.go
  X  BAD

After each of them: an empty plan, in the systems what the state knows and nothing else, secrets that log in, errors
without secrets and with a next step, and a destroy that leaves nothing.`

var letters = map[Outcome]string{Unharmed: "o", Mended: "m", OnList: "l", Bad: "X"}

func (r row) line(outcomes map[string]Outcome) string {
	var text strings.Builder
	suffix := ""
	if r.lasting {
		suffix = lastingSuffix
	}
	for _, fault := range columns {
		fmt.Fprintf(&text, "%3s", cmp.Or(letters[outcomes[fault.Name+suffix]], "."))
	}
	fmt.Fprintf(&text, "  %-8s %-6s %s", r.stepName, r.exchange.Method, r.exchange.Route)
	if r.exchange.Nth > 1 {
		fmt.Fprintf(&text, " #%d", r.exchange.Nth)
	}
	text.WriteString(suffix)
	var lacking []string
	for name, outcome := range outcomes {
		if field, ok := strings.CutPrefix(strings.TrimSuffix(name, suffix), "no "); ok && letters[outcome] != "" {
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
