package rest

import "fmt"

// MaxPages is how many pages of one list are read. A list that is longer is taken for one that does not end.
const MaxPages = 2000

// ErrEndlessList tells that a list has more than [MaxPages] pages.
var ErrEndlessList = fmt.Errorf("the list does not end after %d pages", MaxPages)
