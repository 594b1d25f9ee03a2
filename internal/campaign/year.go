package campaign

import (
	"fmt"
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
	// FaultEvery and DriftEvery are how many nights lie between two faults while nothing is due, and between two changes by
	// somebody else, on average; 0 for none, of faults also while something is due.
	FaultEvery, DriftEvery int
	// SavedEvery and OffEvery are how many nights lie between two whose plan is saved and applied an hour later, and between two
	// outages of the pipeline, on average; 0 for none.
	SavedEvery, OffEvery int
	// Seed makes the chances of a run repeatable.
	Seed uint64
	// Runner makes what plans and applies; nil takes an [Engine].
	Runner func(env map[string]string, now func() time.Time) Runner
}

// Summary counts what happened in the nights of a [Year].
type Summary struct {
	Nights, Rotations, Retirements, Drifts int
	// Off are the nights without a run, and Saved those with a plan that was applied an hour later.
	Off, Saved int
	// Faults are the nights on which exchanges were broken. Struck are those of them on which a rotation was due, Unproven those
	// on which a new credential could not log in, Brief those whose fault the run had to outlast, and Outlasted those on which the
	// fault outlasted the retries.
	Faults, Struck, Unproven, Brief, Outlasted int
	// Planned counts the nights by the exit code that their plan has with -detailed-exitcode.
	Planned [3]int
	// Logins and Refusals are the consumer's.
	Logins, Refusals int
}

// String is a line of a report.
func (s Summary) String() string {
	return fmt.Sprintf("%d nights (exit codes: %d x 0, %d x 1, %d x 2; %d without a run, %d applied an hour later), %d rotations, %d retirements, %d drifts, "+
		"%d faults (%d struck rotations, %d unproven credentials, %d had to be outlasted, %d outlasted the retries), %d logins, refusals = %d",
		s.Nights, s.Planned[0], s.Planned[1], s.Planned[2], s.Off, s.Saved, s.Rotations, s.Retirements, s.Drifts,
		s.Faults, s.Struck, s.Unproven, s.Brief, s.Outlasted, s.Logins, s.Refusals)
}

const night = 24 * time.Hour

// year is one that is under way.
type year struct {
	Year
	*play
	chance  *rand.Rand
	plots   plots
	blocks  []Block
	pair    Pair
	summary Summary
	// renamed asks whether the account is still as somebody else has left it; nil if nobody has changed it.
	renamed func() bool
	// currents are the ids that have been those of the current credential, the latest last.
	currents []string
	// off is for how many more nights there is no run, and failed how many runs in a row have failed.
	off, failed int
	// late is how much earlier nights begin than at the moment of the hour at which the test did.
	late time.Duration
}

// Run lives through the nights, and returns what happened and what was not in order.
func (y Year) Run(t testing.TB) (summary Summary, problems []string) {
	t.Helper()
	run := &year{
		Year: y, play: begin(t, y.Lifecycle, y.Runner),
		chance: rand.New(rand.NewPCG(y.Seed, 0)), //nolint:gosec // Chances, not secrets.
	}
	run.late = run.now().Sub(run.now().Truncate(time.Hour)) - time.Duration(run.chance.IntN(30))*time.Minute
	if y.FaultEvery > 0 {
		run.plots = plotsOf(Derive(t, y.Lifecycle), run.chance)
	}
	run.blocks = slices.Clone(run.steps[0].Blocks)
	leaf := &run.blocks[len(run.blocks)-1]
	*leaf = leaf.With("rotate_after", fmt.Sprintf("%dd", y.RotateAfter)).With("overlap", fmt.Sprintf("%dd", y.Overlap))
	run.clock(0, 0)
	run.configure(true)
	if err := run.runner.Apply(run.context(), run.blocks, nil); err != nil {
		t.Fatalf("the first apply: %s", run.listener.Masked(err.Error()))
	}
	for n := range y.Nights {
		run.clock(n+1, 0)
		run.live(n)
	}
	run.clean()
	for _, problem := range run.problems {
		problems = append(problems, run.listener.Masked(problem))
	}
	return run.summary, problems
}

// clock sets the time, by nights and from when their runs begin. The last one is now: what was made long before is so by every
// clock. Nights begin in the first half of an
// hour, so that it does not turn between a plan and what is expected of it.
func (y *year) clock(n int, later time.Duration) {
	y.t.Helper()
	y.box.MoveClock(y.t, time.Duration(n-y.Nights-1)*night+later-y.late)
}

func (y *year) now() time.Time { return y.box.Now().UTC() }

// configure has the provider give up soon, and tells whether it may read lists in the place of objects.
func (y *year) configure(lists bool) {
	y.runner.Configure(map[string]any{"max_retries": 2, "bulk_refresh": lists})
}

// by is a chance of one in so many; none in 0.
func (y *year) by(every int) bool { return every > 0 && y.chance.IntN(every) == 0 }

// live is one night: somebody may change something, and the secret is used before and after the pipeline runs, if it does.
func (y *year) live(n int) {
	y.t.Helper()
	y.summary.Nights++
	known := len(y.problems)
	if n%y.PickUp == 0 {
		y.pair = Pairs(leafLabel, y.runner.Objects())[0]
	}
	if y.by(y.DriftEvery) {
		y.drift()
	}
	y.use()
	var tonight plot
	if y.stays() {
		y.summary.Off++
	} else {
		tonight = y.run(n)
		y.use()
	}
	for i := range y.problems[known:] {
		y.problems[known+i] = fmt.Sprintf("night %d, %s: %s", n, tonight, y.problems[known+i])
	}
}

// stays tells that there is no run on a night: every now and then the pipeline is off, for one to three.
func (y *year) stays() bool {
	if y.off == 0 && !y.urgent() && y.by(y.OffEvery) {
		y.off = 1 + y.chance.IntN(3)
	}
	if y.off == 0 {
		return false
	}
	y.off--
	return true
}

// urgent tells that the consumer has no time for another night without a good run: ZenML ends by itself the value before one
// that was lost, at the end of the overlap.
func (y *year) urgent() bool {
	return y.System == "zenml" && y.failed >= y.Overlap-y.PickUp
}

// run has the pipeline plan and apply, under a fault or none.
func (y *year) run(n int) plot {
	y.t.Helper()
	before := y.holding()
	due := before.due(y.now(), y.Year)
	tonight, saved := y.plot(due), y.by(y.SavedEvery)
	y.configure(!tonight.unlisted)
	// What is broken of an operation is counted from the plan that is applied.
	if saved || !tonight.operation {
		y.armAll(tonight)
	}
	changes, planErr := y.runner.Changes(y.context(), y.blocks)
	code := exitCode(changes, planErr)
	y.summary.Planned[code]++
	applyErr := planErr
	switch {
	case !saved:
		if tonight.operation {
			y.armAll(tonight)
		}
		applyErr = y.runner.Apply(y.context(), y.blocks, nil)
	case planErr == nil:
		y.summary.Saved++
		y.clock(n+1, time.Hour)
		applyErr = y.runner.ApplyShown(y.context())
	}
	struck := y.struck(tonight)
	y.box.Mend(y.t)
	y.await()
	y.failed++
	if applyErr == nil {
		y.failed = 0
	}
	// A run that fails may have put the account right before.
	if y.renamed != nil && (applyErr == nil || !y.renamed()) {
		y.renamed = nil
	}
	if want := due != "" || before.renamed || before.stray; code != 1 && want != (code == 2) {
		y.problemf("the plan has exit code %d and changes %q, with due: %q, renamed: %t, a key to revoke: %t", code, changes, due, before.renamed, before.stray)
	}
	rotated := y.count(before, due, applyErr)
	y.judge(tonight, struck, due, rotated, planErr, applyErr)
	return tonight
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
