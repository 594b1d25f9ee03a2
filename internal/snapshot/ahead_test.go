package snapshot_test

import (
	"context"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/snapshot"
)

const (
	latency = 20 * time.Millisecond
	workers = 10 // what Terraform does at a time
	perList = 10
)

// walk asks for every object of so many collections, in their order, as Terraform does. It returns how many lists were read,
// and how long that took.
func walk(t *testing.T, collections, expected int) (lists int, took time.Duration) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		var fetched atomic.Int32
		held := snapshot.New(func(ctx context.Context, name, _ string) (snapshot.Page[item], error) {
			fetched.Add(1)
			select {
			case <-time.After(latency):
			case <-ctx.Done():
				return snapshot.Page[item]{}, ctx.Err()
			}
			var page snapshot.Page[item]
			for i := range perList {
				page.Items = append(page.Items, item{strconv.Itoa(i), name})
			}
			return page, nil
		}, func(i item) string { return i.id })
		for i := range expected {
			held.Expect(strconv.Itoa(i))
		}
		asked := make(chan [2]string)
		var readers sync.WaitGroup
		for range workers {
			readers.Go(func() {
				for object := range asked {
					if found, answered := held.Find(t.Context(), object[0], object[1]); !answered || found.value != object[0] {
						t.Errorf("%v: %v, %t", object, found, answered)
					}
				}
			})
		}
		started := time.Now()
		for i := range collections {
			for j := range perList {
				asked <- [2]string{strconv.Itoa(i), strconv.Itoa(j)}
			}
		}
		close(asked)
		readers.Wait()
		lists, took = int(fetched.Load()), time.Since(started)
	})
	return lists, took
}

func TestReadAhead(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		collections, expected int
		inVain                int
		longest               time.Duration
	}{
		"what is expected is asked for": {collections: 100, expected: 100, inVain: 0, longest: 100 * latency / 4},
		"only one is asked for":         {collections: 1, expected: 100, inVain: 1, longest: 2 * latency},
		"half are asked for":            {collections: 50, expected: 100, inVain: 8, longest: 50 * latency / 3},
		"nothing is expected":           {collections: 100, expected: 0, inVain: 0, longest: 100 * latency},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lists, took := walk(t, test.collections, test.expected)
			t.Logf("%d lists in %s", lists, took)
			if lists < test.collections || lists > test.collections+test.inVain {
				t.Errorf("%d lists for %d collections, want at most %d in vain", lists, test.collections, test.inVain)
			}
			if took > test.longest {
				t.Errorf("it took %s, want at most %s", took, test.longest)
			}
		})
	}
}

func TestNothingIsReadAheadOfWhatIsForgotten(t *testing.T) {
	t.Parallel()
	var fetched atomic.Int32
	lists := snapshot.New(func(context.Context, string, string) (snapshot.Page[item], error) {
		fetched.Add(1)
		return snapshot.Page[item]{Items: []item{{"1", "v"}}}, nil
	}, func(i item) string { return i.id })
	lists.Expect("b")
	lists.Forget()
	if _, answered := lists.Find(t.Context(), "a", "1"); answered || fetched.Load() > 0 {
		t.Errorf("answered %t, %d lists", answered, fetched.Load())
	}
	var none *snapshot.Lists[item]
	none.Expect("a") // bulk_refresh is off
}
