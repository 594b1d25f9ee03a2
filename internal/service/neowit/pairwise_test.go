package neowit_test

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
	{"list", []string{"on", "off"}},
	{"get", []string{"on", "off"}},
	{"update_verb", []string{"both", "patch", "put", "none"}},
	{"update_reply", []string{"object", "empty", "204"}},
	{"unknown_route", []string{"404", "405"}},
	{"html_errors", []string{"off", "on"}},
	{"unique_names", []string{"on", "off"}},
	{"id_for_unknown_account", []string{"404", "400"}},
	{"empty_keys", []string{"array", "null", "omit"}},
	{"omit_false", []string{"off", "on"}},
	{"list_envelope", []string{"serviceAccounts", "array"}},
	{"token_style", []string{"snake", "legacy"}},
	{"token_error", []string{"common", "rfc6749"}},
	{"next_page", []string{"off", "on"}},
}

// required are meetings of more than two switches that matter; the other switches are free.
var required = []map[string]string{
	{"get": "off", "list": "on", "next_page": "on", "list_envelope": "serviceAccounts", "update_verb": "put", "unknown_route": "404"},
	{"get": "off", "list": "on", "next_page": "on", "list_envelope": "serviceAccounts", "update_verb": "none", "unknown_route": "405"},
	{"get": "off", "list": "off", "update_verb": "put", "unknown_route": "405"},
	{"get": "on", "list": "off", "update_verb": "put", "unknown_route": "404", "html_errors": "on"},
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

// pairwise chooses rows of values so that every pair is in one of them. Each row begins with what is required, later with
// the first pair that is not covered yet, and takes for each other factor the value that covers most.
func pairwise(factors []factor, required []map[string]string) [][]int {
	open := allPairs(factors)
	var rows [][]int
	for len(open) > 0 || len(rows) < len(required) {
		row := slices.Repeat([]int{-1}, len(factors))
		if len(rows) < len(required) {
			for position, factor := range factors {
				row[position] = slices.Index(factor.values, required[len(rows)][factor.name])
			}
		} else {
			row[open[0].factorA], row[open[0].factorB] = open[0].valueA, open[0].valueB
		}
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
	rows := pairwise(switches, required)
	for i, meeting := range required {
		for name, value := range meeting {
			if got := combinationOf(rows[i])[name]; got != value {
				t.Errorf("combination %d has %s=%s, want %s", i, name, got, value)
			}
		}
	}
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
	if len(rows) > 30 {
		t.Errorf("%d combinations take too long", len(rows))
	}
	t.Logf("%d combinations cover %d pairs", len(rows), len(allPairs(switches)))
}

// The switches of the table are those of the fake; only what one test alone turns is left out.
func TestTheTableOfSwitchesIsWhole(t *testing.T) {
	t.Parallel()
	box := target(t)
	got := acctest.Call{Method: http.MethodGet, URL: box.box.URL + "/_sandbox/options"}.Send(t)
	declared, _ := acctest.At(got.Body, "neowit").(map[string]any)
	for name := range declared {
		known := slices.ContainsFunc(switches, func(f factor) bool { return f.name == name })
		alone := slices.Contains([]string{"caller_role", "clock_skew_s", "read_delay_ms"}, name)
		if known == alone {
			t.Errorf("the switch %s must be either in the table or turned by a test of its own", name)
		}
		if count := len(valuesOf(acctest.At(declared[name], "values"))); known && count != len(valuesIn(name)) {
			t.Errorf("the switch %s has %d values, the table %d", name, count, len(valuesIn(name)))
		}
	}
	if len(declared) != len(switches)+3 {
		t.Errorf("the fake has %d switches, the table %d", len(declared), len(switches))
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

func valuesOf(list any) []any {
	values, _ := list.([]any)
	return values
}

func valuesIn(name string) []string {
	return switches[slices.IndexFunc(switches, func(f factor) bool { return f.name == name })].values
}
