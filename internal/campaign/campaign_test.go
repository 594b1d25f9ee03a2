package campaign_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/campaign"
)

// sample is the share of the cells that run with all other tests: one of so many.
const sample = 101

// TestFaults plays every cell if CAMPAIGN_TABLE names a file for the table, and else a sample of them.
func TestFaults(t *testing.T) {
	t.Parallel()
	file := os.Getenv("CAMPAIGN_TABLE")
	var table campaign.Table
	t.Cleanup(func() { report(t, &table, file) })
	for _, lifecycle := range campaign.Lifecycles() {
		t.Run(lifecycle.System+"_"+lifecycle.Noun, func(t *testing.T) {
			t.Parallel()
			for i, cell := range campaign.Derive(t, lifecycle) {
				if file == "" && i%sample != 0 {
					continue
				}
				t.Run(strings.ReplaceAll(cell.String(), "/", "."), func(t *testing.T) {
					t.Parallel()
					// A cell that ends early is a bad one, until it tells otherwise.
					table.Add(cell, campaign.Bad)
					outcome, problems := cell.Run(t, nil)
					table.Add(cell, outcome)
					if outcome == campaign.Bad {
						t.Error(strings.Join(problems, "\n"))
					}
				})
			}
		})
	}
}

// report writes the table. By then all cells have ended.
func report(t *testing.T, table *campaign.Table, file string) {
	t.Helper()
	var text strings.Builder
	if err := table.Write(&text); err != nil {
		t.Error(err)
	}
	if file == "" {
		t.Log(text.String())
		return
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
		t.Error(err)
	}
}
