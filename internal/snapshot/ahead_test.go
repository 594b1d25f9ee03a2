package snapshot_test

import (
	"context"
	"errors"
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

// TestAListThatFailsAheadIsTheLast reads ahead what fails, or does not come. Whoever waits is not kept for long, and those who
// ask for it later are answered as if nobody had read ahead.
func TestAListThatFailsAheadIsTheLast(t *testing.T) {
	t.Parallel()
	for name, broken := range map[string]func(context.Context) error{
		"it fails": func(context.Context) error { return errors.New("no") },
		"it hangs": func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var ahead atomic.Int32
				lists := snapshot.New(func(ctx context.Context, name, _ string) (snapshot.Page[item], error) {
					if name != "asked" {
						ahead.Add(1)
						return snapshot.Page[item]{}, broken(ctx)
					}
					<-time.After(latency)
					return snapshot.Page[item]{Items: []item{{"1", "v"}}}, nil
				}, func(i item) string { return i.id })
				for i := range 100 {
					lists.Expect(strconv.Itoa(i))
				}
				started := time.Now()
				var readers sync.WaitGroup
				for range workers {
					readers.Go(func() {
						if _, answered := lists.Find(t.Context(), "asked", "1"); !answered {
							t.Error("no answer")
						}
					})
				}
				readers.Wait()
				lists.Expect("one more")
				if took := time.Since(started); ahead.Load() != 1 || took > 3*time.Second {
					t.Errorf("%d lists were read ahead, and it took %s", ahead.Load(), took)
				}
			})
		})
	}
}

// TestFailuresInARow lets every other list fail: they are tried to the end, as they are not once three in a row have failed.
func TestFailuresInARow(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fails func(int) bool
		tried int32
	}{
		"every other": {func(i int) bool { return i%2 == 1 }, 20},
		"all":         {func(int) bool { return true }, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var tried atomic.Int32
			lists := snapshot.New(func(_ context.Context, name, _ string) (snapshot.Page[item], error) {
				tried.Add(1)
				if i, _ := strconv.Atoi(name); test.fails(i) {
					return snapshot.Page[item]{}, errors.New("no")
				}
				return snapshot.Page[item]{Items: []item{{"1", "v"}}}, nil
			}, func(i item) string { return i.id })
			for i := range 20 {
				if _, answered := lists.Find(t.Context(), strconv.Itoa(i), "1"); answered == test.fails(i) {
					t.Errorf("%d: answered %t", i, answered)
				}
			}
			if tried.Load() != test.tried {
				t.Errorf("%d lists were tried, want %d", tried.Load(), test.tried)
			}
		})
	}
}

// TestWhatWasAskedForIsNotReadAhead expects a collection that was asked for already, and one that was not. Only the latter is
// read ahead, while a reader waits for another's list; and the wait ends with that list, though a third is read for an hour.
func TestWhatWasAskedForIsNotReadAhead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		fetched := map[string]int{}
		lists := snapshot.New(func(_ context.Context, name, _ string) (snapshot.Page[item], error) {
			mu.Lock()
			fetched[name]++
			mu.Unlock()
			switch name {
			case "slow":
				<-time.After(time.Hour)
			case "asked":
				<-time.After(latency)
			}
			return snapshot.Page[item]{Items: []item{{"1", "v"}}}, nil
		}, func(i item) string { return i.id })
		find := func(name string) {
			if _, answered := lists.Find(t.Context(), name, "1"); !answered {
				t.Errorf("%s: no answer", name)
			}
		}
		find("known")
		for _, name := range []string{"known", "slow", "new", "new", "new too"} {
			lists.Expect(name)
		}
		var readers sync.WaitGroup
		readers.Go(func() { find("slow") })
		synctest.Wait()
		started := time.Now()
		var both sync.WaitGroup
		both.Go(func() { find("asked") })
		both.Go(func() { find("asked") })
		both.Wait()
		if took := time.Since(started); took > latency {
			t.Errorf("it took %s", took)
		}
		mu.Lock()
		if fetched["known"] != 1 || fetched["slow"] != 1 || fetched["new"] != 1 || fetched["new too"] != 0 {
			t.Errorf("fetched %v", fetched)
		}
		mu.Unlock()
		find("new")
		if fetched["new too"] != 1 {
			t.Errorf("fetched %v after what was read ahead was of use", fetched)
		}
		readers.Wait()
	})
}
