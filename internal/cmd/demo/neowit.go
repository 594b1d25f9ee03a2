package main

import (
	"errors"
	"fmt"
	"slices"
)

const (
	occupancyAccount = "machineid_neowit_service_account.occupancy"
	occupancyKey     = "machineid_neowit_service_account_key.occupancy"
)

func playNeowit(s *stage) error {
	app := neowit{environment: s.sandbox.environment}

	s.say("Terraform creates a service account and a key for it.")
	// A young key that is missing would be waited for.
	if err := s.sandbox.setClock(s.ctx, "-1h"); err != nil {
		return err
	}
	if err := s.apply(); err != nil {
		return err
	}
	first, err := soleNeowitKey(s, "occupancy")
	if err != nil {
		return err
	}
	if err := app.expectLogin(s, "the key", first, true); err != nil {
		return err
	}
	if err := renameTheAccount(s, app, first); err != nil {
		return err
	}
	second, err := loseTheKey(s, app, first)
	if err != nil {
		return err
	}
	return rotateAndDestroyNeowit(s, app, second)
}

// renamed is the name from the second step on.
const renamed = "-var=name=occupancy-report"

func renameTheAccount(s *stage, app neowit, key neowitKey) error {
	s.say("The account gets another name. How is not documented: here the first way is refused, and the provider finds the second.")
	if err := s.sandbox.set(s.ctx, "neowit", "update_verb", "put"); err != nil {
		return err
	}
	if _, err := s.expectChange(occupancyAccount, "update", renamed); err != nil {
		return err
	}
	if err := s.applyPlan(); err != nil {
		return err
	}
	kept, err := soleNeowitKey(s, "occupancy-report")
	if err != nil {
		return err
	}
	if kept != key {
		return errors.New("the account or its key is another one after the renaming")
	}
	return app.expectLogin(s, "the same key", kept, true)
}

// loseTheKey deletes the key as a click in the app would, and returns the one that Terraform makes in its place.
func loseTheKey(s *stage, app neowit, lost neowitKey) (neowitKey, error) {
	s.say("An hour has passed. Behind Terraform's back, somebody deletes the key by hand.")
	if err := s.sandbox.setClock(s.ctx, "0s"); err != nil {
		return neowitKey{}, err
	}
	if err := app.deleteKey(s.ctx, lost); err != nil {
		return neowitKey{}, err
	}
	if err := app.expectLogin(s, "the deleted key", lost, false); err != nil {
		return neowitKey{}, err
	}

	s.say("The next plan finds it, and apply makes a new key.")
	if _, err := s.expectChange(occupancyKey, "create", renamed); err != nil {
		return neowitKey{}, err
	}
	if err := s.applyPlan(); err != nil {
		return neowitKey{}, err
	}
	made, err := soleNeowitKey(s, "occupancy-report")
	if err != nil {
		return neowitKey{}, err
	}
	return made, app.expectLogin(s, "the new key", made, true)
}

func rotateAndDestroyNeowit(s *stage, app neowit, old neowitKey) error {
	s.say("A new quarter begins: one changed value in rotate_when_changed replaces the key.")
	found, err := s.expectChange(occupancyKey, "replace", renamed, newQuarter)
	if err != nil {
		return err
	}
	if !slices.Equal(found.Change.Actions, []string{"create", "delete"}) {
		return errors.New("the plan does not create the new key before it deletes the old one")
	}
	s.fact("the new key is created before the old one is deleted")
	if err := s.applyPlan(); err != nil {
		return err
	}
	rotated, err := soleNeowitKey(s, "occupancy-report")
	if err != nil {
		return err
	}
	if err := app.expectLogin(s, "the old key", old, false); err != nil {
		return err
	}
	if err := app.expectLogin(s, "the new key", rotated, true); err != nil {
		return err
	}
	if err := s.expectQuiet(renamed, newQuarter); err != nil {
		return err
	}

	s.say("Everything is destroyed.")
	if err := s.destroy([]string{"neowit"}, renamed, newQuarter); err != nil {
		return err
	}
	return app.expectLogin(s, "the new key", rotated, false)
}

// soleNeowitKey reads from the output what the account's holder is handed. It must be the one key of the one account in
// the sandbox, which must have that name.
func soleNeowitKey(s *stage, name string) (neowitKey, error) {
	var key neowitKey
	if err := s.handedOver(&key); err != nil {
		return key, err
	}
	objects, err := s.sandbox.objects(s.ctx, "neowit")
	if err != nil {
		return key, err
	}
	accounts, keys := objects["service_accounts"], objects["service_account_keys"]
	if len(accounts) != 1 || len(keys) != 1 || accounts[0].ID != key.AccountID || keys[0].ID != key.ID {
		return key, fmt.Errorf("one account with the one key of the output was expected in Neowit; there are %d accounts and %d keys",
			len(accounts), len(keys))
	}
	if accounts[0].Name != name {
		return key, fmt.Errorf("the account in Neowit is called %q, not %q", accounts[0].Name, name)
	}
	s.fact("Neowit holds the account %q and its key", name)
	return key, nil
}
