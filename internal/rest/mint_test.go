package rest_test

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// A token for somebody else is neither taken from the source nor kept in it.
func TestAMintedTokenIsNotTheSources(t *testing.T) {
	t.Parallel()
	var count atomic.Int64
	source := rest.NewTokenSource(mint(&count, time.Hour), nil)
	before := authorize(t, source).Get("Authorization")
	first, err1 := source.Mint(t.Context())
	second, err2 := source.Mint(t.Context())
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	if first.Value != "token-2" || second.Value != "token-3" || authorize(t, source).Get("Authorization") != before {
		t.Errorf("minted were %s and %s, and the source has %s", first.Value, second.Value, authorize(t, source).Get("Authorization"))
	}
}

// A credential that was refused is not tried again, by whomever.
func TestARefusalIsSharedByWhoMints(t *testing.T) {
	t.Parallel()
	var count atomic.Int64
	source := rest.NewTokenSource(func(context.Context) (rest.Token, error) {
		count.Add(1)
		return rest.Token{}, &rest.Error{System: "Vendor", Status: http.StatusUnauthorized}
	}, nil)
	_, first := source.Mint(t.Context())
	_, second := source.Mint(t.Context())
	third := source.Authorize(t.Context(), http.Header{})
	if !rest.IsLogin(first) || !rest.IsLogin(second) || !rest.IsLogin(third) || count.Load() != 1 {
		t.Errorf("%d fetches ended with %v, %v and %v", count.Load(), first, second, third)
	}
}
