package campaign_test

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/campaign"
)

// sample is the share of the cells that run with all other tests: one of so many.
const sample = 101

func sampleOf(cells []campaign.Cell, share int) []campaign.Cell {
	var some []campaign.Cell
	for i := 0; i < len(cells); i += share {
		some = append(some, cells[i])
	}
	return some
}

// shareOf is one of how many cells are played: all if CAMPAIGN_TABLE names a file for the table, or one of CAMPAIGN_SHARE.
func shareOf(t *testing.T, file string) int {
	t.Helper()
	text := os.Getenv("CAMPAIGN_SHARE")
	switch {
	case file == "":
		return sample
	case text == "":
		return 1
	}
	share, err := strconv.Atoi(text)
	if err != nil || share < 1 {
		t.Fatalf("CAMPAIGN_SHARE is %q", text)
	}
	return share
}

// TestFaults plays the cells; see shareOf.
func TestFaults(t *testing.T) {
	t.Parallel()
	file := os.Getenv("CAMPAIGN_TABLE")
	share := shareOf(t, file)
	var table campaign.Table
	t.Cleanup(func() { report(t, &table, file, share == 1) })
	for _, lifecycle := range campaign.Lifecycles() {
		t.Run(lifecycle.System+"_"+lifecycle.Noun, func(t *testing.T) {
			t.Parallel()
			cells := sampleOf(campaign.Derive(t, lifecycle), share)
			table.Expect(cells)
			for _, cell := range cells {
				t.Run(strings.ReplaceAll(cell.String(), "/", "."), func(t *testing.T) {
					t.Parallel()
					verdict := cell.Run(t, nil)
					table.Add(cell, verdict)
					if verdict.Outcome == campaign.Bad {
						t.Error(strings.Join(verdict.Problems, "\n"))
					}
				})
			}
		})
	}
}

// report writes the table. By then all cells have ended. Only of a whole table each route can be expected to be in it.
func report(t *testing.T, table *campaign.Table, file string, whole bool) {
	t.Helper()
	var text strings.Builder
	if err := table.Write(&text); err != nil {
		t.Error(err)
	}
	if file == "" {
		t.Log(text.String())
		return
	}
	for _, route := range table.Unbroken() {
		if whole && !slices.Contains(campaign.Mending(), route) {
			t.Errorf("%s was called and has no cell", route)
		}
	}
	for _, route := range campaign.Mending() {
		if whole && table.Open() == 0 && !slices.Contains(table.Unbroken(), route) {
			t.Errorf("%s is on the list of routes without cells; it has some, or was not called", route)
		}
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
		t.Error(err)
	}
}
