package campaign

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// Year is a run of nights in which a pipeline plans and applies a rotating credential, while somebody uses its secret.
type Year struct {
	// Lifecycle is that of a rotating credential.
	Lifecycle Lifecycle
	// Nights is how many there are.
	Nights int
	// RotateAfter and Overlap are the credential's periods, in days.
	RotateAfter, Overlap int
	// PickUp is how many nights the consumer keeps a secret before it reads the state again: less than the overlap.
	PickUp int
	// FaultEvery and DriftEvery are how many nights lie between two faults, and between two changes by somebody else, on
	// average; 0 for none.
	FaultEvery, DriftEvery int
	// Seed makes the chances of a run repeatable.
	Seed uint64
	// Runner makes what plans and applies; nil takes an [Engine].
	Runner func(env map[string]string, now func() time.Time) Runner
}

// Summary counts what happened in the nights of a [Year].
type Summary struct {
	Nights, Rotations, Retirements, Drifts int
	// Faults is how many exchanges were broken, and Outlasted on how many nights that failed the run.
	Faults, Outlasted int
	// Planned counts the nights by the exit code that their plan has with -detailed-exitcode.
	Planned [3]int
	// Logins and Refusals are the consumer's.
	Logins, Refusals int
}

// String is a line of a report.
func (s Summary) String() string {
	return fmt.Sprintf("%d nights (exit codes: %d x 0, %d x 1, %d x 2), %d rotations, %d retirements, %d drifts, %d faults of which %d outlasted the retries, %d logins, refusals = %d",
		s.Nights, s.Planned[0], s.Planned[1], s.Planned[2], s.Rotations, s.Retirements, s.Drifts, s.Faults, s.Outlasted, s.Logins, s.Refusals)
}

const night = 24 * time.Hour

// year is one that is under way.
type year struct {
	Year
	*play
	chance  *rand.Rand
	cells   []Cell
	blocks  []Block
	pair    Pair
	summary Summary
	// renamed tells that somebody has changed the account, and ended which previous credential somebody has deleted.
	renamed bool
	ended   string
}

// Run lives through the nights, and returns what happened and what was not in order.
func (y Year) Run(t testing.TB) (summary Summary, problems []string) {
	t.Helper()
	var cells []Cell
	if y.FaultEvery > 0 {
		cells = slices.DeleteFunc(Derive(t, y.Lifecycle), func(cell Cell) bool { return cell.Fault.late() })
	}
	run := &year{
		Year: y, play: begin(t, y.Lifecycle, y.Runner), cells: cells,
		chance: rand.New(rand.NewPCG(y.Seed, 0)), //nolint:gosec // Chances, not secrets.
	}
	run.blocks = slices.Clone(run.steps[0].Blocks)
	leaf := &run.blocks[len(run.blocks)-1]
	*leaf = leaf.With("rotate_after", fmt.Sprintf("%dd", y.RotateAfter)).With("overlap", fmt.Sprintf("%dd", y.Overlap))
	run.clock(0)
	run.runner.Configure(map[string]any{"max_retries": 2})
	if err := run.runner.Apply(run.context(), run.blocks, nil); err != nil {
		t.Fatalf("the first apply: %s", run.listener.Masked(err.Error()))
	}
	for n := range y.Nights {
		run.clock(n + 1)
		run.live(n)
	}
	run.clean()
	for _, problem := range run.problems {
		problems = append(problems, run.listener.Masked(problem))
	}
	return run.summary, problems
}

// clock sets the hour of a night. The last one is now: what was made long before is so by every clock.
func (y *year) clock(n int) {
	y.t.Helper()
	y.box.MoveClock(y.t, time.Duration(n-y.Nights-1)*night)
}

// live is one night: somebody may change something, the secret is used, the pipeline plans and applies under a fault, and
// the secret is used again.
func (y *year) live(n int) {
	y.t.Helper()
	y.summary.Nights++
	known := len(y.problems)
	if n%y.PickUp == 0 {
		y.pair = Pairs(leafLabel, y.runner.Objects())[0]
	}
	if y.DriftEvery > 0 && y.chance.IntN(y.DriftEvery) == 0 {
		y.drift()
	}
	y.use()
	before := y.holding()
	due := before.due(y.now(), y.Year)
	fault, armed := y.strike()

	changes, planErr := y.runner.Changes(y.context(), y.blocks)
	code := exitCode(changes, planErr)
	y.summary.Planned[code]++
	applyErr := y.runner.Apply(y.context(), y.blocks, nil)
	if applyErr == nil {
		y.renamed = false
	}
	struck := armed && y.strikes(fault) > 0
	if struck {
		y.summary.Faults++
	}
	y.box.Mend(y.t)
	y.await()
	switch failed := planErr != nil || applyErr != nil; {
	case failed && !struck:
		y.problemf("it fails without a fault: plan: %v; apply: %v", planErr, applyErr)
	case failed:
		y.summary.Outlasted++
	}
	if want := due != "" || before.renamed || before.stray; code != 1 && want != (code == 2) {
		y.problemf("the plan has exit code %d and changes %q, with due: %q, renamed: %t, a key to revoke: %t", code, changes, due, before.renamed, before.stray)
	}
	y.count(before, applyErr)
	y.use()
	for i := range y.problems[known:] {
		y.problems[known+i] = fmt.Sprintf("night %d, fault %q: %s", n, fault.Name, y.problems[known+i])
	}
}

// exitCode is that of a plan with -detailed-exitcode. What a refresh finds, and nothing is to be done about, does not count.
func exitCode(changes []string, err error) int {
	isDrift := func(change string) bool {
		return strings.HasSuffix(change, ": drifted") || strings.HasSuffix(change, ": gone")
	}
	switch {
	case err != nil:
		return 1
	case slices.ContainsFunc(changes, func(change string) bool { return !isDrift(change) }):
		return 2
	}
	return 0
}

// use logs in with the secret that the consumer has.
func (y *year) use() {
	y.t.Helper()
	y.summary.Logins++
	if err := y.pair.Login(y.t.Context(), y.box.Env()); err != nil {
		y.summary.Refusals++
		y.problemf("the consumer is refused: %v", err)
	}
}

// strike arms a fault for some exchange of the night, by chance.
func (y *year) strike() (Fault, bool) {
	y.t.Helper()
	if y.FaultEvery == 0 || y.chance.IntN(y.FaultEvery) > 0 {
		return Fault{}, false
	}
	cell := y.cells[y.chance.IntN(len(y.cells))]
	fault := cell.Fault
	if fault.Then == 0 && !fault.Lasting && y.chance.IntN(3) == 0 {
		fault.Lasting = true
		fault.Name += fault.variant()
	}
	y.arm(cell.Exchange, fault)
	return fault, true
}

// holding is what the state holds of the credential, read without the provider.
type holding struct {
	current, previous string
	issued, retires   time.Time
	// renamed tells that somebody has changed the account, and stray that the system has a credential that the state has not.
	renamed, stray bool
}

func (y *year) holding() holding {
	y.t.Helper()
	now := holding{renamed: y.renamed, stray: len(y.strayKeys()) > 0}
	held := y.runner.Objects()[leafLabel].held()
	for i, one := range held {
		text := func(name string) string { value, _ := one[name].(string); return value }
		if i == 0 {
			now.current = text("id") + text("created")
			now.issued, _ = time.Parse(time.RFC3339, text("created"))
			continue
		}
		if text("id") == y.ended {
			continue
		}
		now.previous = text("id") + text("created")
		now.retires, _ = time.Parse(time.RFC3339, text("retires_at"))
	}
	return now
}

// due tells what the pipeline has to do on a night: by the hour, rotations by the minute.
func (h holding) due(now time.Time, y Year) string {
	hour := now.Truncate(time.Hour)
	over := h.previous != "" && !h.retires.After(hour)
	rotation := h.issued.Add(time.Duration(y.RotateAfter) * night).Truncate(time.Minute)
	switch {
	case !rotation.After(hour) && (over || h.previous == ""):
		return "rotation"
	case over:
		return "retirement"
	}
	return ""
}

// count compares what the state held before with what it holds now.
func (y *year) count(before holding, applyErr error) {
	y.t.Helper()
	after := y.holding()
	if after.current != before.current {
		y.summary.Rotations++
		// A rotation whose answer was lost began the overlap of ZenML's older value; the credential to use came a night later.
		left, overlap := after.retires.Sub(after.issued), time.Duration(y.Overlap)*night
		if left != overlap && (y.System != "zenml" || left > overlap) {
			y.problemf("the previous credential retires at %s, and the current one is of %s", after.retires, after.issued)
		}
	}
	if before.previous != "" && after.previous != before.previous {
		y.summary.Retirements++
	}
	if applyErr == nil {
		y.sameObjects()
	}
}

// strayKeys are the credentials that the system has and the state has not.
func (y *year) strayKeys() []string {
	y.t.Helper()
	leaf := y.runner.Objects()[leafLabel]
	system, nouns := collection(leaf.Type)
	var strays []string
	for _, object := range y.box.Objects(y.t, system, nouns) {
		if !slices.Contains(leaf.IDs(), object.ID) {
			strays = append(strays, object.ID)
		}
	}
	return strays
}

func (y *year) now() time.Time { return y.box.Now().UTC() }

// drift is somebody else, who ends the previous credential if nobody uses it any more, or else changes the account.
func (y *year) drift() {
	y.t.Helper()
	y.summary.Drifts++
	objects := y.runner.Objects()
	pairs := Pairs(leafLabel, objects)
	if len(pairs) == 2 && y.System != "zenml" && y.pair.Secret == pairs[0].Secret {
		y.end(objects[leafLabel])
		return
	}
	account := y.blocks[0]
	name := map[string]string{"zenml": "description", "dt": "display_name", "neowit": "name", "keycard": "description"}[y.System]
	changed := account.With(name, fmt.Sprintf("drift %d", y.summary.Nights))
	id := accountImport(y.System, objects[accountLabel].Values)
	other := NewEngine(y.box.Env(), y.box.Now)
	if err := other.Apply(y.context(), []Block{changed}, map[string]string{accountLabel: id}); err != nil {
		y.t.Fatalf("somebody else: %s", y.listener.Masked(err.Error()))
	}
	y.renamed = true
}

// end deletes the previous credential by hand: as an object of the plain type, which is imported for that.
func (y *year) end(leaf Object) {
	y.t.Helper()
	previous := leaf.held()[1]
	plain := Block{Type: strings.Replace(leaf.Type, "rotating_", "", 1), Label: leafLabel, Arguments: map[string]any{}}
	for _, parent := range []string{"service_account", "service_account_id", "organization_id", "name"} {
		if value, has := leaf.Values[parent]; has && y.blocks[len(y.blocks)-1].Arguments[parent] != nil {
			plain.Arguments[parent] = value
		}
	}
	values := maps.Clone(leaf.Values)
	values["current"] = previous
	other := NewEngine(y.box.Env(), y.box.Now)
	err := other.Apply(y.context(), []Block{plain}, map[string]string{leafLabel: y.ImportID(values)})
	if err == nil {
		err = other.Apply(y.context(), nil, nil)
	}
	if err != nil {
		y.t.Fatalf("somebody else: %s", y.listener.Masked(err.Error()))
	}
	y.ended, _ = previous["id"].(string)
}

// accountImport is the id that an account is imported by.
func accountImport(system string, account map[string]any) string {
	switch system {
	case "dt":
		return fmt.Sprint(account["name"])
	case "keycard":
		return fmt.Sprintf("organizations/%s/service-accounts/%s", account["organization_id"], account["id"])
	}
	return fmt.Sprint(account["id"])
}
