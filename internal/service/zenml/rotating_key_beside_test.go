package zenml_test

import (
	"net/http"
	"testing"
)

// beside returns a key after which a second one has taken over, with the first value, which is accepted for seven days more.
func beside(t *testing.T) (r rotated, first string) {
	t.Helper()
	r = clocked(t, "rotating_key.tf", map[string]any{"rotate": map[string]string{"n": "1"}})
	first = text(r.held("current"), "secret")
	r.lose(t, "cut_after", "2")
	r.mustTurn(t, rotatingAddress, "update", "makes a second key")
	return r, first
}

// What happens to the second key ends no time of the first one, which is another key.
func TestAccRotatingKeyBesideLivesOn(t *testing.T) {
	t.Parallel()
	t.Run("rotated elsewhere", func(t *testing.T) {
		t.Parallel()
		r, first := beside(t)
		account, id := r.place()
		second := text(r.held("current"), "secret")
		theirs := r.server.hand.rotateKey(t, account, id, 60*24*60)
		r.mustSay(t, "", "was rotated outside Terraform", "The plan waits until the previous key retires")
		r.mustAccept(t, true, first, second, theirs)
		r.server.box.MoveClock(t, 8*day)
		r.mustTurn(t, rotatingAddress, "update", "makes a second key")
		r.mustAccept(t, false, first)
		r.mustAccept(t, true, second, theirs, text(r.held("current"), "secret"))
		r.MustDestroy()
	})
	t.Run("rotated elsewhere, and no time to wait", func(t *testing.T) {
		t.Parallel()
		r, first := beside(t)
		account, id := r.place()
		second := text(r.held("current"), "secret")
		r.server.hand.rotateKey(t, account, id, 24*60)
		r.mustTurn(t, rotatingAddress, "update", "makes a second key", "is deleted early")
		r.mustAccept(t, false, first)
		r.mustAccept(t, true, second, text(r.held("current"), "secret"))
		r.MustDestroy()
	})
	t.Run("rotated elsewhere, and asked for", func(t *testing.T) {
		t.Parallel()
		r, first := beside(t)
		account, id := r.place()
		second := text(r.held("current"), "secret")
		r.server.hand.rotateKey(t, account, id, 60*24*60)
		r.set(t, map[string]any{"rotate": map[string]string{"n": "3"}})
		r.mustTurn(t, rotatingAddress, "update", "makes a second key", "is revoked early")
		r.mustAccept(t, false, first)
		r.mustAccept(t, true, second, text(r.held("current"), "secret"))
		r.MustDestroy()
	})
	t.Run("rotated elsewhere for good", func(t *testing.T) {
		t.Parallel()
		r, first := beside(t)
		account, id := r.place()
		r.server.hand.rotateKey(t, account, id, 0)
		r.mustTurn(t, rotatingAddress, "update", "was rotated outside Terraform", "refused at once")
		r.mustAccept(t, true, first, text(r.held("current"), "secret"))
		r.server.box.MoveClock(t, 8*day)
		r.mustTurn(t, rotatingAddress, "update")
		r.mustAccept(t, false, first)
		r.MustDestroy()
	})
	t.Run("refused", func(t *testing.T) {
		t.Parallel()
		r, first := beside(t)
		r.set(t, map[string]any{"verify_on_refresh": true})
		r.MustApply()
		r.server.box.MoveClock(t, day)
		r.withoutLogins(t, http.StatusUnauthorized, func() { r.mustSay(t, "update", "is no longer accepted") })
		r.refuseOnce(t)
		r.MustApply(r.SavedPlan())
		r.MustBeQuiet()
		r.mustAccept(t, true, first, text(r.held("current"), "secret"))
		r.MustDestroy()
	})
}
