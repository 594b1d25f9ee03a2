package snapshot_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/snapshot"
)

type item struct{ id, value string }

// shelf is a collection on a server, listed by pages of a size.
type shelf struct {
	mu      sync.Mutex
	ids     []string
	values  map[string]string
	size    int
	tells   bool // how many pages follow
	err     error
	fetched atomic.Int32
	entered chan struct{} // a fetch that has begun sends to it, and waits for the next; nil for none
}

func newShelf(count, size int, tells bool) *shelf {
	s := &shelf{values: map[string]string{}, size: size, tells: tells}
	for i := range count {
		s.put(strconv.Itoa(i), "v")
	}
	return s
}

func (s *shelf) put(id, value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, known := s.values[id]; !known {
		s.ids = append(s.ids, id)
	}
	s.values[id] = value
}

func (s *shelf) page(ctx context.Context, _, next string) (snapshot.Page[item], error) {
	s.fetched.Add(1)
	if s.entered != nil {
		s.entered <- struct{}{}
		<-s.entered
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := errors.Join(ctx.Err(), s.err); err != nil {
		return snapshot.Page[item]{}, err
	}
	number, _ := strconv.Atoi(next)
	var page snapshot.Page[item]
	for _, id := range s.ids[min(number*s.size, len(s.ids)):min((number+1)*s.size, len(s.ids))] {
		page.Items = append(page.Items, item{id, s.values[id]})
	}
	if left := len(s.ids) - (number+1)*s.size; left > 0 {
		page.Next = strconv.Itoa(number + 1)
		if s.tells {
			page.Further = (left + s.size - 1) / s.size
		}
	}
	return page, nil
}

func (s *shelf) lists() *snapshot.Lists[item] {
	return snapshot.New(s.page, func(i item) string { return i.id })
}

// TestRequests counts the pages and single reads that a refresh of some objects of a collection takes.
func TestRequests(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		count, size int
		tells       bool
		wanted      []int // which objects are read
		most        int   // requests
	}{
		"one object":                       {1, 100, false, from(0, 1), 1},
		"one of few":                       {50, 100, false, from(7, 1), 1},
		"one on a further page":            {150, 100, true, from(149, 1), 2},
		"one of many, not told":            {10000, 100, false, from(9999, 1), 2},
		"all of a page":                    {100, 100, false, from(0, 100), 1},
		"all of two pages":                 {200, 100, true, from(0, 200), 2},
		"all of ten pages":                 {1000, 100, true, from(0, 1000), 1 + 9 + 9},
		"all of ten pages, not told":       {1000, 100, false, from(0, 1000), 1 + 9 + 10},
		"thirty of ten thousand, not told": {10010, 100, false, from(9000, 30), 30 + 3},
		"ten of ten thousand":              {10010, 100, true, from(10000, 10), 11},
		"ten of ten thousand, not told":    {10010, 100, false, from(10000, 10), 11},
		"twenty of ten thousand":           {10010, 100, true, from(9000, 20), 21},
		"twenty of a thousand by hundred":  {1000, 100, true, from(900, 20), 1 + 9 + 9},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShelf(test.count, test.size, test.tells)
			lists := s.lists()
			singles := 0
			for _, i := range test.wanted {
				found, ok := lists.Find(t.Context(), "c", strconv.Itoa(i))
				if !ok {
					singles++
				} else if found.id != strconv.Itoa(i) {
					t.Fatalf("asked for %d, found %v", i, found)
				}
			}
			if requests := int(s.fetched.Load()) + singles; requests > test.most {
				t.Errorf("%d pages and %d single reads, want at most %d requests", s.fetched.Load(), singles, test.most)
			}
		})
	}
}

func from(first, count int) []int {
	all := make([]int, count)
	for i := range all {
		all[i] = first + i
	}
	return all
}

func TestNoAnswer(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		before        func(lists *snapshot.Lists[item])
		id            string
		want, fetched bool
	}{
		"none":                    {func(*snapshot.Lists[item]) {}, "1", true, true},
		"it is not listed":        {func(*snapshot.Lists[item]) {}, "7", false, true},
		"it was changed":          {func(lists *snapshot.Lists[item]) { lists.Changed("c", "1") }, "1", false, false},
		"another was changed":     {func(lists *snapshot.Lists[item]) { lists.Changed("c", "2") }, "1", true, true},
		"all are forgotten":       {func(lists *snapshot.Lists[item]) { lists.Forget() }, "1", false, false},
		"one of another":          {func(lists *snapshot.Lists[item]) { lists.Changed("d", "1") }, "1", true, true},
		"it was changed later on": {func(lists *snapshot.Lists[item]) { lists.Find(context.Background(), "c", "1"); lists.Changed("c", "1") }, "1", false, true},
	} {
		s := newShelf(3, 100, false)
		lists := s.lists()
		test.before(lists)
		if _, ok := lists.Find(t.Context(), "c", test.id); ok != test.want {
			t.Errorf("%s: answered: %t", name, ok)
		}
		if fetched := s.fetched.Load() > 0; fetched != test.fetched {
			t.Errorf("%s: fetched: %t", name, fetched)
		}
	}
	var none *snapshot.Lists[item]
	none.Changed("c", "1")
	none.Forget()
	if _, ok := none.Find(t.Context(), "c", "1"); ok {
		t.Error("no lists have answered")
	}
}

// What is changed while its list is read is not answered, for the list may have been made before.
func TestAChangeWhileTheListIsRead(t *testing.T) {
	t.Parallel()
	s := newShelf(3, 100, false)
	s.entered = make(chan struct{})
	lists := s.lists()
	answered := make(chan bool)
	go func() {
		_, ok := lists.Find(t.Context(), "c", "1")
		answered <- ok
	}()
	<-s.entered
	lists.Changed("c", "1")
	s.entered <- struct{}{}
	if <-answered {
		t.Error("answered with what may be old")
	}
	if _, ok := lists.Find(t.Context(), "c", "2"); !ok {
		t.Error("nothing else is answered either")
	}
}

// Many readers at once fetch a list once.
func TestManyReaders(t *testing.T) {
	t.Parallel()
	s := newShelf(64, 100, false)
	lists := s.lists()
	var group sync.WaitGroup
	for i := range 64 {
		group.Go(func() {
			if found, ok := lists.Find(t.Context(), "c", strconv.Itoa(i)); !ok || found.id != strconv.Itoa(i) {
				t.Errorf("%d: %v, %t", i, found, ok)
			}
		})
	}
	group.Wait()
	if fetched := s.fetched.Load(); fetched != 1 {
		t.Errorf("fetched %d times", fetched)
	}
}

// A list that cannot be read is asked for once, and after three of them no other one is.
func TestListsThatFail(t *testing.T) {
	t.Parallel()
	s := newShelf(3, 100, false)
	s.err = errors.New("forbidden")
	lists := s.lists()
	for collection := range 5 {
		for range 2 {
			if _, ok := lists.Find(t.Context(), fmt.Sprint(collection), "1"); ok {
				t.Error("answered")
			}
		}
	}
	if fetched := s.fetched.Load(); fetched != 3 {
		t.Errorf("fetched %d times", fetched)
	}
}

// An interrupt is no failure of the list.
func TestAnInterrupt(t *testing.T) {
	t.Parallel()
	s := newShelf(3, 100, false)
	lists := s.lists()
	interrupted, interrupt := context.WithCancel(t.Context())
	interrupt()
	for range 5 {
		if _, ok := lists.Find(interrupted, "c", "1"); ok {
			t.Error("answered")
		}
	}
	if _, ok := lists.Find(t.Context(), "c", "1"); !ok {
		t.Error("not answered after others were interrupted")
	}
}
