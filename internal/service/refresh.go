package service

import "reflect"

// Unchanged tells whether a list shows an object as the state has it; both are models of one resource. A list may be older
// than an answer about the object, or leave something out, so a difference is no answer: the object is to be read. For the
// same reasons a list can hide a change for a while; that is the price of reading it.
func Unchanged[M any](listed, state M) bool {
	// Models hold maps, which Go's == does not compare.
	return reflect.DeepEqual(listed, state)
}
