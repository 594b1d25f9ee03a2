package campaign_test

import (
	"strings"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
	"github.com/machineid/terraform-provider-machineid/internal/campaign"
)

// TestYear has a pipeline plan and apply for 365 nights on each system, under faults and changes by others, while somebody
// uses the secret. The exit code of every plan follows from what the state holds; nobody is refused, ever.
func TestYear(t *testing.T) {
	t.Parallel()
	acctest.SkipUnderRaceDetector(t, "make year")
	faultEvery := 12
	if acctest.IsLong() {
		faultEvery = 3
	}
	for _, lifecycle := range rotating() {
		t.Run(lifecycle.System, func(t *testing.T) {
			t.Parallel()
			summary, problems := campaign.Year{
				Lifecycle: lifecycle, Nights: 365, RotateAfter: 30, Overlap: 7, PickUp: 6, FaultEvery: faultEvery, DriftEvery: 30, SavedEvery: 3, OffEvery: 40, Seed: acctest.Seed(t),
			}.Run(t)
			t.Logf("%s: %s", lifecycle.System, summary)
			judge(t, summary, problems)
			if summary.Rotations < 11 || summary.Rotations > 13 || summary.Retirements < 5 || summary.Drifts == 0 || summary.Faults == 0 ||
				summary.Struck < 6 || summary.Unproven == 0 || summary.Brief < 5 || summary.Off == 0 || summary.Saved == 0 {
				t.Errorf("too little happened: %s", summary)
			}
		})
	}
}

// TestYearWitness has the real CLI live through nights, without faults. Like TestYear it runs in make year alone: it was the
// longest of all tests, and ran in both.
func TestYearWitness(t *testing.T) {
	t.Parallel()
	acctest.SkipUnderRaceDetector(t, "make year")
	nights := 15 // sixty for all systems
	if acctest.IsLong() {
		nights = 60
	}
	for _, lifecycle := range rotating() {
		t.Run(lifecycle.System, func(t *testing.T) {
			t.Parallel()
			summary, problems := campaign.Year{
				Lifecycle: lifecycle, Nights: nights, RotateAfter: 4, Overlap: 2, PickUp: 1, DriftEvery: 5, SavedEvery: 3, Seed: 1,
				Runner: func(env map[string]string, now func() time.Time) campaign.Runner { return campaign.NewCLI(t, env, now) },
			}.Run(t)
			t.Logf("%s, by the CLI: %s", lifecycle.System, summary)
			judge(t, summary, problems)
			if summary.Rotations < nights/5 || summary.Retirements == 0 {
				t.Errorf("too little happened: %s", summary)
			}
		})
	}
}

func judge(t *testing.T, summary campaign.Summary, problems []string) {
	t.Helper()
	for _, problem := range problems {
		t.Error(problem)
	}
	if summary.Refusals > 0 {
		t.Errorf("refusals = %d", summary.Refusals)
	}
}

// rotating are the lifecycles of rotating credentials.
func rotating() []campaign.Lifecycle {
	var all []campaign.Lifecycle
	for _, lifecycle := range campaign.Lifecycles() {
		if strings.Contains(lifecycle.Noun, "rotating") {
			all = append(all, lifecycle)
		}
	}
	return all
}
