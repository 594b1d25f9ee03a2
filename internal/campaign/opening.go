package campaign

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// The steps of an ephemeral resource. The last one closes what is gone already.
const (
	opening = "open"
	closing = "close"
	again   = "again"
)

var openingSteps = []string{opening, closing, again}

// Opening is an ephemeral resource: a run opens it, uses it and closes it.
type Opening struct {
	// Lifecycle makes in its first step what the resource needs, and a credential of somebody else's beside it.
	Lifecycle
	// Block is the resource.
	Block Block
}

// Openings lists every ephemeral resource of the provider.
func Openings() []Opening {
	account := func(attribute string) Reference { return Reference{Label: accountLabel, Attribute: attribute} }
	leaf := func(attribute string) Reference { return Reference{Label: leafLabel, Attribute: attribute} }
	const (
		zenmlKey   = "machineid_zenml_api_key"
		dtKey      = "machineid_dt_service_account_key"
		neowitKey  = "machineid_neowit_service_account_key"
		keycardKey = "machineid_keycard_service_account_credential"
	)
	return []Opening{
		openingBeside(zenmlKey, "api_key", map[string]any{"create_when": true, "service_account_id": account("id"), "name": "run"}),
		openingBeside(zenmlKey, "access_token", nil),
		openingBeside(zenmlKey, "access_token, given", map[string]any{"api_key": leaf("key")}),

		openingBeside(dtKey, "service_account_key", map[string]any{"create_when": true, "service_account": account("name")}),
		openingBeside(dtKey, "access_token", nil),
		openingBeside(dtKey, "access_token, given", map[string]any{"key_id": leaf("id"), "secret": leaf("secret"), "email": account("email")}),

		openingBeside(neowitKey, "service_account_key", map[string]any{"create_when": true, "service_account_id": account("id")}),
		openingBeside(neowitKey, "access_token", nil),
		openingBeside(neowitKey, "access_token, given", map[string]any{
			"service_account_id": account("id"), "key_id": leaf("key_id"), "secret": leaf("secret"),
		}),

		openingBeside(keycardKey, "service_account_credential", map[string]any{
			"create_when": true, "service_account_id": account("id"), "name": "run",
		}),
		openingBeside(keycardKey, "access_token", nil),
		openingBeside(keycardKey, "access_token, given", map[string]any{"client_id": leaf("client_id"), "client_secret": leaf("client_secret")}),
	}
}

// openingBeside is an ephemeral resource beside a credential of somebody else's, and in the same account. Two of one type
// are told apart by what follows a comma.
func openingBeside(theirs, noun string, arguments map[string]any) Opening {
	others := lifecycleOf(theirs)
	kind, _, _ := strings.Cut(noun, ",")
	return Opening{
		Lifecycle: Lifecycle{
			System: others.System, Noun: "ephemeral " + noun,
			Steps: func(env map[string]string) []Step { return others.Steps(env)[:1] },
		},
		Block: Block{Type: "machineid_" + others.System + "_" + kind, Label: "opened", Arguments: arguments},
	}
}

// next is the resource in another run: names are unique in some systems, so that each run takes another.
func (o Opening) next() Block {
	if o.Block.Arguments["name"] == nil {
		return o.Block
	}
	return o.Block.With("name", "next")
}

// DeriveOpening is [Derive] for an ephemeral resource.
func DeriveOpening(t testing.TB, o Opening) []Cell {
	t.Helper()
	var cells []Cell
	p := begin(t, o.Lifecycle, nil)
	p.reach(1)
	p.listening = true
	run := p.startRun(o.Block)
	for i, step := range openingSteps {
		if err := run.do(step); err != nil {
			t.Fatalf("%s, undisturbed: %s", step, p.listener.Masked(err.Error()))
		}
		cells = append(cells, cellsOf(t, Cell{Lifecycle: o.Lifecycle, Step: i, StepName: step, play: o.play}, p.exchanges())...)
		if step == opening {
			run.use()
		}
		p.box.ForgetRequests(t)
	}
	p.settled(p.steps[0])
	p.discreet()
	if len(p.problems) > 0 {
		t.Fatalf("undisturbed: %s", p.listener.Masked(strings.Join(p.problems, "\n")))
	}
	return cells
}

// play is [Cell.Run] for an ephemeral resource.
func (o Opening) play(t testing.TB, c Cell, runner func(env map[string]string, now func() time.Time) Runner) Verdict {
	t.Helper()
	p := begin(t, o.Lifecycle, runner)
	p.reach(1)
	p.allowed, _ = Listed(c)
	if c.Fault.late() {
		p.runner.Configure(map[string]any{"request_timeout": requestTimeout})
	}
	run := p.startRun(o.Block)
	p.runner.Configure(nil)
	for _, step := range openingSteps[:c.Step] {
		if err := run.do(step); err != nil {
			t.Fatalf("%s, undisturbed: %s", step, p.listener.Masked(err.Error()))
		}
	}
	p.box.ForgetRequests(t)
	p.arm(c.Exchange, c.Fault)
	p.listening = true
	disturbed := run.do(c.StepName)
	if !p.hasStruck(c.Fault) {
		return p.verdict(NoSuch, disturbed)
	}
	outcome := Unharmed
	if disturbed != nil {
		outcome = Mended
		p.instructive(disturbed)
		if o.Block.Arguments["create_when"] != nil { // a token is that of a credential, which the error names
			p.pointless(disturbed)
		}
	}
	if c.StepName == opening {
		run.end(disturbed == nil)
	}
	p.later()
	left := p.left(disturbed)
	if len(left) > 0 && len(p.strays) == 0 {
		outcome = Named
	}
	next := p.startRun(o.next())
	if err := next.do(opening); err != nil {
		p.problemf("the next run fails: %v", err)
	} else {
		next.end(true)
	}
	if now := p.left(disturbed); !slices.Equal(now, left) {
		p.problemf("after the next run the systems hold %q that nobody knows, and %q before", now, left)
	}
	p.intact(p.steps[0])
	p.clean()
	return p.verdict(outcome, disturbed)
}
