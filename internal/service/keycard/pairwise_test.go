package keycard_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// factor is a switch with its values.
type factor struct {
	name   string
	values []string
}

// switches are those of the fake that can interact in a lifecycle.
var switches = []factor{
	{"null_description", []string{"refuse", "clear"}},
	{"empty_description", []string{"clear", "refuse", "keep"}},
	{"client_auth", []string{"both", "basic", "body"}},
	{"error_body", []string{"object", "empty", "html"}},
	{"expand", []string{"both", "brackets", "plain"}},
	{"delete_status", []string{"204", "200", "202"}},
	{"create_status", []string{"201", "200"}},
	{"unique_names", []string{"off", "on"}},
	{"revoke_tokens", []string{"on", "off"}},
	{"empty_cursors", []string{"omit", "null"}},
	{"order", []string{"oldest", "newest"}},
	{"organizations", []string{"one", "several"}},
	{"foreign_organization", []string{"404", "403"}},
	{"unknown_route", []string{"json", "html"}},
	{"echo_request_id", []string{"off", "on"}},
}

// pair is one value of each of two factors, by their positions.
type pair struct{ factorA, valueA, factorB, valueB int }

// allPairs lists every pair of values of two different factors, in a fixed order.
func allPairs(factors []factor) []pair {
	var pairs []pair
	for a := range factors {
		for b := a + 1; b < len(factors); b++ {
			for i := range factors[a].values {
				for j := range factors[b].values {
					pairs = append(pairs, pair{a, i, b, j})
				}
			}
		}
	}
	return pairs
}

// covers tells if a row, which has -1 where nothing is chosen, holds both values of a pair.
func (p pair) covers(row []int) bool { return row[p.factorA] == p.valueA && row[p.factorB] == p.valueB }

// pairwise chooses rows of values so that every pair is in one of them. Each row begins with the first pair that is not
// covered yet, and takes for each other factor the value that covers most.
func pairwise(factors []factor) [][]int {
	open := allPairs(factors)
	var rows [][]int
	for len(open) > 0 {
		row := slices.Repeat([]int{-1}, len(factors))
		row[open[0].factorA], row[open[0].factorB] = open[0].valueA, open[0].valueB
		for position, factor := range factors {
			if row[position] >= 0 {
				continue
			}
			best, most := 0, -1
			for value := range factor.values {
				row[position] = value
				if gain := gained(open, row, position); gain > most {
					best, most = value, gain
				}
			}
			row[position] = best
		}
		open = slices.DeleteFunc(open, func(p pair) bool { return p.covers(row) })
		rows = append(rows, row)
	}
	return rows
}

// gained counts the open pairs that a row covers by its value at a position.
func gained(open []pair, row []int, position int) int {
	count := 0
	for _, p := range open {
		if (p.factorA == position || p.factorB == position) && p.covers(row) {
			count++
		}
	}
	return count
}

func TestEveryPairOfSwitchesIsCovered(t *testing.T) {
	t.Parallel()
	rows := pairwise(switches)
	for _, row := range rows {
		for position, value := range row {
			if value < 0 || value >= len(switches[position].values) {
				t.Fatalf("the row %v has no value of %s", row, switches[position].name)
			}
		}
	}
	for _, p := range allPairs(switches) {
		if !slices.ContainsFunc(rows, p.covers) {
			a, b := switches[p.factorA], switches[p.factorB]
			t.Errorf("%s=%s is never tried with %s=%s", a.name, a.values[p.valueA], b.name, b.values[p.valueB])
		}
	}
	if len(rows) > 20 {
		t.Errorf("%d combinations take too long", len(rows))
	}
	t.Logf("%d combinations cover %d pairs", len(rows), len(allPairs(switches)))
}

// turnedAlone are the switches that a test of their own turns, here or at the client.
var turnedAlone = []string{"caller_role", "max_credentials", "replica_lag_ms", "default_limit", "token_lifetime_s", "echo_secret"}

// The switches of the table are those of the fake, with all their values.
func TestTheTableOfSwitchesIsWhole(t *testing.T) {
	t.Parallel()
	got := acctest.Call{Method: http.MethodGet, URL: target(t).box.URL + "/_sandbox/options"}.Send(t)
	declared, _ := acctest.At(got.Body, "keycard").(map[string]any)
	for name := range declared {
		position := slices.IndexFunc(switches, func(f factor) bool { return f.name == name })
		if (position >= 0) == slices.Contains(turnedAlone, name) {
			t.Errorf("the switch %s must be either in the table or turned by a test of its own", name)
		}
		if values, _ := acctest.At(declared[name], "values").([]any); position >= 0 && len(values) != len(switches[position].values) {
			t.Errorf("the switch %s has %d values, the table %d", name, len(values), len(switches[position].values))
		}
	}
	if len(declared) != len(switches)+len(turnedAlone) {
		t.Errorf("the fake has %d switches, the table and the list %d", len(declared), len(switches)+len(turnedAlone))
	}
}

// combinationOf names the values of a row.
func combinationOf(row []int) combination {
	chosen := combination{}
	for position, value := range row {
		chosen[switches[position].name] = switches[position].values[value]
	}
	return chosen
}
