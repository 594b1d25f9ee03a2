package main

import (
	"errors"
	"fmt"
	"os"
	"time"
)

// The targets, as the project has set them for itself.
const (
	// judgedKeys is the size that ratios are judged at, and requests up to: with few keys, a ratio is that of the CLI's own
	// start, and many are measured only once.
	judgedKeys   = 1000
	planRatio    = 1.10
	applyRatio   = 1.25
	limitRatio   = 1.10
	mostMemory   = 150 << 20
	mostReadying = 100 * time.Millisecond
	// furtherRequests are what a plan may send beyond one request for each account's keys and one for each page of accounts.
	furtherRequests = 2
	accountsPerPage = 100
)

// target is one promise and what became of it.
type target struct {
	text  string
	met   bool
	timed bool
}

// verdict prints what was promised and what was measured, and fails for what was missed; of time only if so wanted.
func (r *report) verdict(timed bool) error {
	var missed error
	for _, t := range r.targets() {
		word := "met   "
		if !t.met {
			word = "MISSED"
			if timed || !t.timed {
				missed = errors.Join(missed, errors.New("missed: "+t.text))
			}
		}
		fmt.Fprintln(os.Stdout, word, t.text)
	}
	return missed
}

func (r *report) targets() []target {
	var all []target
	bySystem := map[string]result{}
	for _, measured := range r.results {
		all = append(all, r.targetsOf(measured)...)
		if measured.keys == judgedKeys {
			bySystem[measured.system] = measured
		}
		if base, has := bySystem[measured.system]; has && measured.keys > judgedKeys {
			all = append(all, growth(base, measured))
		}
	}
	if limited := r.limitedPlan; limited != nil {
		found := ratio(limited.wall, limited.minimum())
		all = append(all, target{
			text: fmt.Sprintf("a plan under the limit of DT takes at most %.2f times the limit's minimum: %.2f", limitRatio, found),
			met:  found <= limitRatio, timed: true,
		})
	}
	beyond := middle(r.start.ours) - middle(r.start.floor)
	return append(all, target{
		text: fmt.Sprintf("the provider is ready less than %s after the floor: %s", mostReadying, beyond.Round(time.Millisecond)),
		met:  beyond < mostReadying, timed: true,
	})
}

func (r *report) targetsOf(measured result) []target {
	accounts := measured.keys / keysPerAccount
	most := accounts + (accounts+accountsPerPage-1)/accountsPerPage + furtherRequests
	if measured.system == "neowit" {
		most = 3
	}
	label := fmt.Sprintf("%s, %s keys: ", systemNames[measured.system], thousands(measured.keys))
	var all []target
	if memory := max(peak(measured.plans, ours), peak(measured.applies, ours)); memory > 0 {
		all = append(all, target{
			text: fmt.Sprintf("%sthe provider needs at most %s: %s", label, mebibytes(mostMemory), mebibytes(memory)), met: memory < mostMemory,
		})
	}
	if measured.keys <= judgedKeys {
		all = append(all, target{
			text: fmt.Sprintf("%sa plan sends at most %d requests: %d", label, most, measured.planned.all), met: measured.planned.all <= most,
		})
	}
	if measured.keys != judgedKeys {
		return all
	}
	planned, applied := ratioOf(measured.plans), r.applyRatio(measured)
	return append(all, target{
		text: fmt.Sprintf("%sa plan takes at most %.2f times the floor: %.2f", label, planRatio, planned),
		met:  planned <= planRatio, timed: true,
	}, target{
		text: fmt.Sprintf("%san apply takes at most %.2f times the larger of the floor and its POSTs' own latency: %.2f", label, applyRatio, applied),
		met:  applied <= applyRatio, timed: true,
	})
}

// applyRatio compares an apply with the larger of its floor and what its POSTs must wait.
func (r *report) applyRatio(measured result) float64 {
	waiting := time.Duration(measured.applied.posts) * r.latency / parallelism
	var all []float64
	for _, t := range measured.applies {
		all = append(all, ratio(t.ours.wall, max(t.floor.wall, waiting)))
	}
	return middle(all)
}

// growth compares how the time of plans grows with the number of keys. Where the CLI's own grows by more, so may ours.
func growth(few, many result) target {
	most := max(float64(many.keys)/float64(few.keys), grown(few, many, floors))
	found := grown(few, many, ours)
	return target{
		text: fmt.Sprintf("%s: a plan takes at most %.1f times as long for %s keys as for %s: %.1f",
			systemNames[few.system], most, thousands(many.keys), thousands(few.keys), found),
		met: found <= most, timed: true,
	}
}

func grown(few, many result, of func(trial) sample) float64 {
	return ratio(middle(walls(many.plans, of)), middle(walls(few.plans, of)))
}
