package acctest

import "testing"

// Count counts the requests among [Box.Requests] for which counts is true.
func (b *Box) Count(t testing.TB, counts func(RequestCount) bool) int {
	t.Helper()
	total := 0
	for _, request := range b.Requests(t) {
		if counts(request) {
			total += request.Count
		}
	}
	return total
}

// MustBeUnasked fails if there are any [Box.Requests].
func (b *Box) MustBeUnasked(t testing.TB) {
	t.Helper()
	if requests := b.Requests(t); len(requests) > 0 {
		t.Errorf("requests were sent: %v", requests)
	}
}
