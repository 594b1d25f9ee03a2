package main

import (
	"slices"
	"time"
)

func ours(t trial) sample   { return t.ours }
func floors(t trial) sample { return t.floor }
func plains(t trial) sample { return t.plain }

func walls(trials []trial, of func(trial) sample) []time.Duration {
	var all []time.Duration
	for _, t := range trials {
		all = append(all, of(t).wall)
	}
	return all
}

func peak(trials []trial, of func(trial) sample) int64 {
	var most int64
	for _, t := range trials {
		most = max(most, of(t).peak)
	}
	return most
}

// ratioOf is the median of the ratios of each turn to its own floor.
func ratioOf(trials []trial) float64 {
	var all []float64
	for _, t := range trials {
		all = append(all, ratio(t.ours.wall, t.floor.wall))
	}
	return middle(all)
}

func ratio(taken, floor time.Duration) float64 {
	if floor <= 0 {
		return 1
	}
	return float64(taken) / float64(floor)
}

// middle is the median: of an even number, the mean of the two in the middle.
func middle[N time.Duration | float64](all []N) N {
	if len(all) == 0 {
		return 0
	}
	all = slices.Sorted(slices.Values(all))
	return (all[(len(all)-1)/2] + all[len(all)/2]) / 2
}
