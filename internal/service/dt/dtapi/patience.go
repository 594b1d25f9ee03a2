package dtapi

import (
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// settling is how long a new object may be invisible (contract: delayed visibility).
const settling = 30 * time.Second

// either tells failures that pass by one of two reasons.
func either(first, second func(error) bool) func(error) bool {
	return func(err error) bool { return first(err) || second(err) }
}

// invisibleYet tells a 404 that may only mean that an object made at that moment is not visible everywhere. The zero
// moment is that of an object of unknown age, whose 404 is believed.
func invisibleYet(created time.Time) func(error) bool {
	return func(err error) bool { return IsNotFound(err) && isSettling(err, created) }
}

// isSettling tells that an answer came so soon after a creation that it may not take account of it. A repeat of our own
// request is answered by what that did.
func isSettling(err error, created time.Time) bool {
	return rest.AnsweredWithin(settling, created, err) && !rest.IsUnsure(err)
}
