package snapshot_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/snapshot"
)

// world is a collection that we and others change, and what has been true of it since we began.
type world struct {
	*shelf
	random *rand.Rand
	lists  *snapshot.Lists[item]
	ours   map[string]bool     // what we have changed
	past   map[string][]string // every value that an object has had
	made   int
}

func newWorld(seed uint64) *world {
	random := rand.New(rand.NewPCG(seed, 0))
	s := newShelf(random.IntN(40), 1+random.IntN(20), random.IntN(2) == 0)
	w := &world{shelf: s, random: random, lists: s.lists(), ours: map[string]bool{}, past: map[string][]string{}, made: len(s.ids)}
	for id, value := range s.values {
		w.past[id] = []string{value}
	}
	return w
}

// step does one thing, and returns what is wrong with it; "" if nothing is.
func (w *world) step(t *testing.T) string {
	t.Helper()
	id, value := strconv.Itoa(w.random.IntN(w.made+3)), strconv.Itoa(w.random.IntN(1000))
	byUs := w.random.IntN(2) == 0
	_, exists := w.values[id]
	switch w.random.IntN(10) {
	case 0:
		w.made++
		w.set(strconv.Itoa(w.made), value, byUs)
	case 1:
		if exists {
			w.set(id, value, byUs)
		}
	case 2:
		if exists {
			w.drop(id, byUs)
		}
	default:
		return w.read(t, id)
	}
	return ""
}

func (w *world) set(id, value string, byUs bool) {
	if byUs {
		w.ours[id] = true
		w.lists.Changed("c", id)
	}
	w.put(id, value)
	w.past[id] = append(w.past[id], value)
}

func (w *world) drop(id string, byUs bool) {
	if byUs {
		w.ours[id] = true
		w.lists.Changed("c", id)
	}
	delete(w.values, id)
	w.ids = slices.DeleteFunc(w.ids, func(other string) bool { return other == id })
}

// read asks the lists, and compares their answer with what may be said: only what was true since we began, and nothing of
// what we have changed. Without an answer the object is read itself, which is always true.
func (w *world) read(t *testing.T, id string) string {
	t.Helper()
	found, answered := w.lists.Find(t.Context(), "c", id)
	switch {
	case !answered:
		return ""
	case w.ours[id]:
		return fmt.Sprintf("answered for %s, which we have changed", id)
	case found.id != id || !slices.Contains(w.past[id], found.value):
		return fmt.Sprintf("answered %v for %s, which has been %q", found, id, w.past[id])
	}
	return ""
}

// TestWhatIsAnsweredWasTrue plays a thousand sequences of fifty steps, or twenty thousand with MACHINEID_LONG=1: creations,
// changes and deletions by us and by others, and reads between them.
func TestWhatIsAnsweredWasTrue(t *testing.T) {
	t.Parallel()
	sequences := uint64(1000)
	if os.Getenv("MACHINEID_LONG") != "" {
		sequences = 20000
	}
	answers := 0
	for seed := range sequences {
		w := newWorld(seed)
		for step := range 50 {
			if problem := w.step(t); problem != "" {
				t.Fatalf("sequence %d, step %d: %s", seed, step, problem)
			}
		}
		for id := range w.values {
			if _, answered := w.lists.Find(t.Context(), "c", id); answered {
				answers++
			}
		}
	}
	if answers == 0 {
		t.Error("nothing was ever answered")
	}
}
