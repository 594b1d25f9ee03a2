package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"
)

const (
	providerName = "terraform-provider-machineid"
	// large is from how many keys on one round is enough: what takes minutes is noisy by less.
	large = 5000
	// plansPerRound is how often each plans what it has applied.
	plansPerRound = 3
	// limitedKeys is how many keys the plan under a limit has.
	limitedKeys = 1000
)

// bench knows what takes part.
type bench struct {
	settings
	folder, program string
	ours, floor     string // the folders of the providers
}

func newBench(folder string, wanted settings) (*bench, error) {
	path, err := program()
	if err != nil {
		return nil, err
	}
	b := &bench{settings: wanted, folder: folder, program: path}
	if b.ours, err = filepath.Abs("bin"); err != nil {
		return nil, err
	}
	b.floor = filepath.Join(b.ours, "floor")
	return b, nil
}

// trial is what all contestants took for one command.
type trial struct {
	ours, floor, plain sample
}

// result is what was measured of a system and a number of keys.
type result struct {
	system         string
	keys           int
	applies, plans []trial
	// applied and planned are the requests of one command.
	applied, planned requests
}

func (b *bench) measure(ctx context.Context) (*report, error) {
	r := &report{settings: b.settings}
	for _, system := range b.systems {
		for _, keys := range b.sizes {
			measured, err := b.system(ctx, system, keys)
			if err != nil {
				return nil, fmt.Errorf("%s with %d keys: %w", system, keys, err)
			}
			r.results = append(r.results, measured)
			fmt.Fprintf(os.Stderr, "%s, %d keys: measured\n", system, keys)
		}
	}
	var err error
	if b.limited {
		if r.limitedPlan, err = b.limitedPlan(ctx); err != nil {
			return nil, fmt.Errorf("under the limit: %w", err)
		}
	}
	r.start, err = b.start(ctx)
	return r, err
}

func (b *bench) system(ctx context.Context, system string, keys int) (result, error) {
	measured := result{system: system, keys: keys}
	rounds := b.rounds
	if keys >= large {
		rounds = 1
	}
	for round := range rounds {
		if err := b.round(ctx, &measured, round); err != nil {
			return measured, err
		}
	}
	return measured, nil
}

// round makes everything anew, and plans.
func (b *bench) round(ctx context.Context, measured *result, number int) error {
	served, err := newBox(ctx, b.latency)
	if err != nil {
		return err
	}
	defer served.close()
	t, err := b.newTurns(ctx, served, measured.system, measured.keys)
	if err != nil {
		return err
	}
	defer t.clear()
	applied, err := t.each(ctx, number, (*contestant).apply)
	if err != nil {
		return err
	}
	measured.applies = append(measured.applies, applied)
	if measured.applied, err = served.requests(ctx); err != nil {
		return err
	}
	for repeat := range plansPerRound {
		planned, err := t.each(ctx, number+repeat, (*contestant).plan)
		if err != nil {
			return err
		}
		measured.plans = append(measured.plans, planned)
		if measured.planned, err = served.requests(ctx); err != nil {
			return err
		}
	}
	return nil
}

// turns are the contestants of one configuration.
type turns struct {
	folder             string
	ours, floor, plain *contestant
}

func (b *bench) newTurns(ctx context.Context, served *box, system string, keys int) (*turns, error) {
	folder, err := os.MkdirTemp(b.folder, "turns-")
	if err != nil {
		return nil, err
	}
	variables := maps.Clone(served.variables)
	// The limit of a system is measured apart.
	variables["DT_REQUESTS_PER_SECOND"] = "0"
	enter := func(name, first, block, provider string, variables map[string]string) (*contestant, error) {
		inside := filepath.Join(folder, name)
		if err := write(inside, first, served.states+"/"+name, block, keys); err != nil {
			return nil, err
		}
		return newContestant(ctx, b.program, inside, provider, variables)
	}
	t := &turns{folder: folder}
	if t.ours, err = enter("ours", head, systemConfigurations[system], b.ours, variables); err != nil {
		return nil, err
	}
	if t.floor, err = enter("floor", head, systemConfigurations[system], b.floor, nil); err != nil {
		return nil, err
	}
	t.plain, err = enter("plain", plainHead, plainConfiguration, "", nil)
	return t, err
}

// each lets all give one command, one after the other. Ours begins every other time.
func (t *turns) each(ctx context.Context, number int, command func(*contestant, context.Context) (sample, error)) (trial, error) {
	var taken trial
	var err error
	take := func(by *contestant, into *sample) {
		if err == nil {
			*into, err = command(by, ctx)
		}
	}
	if number%2 == 0 {
		take(t.ours, &taken.ours)
		take(t.floor, &taken.floor)
	} else {
		take(t.floor, &taken.floor)
		take(t.ours, &taken.ours)
	}
	take(t.plain, &taken.plain)
	return taken, err
}

func (t *turns) clear() { _ = os.RemoveAll(t.folder) }

// limitedPlan is a plan of 1,000 keys of DT, with the provider's own settings, under the documented limit.
type limitedPlan struct {
	sample
	requests int
	floor    time.Duration
}

// minimum is what the limit alone takes for the requests: 25 in any 5 seconds (DT's documentation).
func (l limitedPlan) minimum() time.Duration {
	const most, window = 25, 5 * time.Second
	return time.Duration((l.requests+most-1)/most-1) * window
}

func (b *bench) limitedPlan(ctx context.Context) (*limitedPlan, error) {
	served, err := newBox(ctx, b.latency)
	if err != nil {
		return nil, err
	}
	defer served.close()
	t, err := b.newTurns(ctx, served, "dt", limitedKeys)
	if err != nil {
		return nil, err
	}
	defer t.clear()
	if _, err := t.ours.apply(ctx); err != nil {
		return nil, err
	}
	if _, err := t.floor.apply(ctx); err != nil {
		return nil, err
	}
	floor, err := t.floor.plan(ctx)
	if err != nil {
		return nil, err
	}
	if err := served.limit(ctx); err != nil {
		return nil, err
	}
	if _, err := served.requests(ctx); err != nil {
		return nil, err
	}
	t.ours.environment = slices.DeleteFunc(t.ours.environment, func(variable string) bool {
		return variable == "DT_REQUESTS_PER_SECOND=0"
	})
	planned, err := t.ours.plan(ctx)
	if err != nil {
		return nil, err
	}
	sent, err := served.requests(ctx)
	return &limitedPlan{sample: planned, requests: sent.all, floor: floor.wall}, err
}
