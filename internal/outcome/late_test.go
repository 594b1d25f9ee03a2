package outcome_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/outcome"
)

// This is what looking cannot save: an effect that shows after the last look. The creation is then repeated, and there are
// two. Nobody is told of the first, so the guide tells of it.
func TestAnEffectAfterTheLastLook(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{visible: 10 * time.Second}
		made, err := s.create(t.Context(), outcome.NewLedger(s.now, false), "", losesTheAnswer, works)
		if err != nil || made == nil || made.id != "id-2" || len(s.objects) != 2 {
			t.Errorf("made %+v, and there are %v; error %v", made, s.objects, err)
		}
	})
}
