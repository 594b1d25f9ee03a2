package campaign

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
)

// breach is an exchange, and how it is broken.
type breach struct {
	at    Exchange
	fault Fault
}

// plot is what is broken on a night.
type plot struct {
	breaches []breach
	// operation tells that what is broken belongs to a rotation or a retirement, and proof that it is the login by which a new
	// credential is proven, first of all.
	operation, proof bool
	// unlisted tells that objects are read one by one. A list that cannot be read would excuse a read that was not repeated.
	unlisted bool
}

// String names what is broken.
func (p plot) String() string {
	names := make([]string, len(p.breaches))
	for i, broken := range p.breaches {
		names[i] = broken.at.Method + " " + broken.at.Route + ": " + broken.fault.Name
	}
	if len(names) == 0 {
		return "no fault"
	}
	return "fault " + strings.Join(names, "; ")
}

// deck deals in an order of chance, and shuffles when it is through: so all that it holds comes, and nothing for long.
type deck[T any] struct {
	chance *rand.Rand
	cards  []T
	dealt  int
}

func shuffled[T any](chance *rand.Rand, cards ...T) *deck[T] {
	return &deck[T]{chance: chance, cards: cards}
}

func (d *deck[T]) deal() T {
	if d.dealt%len(d.cards) == 0 {
		d.chance.Shuffle(len(d.cards), func(i, j int) { d.cards[i], d.cards[j] = d.cards[j], d.cards[i] })
	}
	d.dealt++
	return d.cards[(d.dealt-1)%len(d.cards)]
}

// The ways to break a rotation.
const (
	making   = "making"   // the request for a new credential
	proving  = "proving"  // one login with it
	refusing = "refusing" // every login with it, and on every second time what revokes it then
)

// plots has what is dealt out in a year.
type plots struct {
	// quiet are for nights on which nothing is due, and reads for one read of them that is repeated.
	quiet *deck[breach]
	reads *deck[Fault]
	// made, proven and revoked break what operations send, and kept what would revoke, so that it does not. Nothing is revoked in
	// a system that does it by itself.
	made, proven, revoked, kept *deck[breach]
	// ways are those to break a rotation. Of the nights with something due, struck tells which have a fault.
	ways            *deck[string]
	struck, retired *deck[bool]
	refused         int
}

// proof is which login of a rotation is that with the new credential: plan and apply have one each before.
const proof = 3

// plotsOf sorts cells by what they break. Faults that are late would take too long.
func plotsOf(cells []Cell, chance *rand.Rand) plots {
	var quiet, made, proven, revoked, kept []breach
	for _, cell := range cells {
		broken := breach{cell.Exchange, cell.Fault}
		changes := !broken.at.Token && broken.at.Method != http.MethodGet
		switch {
		case broken.fault.late():
		case cell.StepName == "refresh":
			quiet = append(quiet, broken)
		case cell.StepName == "turn" && changes:
			made = append(made, broken)
		case cell.StepName == "turn" && broken.at.Token && broken.at.Nth == 1:
			// That there is a proof is not taken from the provider.
			broken.at.Nth = proof
			proven = append(proven, broken)
		case cell.StepName == "retire" && changes:
			revoked = append(revoked, broken)
			if broken.fault.inVain() {
				kept = append(kept, broken)
			}
		}
	}
	reads := slices.DeleteFunc(slices.Clone(faults), func(fault Fault) bool { return !fault.brief() })
	return plots{
		quiet: shuffled(chance, quiet...), reads: shuffled(chance, reads...),
		made: shuffled(chance, made...), proven: shuffled(chance, proven...), revoked: shuffled(chance, revoked...), kept: shuffled(chance, kept...),
		ways:   shuffled(chance, making, making, making, proving, proving, refusing),
		struck: shuffled(chance, true, true, true, false), retired: shuffled(chance, true, false),
	}
}

// plot is what is broken on a night with something due or nothing, by chance.
func (y *year) plot(due string) plot {
	switch {
	case y.FaultEvery == 0 || y.urgent() || y.failed > 1:
		return plot{}
	case due == rotation && y.plots.struck.deal():
		return y.plots.rotation(y.chance)
	case due == retirement && len(y.plots.revoked.cards) > 0 && y.plots.retired.deal():
		return plot{operation: true, breaches: []breach{y.plots.revoked.deal().perhapsLasting(y.chance)}}
	case due != "" || !y.by(y.FaultEvery):
		return plot{}
	case y.by(2):
		read := Exchange{System: y.System, Method: http.MethodGet, Nth: 1 + y.chance.IntN(2)}
		return plot{unlisted: true, breaches: []breach{{read, y.plots.reads.deal()}}}
	}
	return plot{breaches: []breach{y.plots.quiet.deal().perhapsLasting(y.chance)}}
}

// rotation is what is broken of a rotation.
func (p *plots) rotation(chance *rand.Rand) plot {
	switch p.ways.deal() {
	case making:
		return plot{operation: true, breaches: []breach{p.made.deal().perhapsLasting(chance)}}
	case proving:
		return plot{operation: true, proof: true, breaches: []breach{p.proven.deal()}}
	}
	tonight := plot{operation: true, proof: true, breaches: []breach{p.proven.deal().lasting()}}
	p.refused++
	if p.refused%2 == 1 && len(p.kept.cards) > 0 {
		tonight.breaches = append(tonight.breaches, p.kept.deal().lasting())
	}
	return tonight
}

func (b breach) lasting() breach {
	b.fault.Lasting = true
	b.fault.Name += b.fault.variant()
	return b
}

func (b breach) perhapsLasting(chance *rand.Rand) breach {
	if chance.IntN(3) == 0 {
		return b.lasting()
	}
	return b
}

// brief tells that a fault is over when it has struck, as far as a request is concerned that may be repeated.
func (f Fault) brief() bool {
	return !f.Lasting && slices.Contains([]string{
		"refused", "cut before", "cut after", "cut in reply", "429 in 1 s", "429", "500", "502 page", "503",
	}, f.Name)
}

// inVain tells that a request has no effect under a fault.
func (f Fault) inVain() bool {
	return slices.Contains([]string{"refuse", "cut_before", "status"}, f.Kind())
}

// mustBeOutlasted tells that a fault is no reason for a run to fail.
func (p plot) mustBeOutlasted() bool {
	if len(p.breaches) != 1 || p.breaches[0].fault.Lasting {
		return false
	}
	at, fault := p.breaches[0].at, p.breaches[0].fault
	switch {
	case p.proof: // is tried for ten seconds, whatever is wrong
		return true
	case fault.Name == "401":
		return !at.Token // brings one more login
	case strings.HasPrefix(fault.Name, "429"):
		return true // had no effect
	case at.Method == http.MethodPut:
		return false // ZenML's rotation, which is never repeated
	case at.Method == http.MethodPost && !at.Token: // is repeated if nothing was made
		return fault.brief() && fault.inVain()
	}
	return fault.brief()
}

func (y *year) armAll(tonight plot) {
	y.t.Helper()
	for _, broken := range tonight.breaches {
		y.arm(broken.at, broken.fault)
	}
}

// struck tells which of the breaches have met what they were armed for.
func (y *year) struck(tonight plot) []bool {
	y.t.Helper()
	if len(tonight.breaches) == 0 {
		return nil
	}
	left := y.armed()
	met := make([]bool, len(tonight.breaches))
	for i, broken := range tonight.breaches {
		same := func(one armedFault) bool {
			return one.Method == broken.at.Method && one.Path == broken.at.Route && one.Kind == broken.fault.Kind()
		}
		at := slices.IndexFunc(left, same)
		met[i] = at < 0 || left[at].Times < broken.fault.times()
	}
	return met
}

// judge tells what is wrong with how a run ended, by what was broken.
func (y *year) judge(tonight plot, struck []bool, due string, rotated bool, planErr, applyErr error) {
	y.t.Helper()
	failed, anyStruck := planErr != nil || applyErr != nil, slices.Contains(struck, true)
	unproven := tonight.proof && struck[0] && tonight.breaches[0].fault.Lasting
	brief := anyStruck && tonight.mustBeOutlasted()
	if anyStruck {
		y.summary.Faults++
		if due == rotation {
			y.summary.Struck++
		}
	}
	if unproven {
		y.summary.Unproven++
	}
	if brief {
		y.summary.Brief++
	}
	switch {
	case failed && !anyStruck:
		y.problemf("it fails without a fault: plan: %v; apply: %v", planErr, applyErr)
	case failed && brief:
		y.problemf("the fault was over after one exchange, and the run fails: plan: %v; apply: %v", planErr, applyErr)
	case failed:
		y.summary.Outlasted++
	case unproven:
		y.problemf("no login with the new credential worked, and the run succeeds")
	}
	switch {
	case rotated && tonight.proof && !struck[0]:
		y.problemf("there is a new credential, and nobody has logged in with it")
	case rotated && unproven && y.System != "zenml": // where there is no way back
		y.problemf("no login with the new credential worked, and it is the current one")
	}
}
