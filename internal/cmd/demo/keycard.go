package main

import (
	"errors"
	"fmt"
	"slices"
)

const brokerCredential = "machineid_keycard_service_account_credential.building"

// building is what the scene's one program holds to work in all systems.
type building struct {
	ZenMLKey string      `json:"zenml_key"`
	DT       dtKey       `json:"dt"`
	Neowit   neowitKey   `json:"neowit"`
	Keycard  keycardPair `json:"keycard"`
}

func playKeycard(s *stage) error {
	console := keycard{environment: s.sandbox.environment}

	s.say("One configuration has an account with a secret in ZenML, DT, Neowit and Keycard. One apply makes them all.")
	if err := s.apply(); err != nil {
		return err
	}
	made, err := expectOneEach(s)
	if err != nil {
		return err
	}
	first, err := holderOfAll(s)
	if err != nil {
		return err
	}
	if err := first.expectAll(s, true); err != nil {
		return err
	}

	s.say("A second plan follows, although all four were used in the meantime.")
	if err := s.expectQuiet(); err != nil {
		return err
	}
	if err := renameTheCredential(s, console, first, made); err != nil {
		return err
	}
	return rotateAndDestroyAll(s, console, first)
}

// renameTheCredential gives the credential another name, as an edit in the console would, and has that repaired.
func renameTheCredential(s *stage, console keycard, holder building, credential object) error {
	s.say("Behind Terraform's back, somebody renames the credential of Keycard.")
	if err := console.rename(s.ctx, credential, "do not touch"); err != nil {
		return err
	}

	s.say("The next plan finds it, and apply repairs it. The secret stays.")
	found, err := s.expectChange(brokerCredential, "update")
	if err != nil {
		return err
	}
	if found.Change.Before["name"] != "do not touch" || found.Change.After["name"] != "broker" {
		return errors.New("the plan does not give the credential its name back")
	}
	if err := s.applyPlan(); err != nil {
		return err
	}
	repaired, err := expectOneEach(s)
	if err != nil {
		return err
	}
	if repaired.ID != credential.ID || repaired.Name != "broker" {
		return fmt.Errorf("the credential in Keycard is another one, or is still called %q", repaired.Name)
	}
	return console.expectLogin(s, "the same credential of Keycard", holder.Keycard, true)
}

func rotateAndDestroyAll(s *stage, console keycard, old building) error {
	s.say("A new quarter begins: one changed value in rotate_when_changed replaces the credential of Keycard alone.")
	found, err := s.expectChange(brokerCredential, "replace", newQuarter)
	if err != nil {
		return err
	}
	if !slices.Equal(found.Change.Actions, []string{"create", "delete"}) {
		return errors.New("the plan does not create the new credential before it deletes the old one")
	}
	s.fact("the new credential is created before the old one is deleted")
	if err := s.applyPlan(); err != nil {
		return err
	}
	if _, err := expectOneEach(s); err != nil {
		return err
	}
	rotated, err := holderOfAll(s)
	if err != nil {
		return err
	}
	if err := console.expectLogin(s, "the old credential of Keycard", old.Keycard, false); err != nil {
		return err
	}
	if err := rotated.expectAll(s, true); err != nil {
		return err
	}
	if err := s.expectQuiet(newQuarter); err != nil {
		return err
	}

	s.say("Everything is destroyed, in all four systems.")
	if err := s.destroy([]string{"zenml", "dt", "neowit", "keycard"}, newQuarter); err != nil {
		return err
	}
	return rotated.expectAll(s, false)
}

// holderOfAll reads from the output what the program is handed.
func holderOfAll(s *stage) (building, error) {
	var holder building
	err := s.handedOver(&holder)
	return holder, err
}

// expectAll tries the secrets at the doors of all systems.
func (b building) expectAll(s *stage, accepted bool) error {
	environment := s.sandbox.environment
	return errors.Join(
		zenml{environment}.expectLogin(s, "the key of ZenML", b.ZenMLKey, accepted),
		dtStudio{environment}.expectLogin(s, "the key of DT", b.DT, accepted),
		neowit{environment}.expectLogin(s, "the key of Neowit", b.Neowit, accepted),
		keycard{environment}.expectLogin(s, "the credential of Keycard", b.Keycard, accepted),
	)
}

// expectOneEach fails unless each system holds one account with one secret. It returns Keycard's credential.
func expectOneEach(s *stage) (object, error) {
	var credential object
	for _, system := range []struct{ name, secrets string }{
		{"zenml", "api_keys"},
		{"dt", "service_account_keys"},
		{"neowit", "service_account_keys"},
		{"keycard", "service_account_credentials"},
	} {
		objects, err := s.sandbox.objects(s.ctx, system.name)
		if err != nil {
			return object{}, err
		}
		accounts, secrets := objects["service_accounts"], objects[system.secrets]
		if len(accounts) != 1 || len(secrets) != 1 {
			return object{}, fmt.Errorf("one account with one secret was expected in %s; there are %d accounts and %d secrets",
				system.name, len(accounts), len(secrets))
		}
		credential = secrets[0]
	}
	s.fact("each system holds one account with one secret")
	return credential, nil
}
