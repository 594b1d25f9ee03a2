package main

import (
	"errors"
	"fmt"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// store holds objects by what makes them one: their "id" or what they have instead. It lives as long as its
// process; what an earlier one made is held as the state has it once it is read.
type store struct {
	mu      sync.Mutex
	made    int
	objects map[string]tftypes.Value
}

// create holds a planned object, with what is unknown of it made up.
func (s *store) create(plan tftypes.Value) (tftypes.Value, error) {
	s.mu.Lock()
	s.made++
	number := s.made
	s.mu.Unlock()
	object, err := known(plan, number)
	if err != nil {
		return object, err
	}
	return object, s.put(object)
}

func (s *store) read(state tftypes.Value) (tftypes.Value, error) {
	key, err := keyOf(state)
	if err != nil {
		return state, err
	}
	s.mu.Lock()
	object, held := s.objects[key]
	s.mu.Unlock()
	if held {
		return object, nil
	}
	return state, s.put(state)
}

func (s *store) update(state, plan tftypes.Value) (tftypes.Value, error) {
	if err := s.remove(state); err != nil {
		return plan, err
	}
	return s.create(plan)
}

func (s *store) remove(state tftypes.Value) error {
	key, err := keyOf(state)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.objects, key)
	return nil
}

func (s *store) put(object tftypes.Value) error {
	key, err := keyOf(object)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.objects == nil {
		s.objects = map[string]tftypes.Value{}
	}
	s.objects[key] = object
	return nil
}

func keyOf(object tftypes.Value) (string, error) {
	var attributes map[string]tftypes.Value
	if err := object.As(&attributes); err != nil {
		return "", err
	}
	for _, name := range []string{"id", "key_id", "name"} {
		var key string
		if value, has := attributes[name]; has && value.As(&key) == nil && key != "" {
			return key, nil
		}
	}
	return "", errors.New("it has no id")
}

// accountName is what the keys of DT refuse to take in another form.
var accountName = tftypes.NewAttributePath().WithAttributeName("name")

// known makes up what is unknown.
func known(plan tftypes.Value, number int) (tftypes.Value, error) {
	return tftypes.Transform(plan, func(at *tftypes.AttributePath, value tftypes.Value) (tftypes.Value, error) {
		if value.IsKnown() {
			return value, nil
		}
		switch kind := value.Type(); {
		case at.Equal(accountName):
			return tftypes.NewValue(kind, fmt.Sprintf("projects/floor/serviceaccounts/%020d", number)), nil
		case kind.Is(tftypes.String):
			return tftypes.NewValue(kind, fmt.Sprintf("00000000-0000-4000-8000-%012d", number)), nil
		case kind.Is(tftypes.Bool):
			return tftypes.NewValue(kind, true), nil
		case kind.Is(tftypes.Number):
			return tftypes.NewValue(kind, number), nil
		case kind.Is(tftypes.List{}), kind.Is(tftypes.Set{}):
			return tftypes.NewValue(kind, []tftypes.Value{}), nil
		default:
			return tftypes.NewValue(kind, nil), nil
		}
	})
}
