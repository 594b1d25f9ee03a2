package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

const (
	forecastZenMLKey = "machineid_zenml_api_key.forecast"
	forecastDTKey    = "machineid_dt_service_account_key.forecast"
	forecastMember   = "machineid_dt_project_member.forecast"
)

// place is a project, and the variable that holds its name.
type place struct{ called, variable string }

var (
	ownProject    = place{called: "its own project", variable: "TF_VAR_dt_project"}
	secondProject = place{called: "the second project", variable: "TF_VAR_dt_other_project"}
)

// forecast is what the scene's one program holds to work in both systems.
type forecast struct {
	ZenMLKey string `json:"zenml_key"`
	DTKey    dtKey  `json:"dt"`
}

func playDT(s *stage) error {
	s.say("One apply makes a service account with a key in each system. DT's gets a role in a second project.")
	if err := s.apply(); err != nil {
		return err
	}
	member, err := soleMember(s)
	if err != nil {
		return err
	}
	s.fact("DT holds the account and its key, and its role in %s", member.Parent)
	holder, err := holderOfBoth(s)
	if err != nil {
		return err
	}
	if err := holder.expectBoth(s, "first", true); err != nil {
		return err
	}
	studio := dtStudio{environment: s.sandbox.environment}
	if err := studio.expectRead(s, holder.DTKey, secondProject, true); err != nil {
		return err
	}
	if err := studio.expectRead(s, holder.DTKey, ownProject, false); err != nil {
		return err
	}
	if err := loseTheRole(s, studio, holder, member); err != nil {
		return err
	}
	return rotateAndDestroyBoth(s, studio, holder)
}

// loseTheRole takes the role away as a click in DT Studio would, and has it repaired.
func loseTheRole(s *stage, studio dtStudio, holder forecast, member object) error {
	s.say("An hour later, behind Terraform's back, somebody removes DT's account from the second project.")
	if err := s.sandbox.setClock(s.ctx, "1h"); err != nil {
		return err
	}
	if err := studio.remove(s.ctx, member); err != nil {
		return err
	}
	if err := studio.expectRead(s, holder.DTKey, secondProject, false); err != nil {
		return err
	}

	s.say("The next plan finds it, and apply repairs it.")
	if _, err := s.expectChange(forecastMember, "create"); err != nil {
		return err
	}
	if err := s.applyPlan(); err != nil {
		return err
	}
	return studio.expectRead(s, holder.DTKey, secondProject, true)
}

func rotateAndDestroyBoth(s *stage, studio dtStudio, old forecast) error {
	s.say("A new quarter begins: one changed value in rotate_when_changed replaces the keys of both systems.")
	found, err := s.expectChanges([]string{forecastZenMLKey, forecastDTKey}, "replace", newQuarter)
	if err != nil {
		return err
	}
	if !slices.Equal(found[1].Change.Actions, []string{"create", "delete"}) {
		return errors.New("the plan does not create DT's new key before it deletes the old one")
	}
	s.fact("DT's new key is created before the old one is deleted")
	if err := s.applyPlan(); err != nil {
		return err
	}
	if _, err := soleMember(s); err != nil {
		return err
	}
	s.fact("each system holds one key of the account, as before")

	s.say("The old keys open nothing any more; the new ones do.")
	rotated, err := holderOfBoth(s)
	if err != nil {
		return err
	}
	if err := old.expectBoth(s, "old", false); err != nil {
		return err
	}
	if err := rotated.expectBoth(s, "new", true); err != nil {
		return err
	}
	if err := studio.expectRead(s, rotated.DTKey, secondProject, true); err != nil {
		return err
	}
	if err := s.expectQuiet(newQuarter); err != nil {
		return err
	}

	s.say("Everything is destroyed.")
	if err := s.destroy([]string{"zenml", "dt"}, newQuarter); err != nil {
		return err
	}
	return rotated.expectBoth(s, "new", false)
}

// holderOfBoth reads from the output what the program is handed.
func holderOfBoth(s *stage) (forecast, error) {
	var holder forecast
	err := s.handedOver(&holder)
	return holder, err
}

// expectBoth tries the keys at the doors of both systems.
func (f forecast) expectBoth(s *stage, which string, accepted bool) error {
	server := zenml{environment: s.sandbox.environment}
	studio := dtStudio{environment: s.sandbox.environment}
	return errors.Join(
		server.expectLogin(s, fmt.Sprintf("the %s key of ZenML", which), f.ZenMLKey, accepted),
		studio.expectLogin(s, fmt.Sprintf("the %s key of DT", which), f.DTKey, accepted),
	)
}

// soleMember returns the one membership in the sandbox. There must be one account in each system, with one key.
func soleMember(s *stage) (object, error) {
	if _, err := soleKey(s); err != nil {
		return object{}, err
	}
	objects, err := s.sandbox.objects(s.ctx, "dt")
	if err != nil {
		return object{}, err
	}
	accounts, keys, members := objects["service_accounts"], objects["service_account_keys"], objects["project_members"]
	if len(accounts) != 1 || len(keys) != 1 || len(members) != 1 {
		return object{}, fmt.Errorf("one account with one key and one role was expected in DT; there are %d accounts, %d keys and %d roles",
			len(accounts), len(keys), len(members))
	}
	if !strings.HasSuffix(keys[0].Parent, "/"+accounts[0].ID) || members[0].ID != accounts[0].ID {
		return object{}, errors.New("the key or the role in DT is not that of the account")
	}
	if members[0].Parent != s.sandbox.environment[secondProject.variable] {
		return object{}, fmt.Errorf("the role is in %q, which is not the second project", members[0].Parent)
	}
	return members[0], nil
}

// remove does what a click in DT Studio would do.
func (d dtStudio) remove(ctx context.Context, member object) error {
	token, status, err := d.login(ctx, dtKey{
		ID:     d.environment["DT_SERVICE_ACCOUNT_KEY_ID"],
		Secret: d.environment["DT_SERVICE_ACCOUNT_SECRET"],
		Email:  d.environment["DT_SERVICE_ACCOUNT_EMAIL"],
	})
	if err != nil || token == "" {
		return errors.Join(fmt.Errorf("the admin of DT cannot log in: status %d", status), err)
	}
	status, err = d.call(ctx, http.MethodDelete, member.Parent+"/members/"+member.ID, token)
	if err != nil || status != http.StatusOK {
		return errors.Join(fmt.Errorf("the admin of DT cannot remove the member: status %d", status), err)
	}
	return nil
}
