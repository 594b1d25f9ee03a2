package campaign_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/campaign"
)

// sample is the share of the cells that run with all other tests: one of so many.
const sample = 101

// sampleOf takes a share of the cells. Where it begins differs among subjects, for their cells begin alike.
func sampleOf(cells []campaign.Cell, number, share int) []campaign.Cell {
	var some []campaign.Cell
	for i := number % share; i < len(cells); i += share {
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

// subject is something whose exchanges are broken.
type subject struct {
	// name is short, and fits in that of a file.
	name   string
	derive func(t testing.TB) []campaign.Cell
}

// subjects are the resources, the ephemeral resources and the lists.
func subjects() []subject {
	var all []subject
	add := func(of campaign.Lifecycle, derive func(t testing.TB) []campaign.Cell) {
		all = append(all, subject{of.System + "_" + of.Noun, derive})
	}
	for _, lifecycle := range campaign.Lifecycles() {
		add(lifecycle, func(t testing.TB) []campaign.Cell { t.Helper(); return campaign.Derive(t, lifecycle) })
	}
	for _, opening := range campaign.Openings() {
		add(opening.Lifecycle, func(t testing.TB) []campaign.Cell { t.Helper(); return campaign.DeriveOpening(t, opening) })
	}
	for _, query := range campaign.Queries() {
		add(query.Lifecycle, func(t testing.TB) []campaign.Cell { t.Helper(); return campaign.DeriveQuery(t, query) })
	}
	return all
}

// TestFaults plays the cells; see shareOf.
func TestFaults(t *testing.T) {
	t.Parallel()
	file := os.Getenv("CAMPAIGN_TABLE")
	share := shareOf(t, file)
	var table campaign.Table
	t.Cleanup(func() { report(t, &table, file, share == 1) })
	for number, subject := range subjects() {
		t.Run(subject.name, func(t *testing.T) {
			t.Parallel()
			cells := sampleOf(subject.derive(t), number, share)
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
		if whole {
			t.Errorf("%s was called and has no cell", route)
		}
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
		t.Error(err)
	}
}
