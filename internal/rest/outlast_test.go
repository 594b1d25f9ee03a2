package rest_test

import (
	"context"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

func TestOutlast(t *testing.T) {
	t.Parallel()
	const grace = 100 * time.Millisecond
	ctx, interrupt := context.WithCancel(context.Background())
	lasting, cancel := rest.Outlast(ctx, grace)
	defer cancel()
	start := time.Now()
	interrupt()
	<-lasting.Done()
	if lasted := time.Since(start); lasted < grace {
		t.Errorf("the context lasted %s after the interrupt, want at least %s", lasted, grace)
	}

	untouched, cancel := rest.Outlast(context.Background(), grace)
	if untouched.Err() != nil {
		t.Error("the context ended without an interrupt")
	}
	cancel()
	if untouched.Err() == nil {
		t.Error("the context outlived its own cancel")
	}
}
