package provider_test

import (
	"bytes"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"
	"github.com/hashicorp/terraform-plugin-log/tfsdklogtest"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
	"github.com/machineid/terraform-provider-machineid/internal/campaign"
)

var savedSoFar = regexp.MustCompile(`"saved_so_far":(\d+)`)

// TestTheLogTellsWhatListsSave has one account be read by itself, because a list calls it by another name. The log of that
// request counts the objects before it that needed none.
func TestTheLogTellsWhatListsSave(t *testing.T) {
	t.Parallel()
	for _, system := range []string{"zenml", "dt", "neowit", "keycard"} {
		t.Run(system, func(t *testing.T) {
			t.Parallel()
			box := acctest.Sandbox(t)
			env := box.Between(t, acctest.Between{Rewrite: func(r *http.Request, answer string) string {
				if r.Method != http.MethodGet || strings.Count(answer, "ours-") < 2 {
					return answer
				}
				return strings.ReplaceAll(answer, "ours-2", "odd-2")
			}})
			engine := campaign.NewEngine(env, time.Now)
			blocks := accounts(system, "ours", env, 3, 2)
			if err := engine.Apply(t.Context(), blocks, nil); err != nil {
				t.Fatal(err)
			}
			var log bytes.Buffer
			ctx := tflogtest.RootLogger(tfsdklogtest.RootLogger(t.Context(), &log), &log)
			if changes, err := engine.Changes(ctx, blocks); err != nil || len(changes) > 0 {
				t.Fatalf("%v, %v", changes, err)
			}
			most := 0
			for _, found := range savedSoFar.FindAllStringSubmatch(log.String(), -1) {
				count, err := strconv.Atoi(found[1])
				if err != nil {
					t.Fatal(err)
				}
				most = max(most, count)
			}
			// Before the third account come two, and the two keys of each.
			if most < 6 || most > len(blocks)-1 {
				t.Errorf("at most %d requests are said to be saved, of %d objects", most, len(blocks))
			}
		})
	}
}
