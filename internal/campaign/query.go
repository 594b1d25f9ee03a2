package campaign

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// listing is the step of a [Query].
const listing = "list"

// Query asks for what a system holds: by a list resource, or by a plural data source.
type Query struct {
	// Lifecycle makes in its first step what there is to find.
	Lifecycle
	// Block is what is asked.
	Block Block
	// source tells that it is a data source.
	source bool
}

// Queries lists every list resource and every plural data source of the provider.
func Queries() []Query {
	account := func(attribute string) Reference { return Reference{Label: accountLabel, Attribute: attribute} }
	env := func(name string) setting { return setting("TF_VAR_dt_" + name) }
	const (
		zenmlKey   = "machineid_zenml_api_key"
		dtKey      = "machineid_dt_service_account_key"
		dtMember   = "machineid_dt_project_member"
		dtOwner    = "machineid_dt_organization_member"
		neowitKey  = "machineid_neowit_service_account_key"
		keycardKey = "machineid_keycard_service_account_credential"
	)
	return []Query{
		queryAmong(zenmlKey, "list", "service_account", nil),
		queryAmong(zenmlKey, "list", "api_key", nil),
		queryAmong(zenmlKey, "data", "service_accounts", nil),
		queryAmong(zenmlKey, "data", "api_keys", map[string]any{"service_account_id": account("id")}),

		queryAmong(dtKey, "list", "service_account", map[string]any{"project": env("project")}),
		queryAmong(dtKey, "list", "service_account_key", map[string]any{"project": env("project")}),
		queryAmong(dtMember, "list", "project_member", map[string]any{"project": env("other_project")}),
		queryAmong(dtOwner, "list", "organization_member", map[string]any{"organization": env("organization")}),
		queryAmong(dtKey, "data", "service_accounts", map[string]any{"project": env("project")}),
		queryAmong(dtKey, "data", "service_account_keys", map[string]any{"service_account": account("name")}),
		queryAmong(dtMember, "data", "project_members", map[string]any{"project": env("other_project")}),
		queryAmong(dtOwner, "data", "organization_members", map[string]any{"organization": env("organization")}),
		queryAmong(dtMember, "data", "roles", nil),

		queryAmong(neowitKey, "list", "service_account", nil),
		queryAmong(neowitKey, "list", "service_account_key", nil),
		queryAmong(neowitKey, "data", "service_accounts", nil),

		queryAmong(keycardKey, "list", "service_account", nil),
		queryAmong(keycardKey, "list", "service_account_credential", nil),
		queryAmong(keycardKey, "data", "service_accounts", nil),
		queryAmong(keycardKey, "data", "service_account_credentials", map[string]any{"service_account_id": account("id")}),
	}
}

// setting is an argument whose value is that of a variable of the sandbox' environment.
type setting string

// queryAmong asks for what there is when two objects of a type were made, which is a credential or a member, and two accounts.
func queryAmong(leaf, kind, noun string, arguments map[string]any) Query {
	made := lifecycleOf(leaf)
	return Query{
		Lifecycle: Lifecycle{
			System: made.System, Noun: kind + " " + noun,
			Steps: func(env map[string]string) []Step {
				blocks := made.Steps(env)[0].Blocks
				return []Step{{Name: "create", Blocks: append(slices.Clone(blocks), twins(blocks)...)}}
			},
		},
		Block:  Block{Type: "machineid_" + made.System + "_" + noun, Label: "asked", Arguments: arguments},
		source: kind == "data",
	}
}

// twins are blocks once more, under other labels and names. A credential stays in the account, and a member is another one.
func twins(blocks []Block) []Block {
	const end = "_too"
	both := slices.Clone(blocks)
	for i, block := range both {
		both[i].Label += end
		both[i].Arguments = maps.Clone(block.Arguments)
		for name, value := range block.Arguments {
			switch to, refers := value.(Reference); {
			case refers && name == "email":
				to.Label += end
				both[i].Arguments[name] = to
			case name == "name" || name == "display_name":
				both[i].Arguments[name] = "another"
			}
		}
	}
	return both
}

// asking is somebody who asks for a list.
type asking struct {
	*play
	query  Query
	engine *Engine
}

// ask asks, in a process of its own, and returns what it is told.
func (a asking) ask() ([]string, error) {
	session, err := a.engine.connect(a.context())
	if err != nil {
		return nil, err
	}
	block := a.query.Block
	values := map[string]tftypes.Value{}
	for label, known := range a.play.engine().state {
		values[label] = known.value
	}
	for name, value := range block.Arguments {
		if from, ok := value.(setting); ok {
			block = block.With(name, a.box.Env()[string(from)])
		}
	}
	if a.query.source {
		return session.source(a.context(), block, values)
	}
	return session.list(a.context(), block, values)
}

// startAsking makes what there is to find. Systems tell one object a page, so that there are several pages.
func (q Query) startAsking(t testing.TB, runner func(env map[string]string, now func() time.Time) Runner) asking {
	t.Helper()
	p := begin(t, q.Lifecycle, runner)
	p.reach(1)
	env := p.box.Between(t, acctest.Between{Before: onePerPage})
	asks := NewEngine(env, p.box.Now)
	if runner != nil {
		other := *p
		other.runner = runner(env, p.box.Now)
		asks = other.engine()
	}
	asks.Listen(p.listener.Told)
	return asking{play: p, query: q, engine: asks}
}

// onePerPage has a list tell one object a page, where the size of pages is asked for.
func onePerPage(r *http.Request) bool {
	query := r.URL.Query()
	for _, size := range []string{"size", "pageSize", "limit"} {
		if r.Method == http.MethodGet && query.Has(size) {
			query.Set(size, "1")
			r.URL.RawQuery = query.Encode()
		}
	}
	return true
}

// DeriveQuery is [Derive] for a list.
func DeriveQuery(t testing.TB, q Query) []Cell {
	t.Helper()
	a := q.startAsking(t, nil)
	a.listening = true
	found, err := a.ask()
	if err != nil || len(found) == 0 {
		t.Fatalf("%d objects are listed, undisturbed: %v", len(found), err)
	}
	cells := cellsOf(t, Cell{Lifecycle: q.Lifecycle, StepName: listing, play: q.play}, a.exchanges())
	a.readOnly()
	a.settled(a.steps[0])
	a.discreet()
	if len(a.problems) > 0 {
		t.Fatalf("undisturbed: %s", a.listener.Masked(strings.Join(a.problems, "\n")))
	}
	return cells
}

// play is [Cell.Run] for a list.
func (q Query) play(t testing.TB, c Cell, runner func(env map[string]string, now func() time.Time) Runner) Verdict {
	t.Helper()
	a := q.startAsking(t, runner)
	whole, err := a.ask()
	if err != nil {
		t.Fatalf("undisturbed: %s", a.listener.Masked(err.Error()))
	}
	a.box.ForgetRequests(t)
	a.arm(c.Exchange, c.Fault)
	a.listening = true
	if c.Fault.late() {
		a.engine.Configure(map[string]any{"request_timeout": requestTimeout})
	}
	found, disturbed := a.ask()
	a.engine.Configure(nil)
	if !a.hasStruck(c.Fault) {
		return a.verdict(NoSuch, disturbed)
	}
	outcome := Unharmed
	switch {
	case disturbed != nil:
		outcome = Mended
		a.instructive(disturbed)
	case !slices.Equal(found, whole):
		a.problemf("without an error, it is told of\n%s\nand before of\n%s", strings.Join(found, "\n"), strings.Join(whole, "\n"))
	}
	if now, err := a.ask(); err != nil || !slices.Equal(now, whole) {
		a.problemf("asked again, it is told of\n%s\nand before of\n%s\n%v", strings.Join(now, "\n"), strings.Join(whole, "\n"), err)
	}
	a.readOnly()
	a.settled(a.steps[0])
	a.clean()
	return a.verdict(outcome, disturbed)
}

// readOnly checks that nothing was sent but questions.
func (p *play) readOnly() {
	for met := range p.requests() {
		if !met.Token && met.Method != http.MethodGet {
			p.problemf("a list sends %s %s", met.Method, met.Route)
		}
	}
}
