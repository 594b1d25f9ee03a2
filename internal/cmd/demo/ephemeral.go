package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
)

// playEphemeral has one apply make a key, use a token of it, and revoke it.
func playEphemeral(s *stage) error {
	if err := s.sandbox.forgetRequests(s.ctx); err != nil {
		return err
	}
	s.say("A plan makes no key: only an apply does.")
	if _, err := s.plan(); err != nil {
		return err
	}
	if made, err := s.keyRequests(http.MethodPost); err != nil || made > 0 {
		return errors.Join(fmt.Errorf("a plan has made %d keys", made), err)
	}
	s.fact("ZenML was not asked to make one")

	s.say("One apply makes an account and a key, logs in with the key, reads with the token what ZenML has, and revokes the key.")
	if err := s.apply(); err != nil {
		return err
	}
	found, err := s.cli.run(s.ctx, "output", "-json", "-no-color", "found")
	if err != nil {
		return err
	}
	if !strings.Contains(found, `"inventory"`) {
		return fmt.Errorf("with the token, %s was found, and not the account", strings.TrimSpace(found))
	}
	s.fact("with the token of the key, the account %q was found", "inventory")
	for method, what := range map[string]string{http.MethodPost: "made", http.MethodDelete: "revoked"} {
		if asked, err := s.keyRequests(method); err != nil || asked != 1 {
			return errors.Join(fmt.Errorf("%d keys were %s, want one", asked, what), err)
		}
	}
	objects, err := s.sandbox.objects(s.ctx, "zenml")
	if err != nil {
		return err
	}
	if keys := objects["api_keys"]; len(keys) > 0 {
		return fmt.Errorf("%d keys are left in ZenML", len(keys))
	}
	s.fact("the key was made once, and revoked once: ZenML holds none")
	if err := s.expectNoSecretKept(); err != nil {
		return err
	}

	s.say("Everything is destroyed.")
	return s.destroy([]string{"zenml"})
}

// keyRequests counts the requests to the keys of ZenML with a method, since the scene began.
func (s *stage) keyRequests(method string) (count int, err error) {
	requests, err := s.sandbox.requests(s.ctx)
	for _, request := range requests {
		if request.System == "zenml" && request.Method == method && strings.Contains(request.Route, "/api_keys") {
			count += request.Count
		}
	}
	return count, err
}

// expectNoSecretKept fails if a file of the workspace has a key in it.
func (s *stage) expectNoSecretKept() error {
	files, err := filepath.Glob(filepath.Join(s.cli.folder, "*tfstate*"))
	if err != nil || len(files) == 0 {
		return errors.Join(errors.New("there is no state"), err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if strings.Contains(string(content), "ZENKEY_") || strings.Contains(string(content), "eyJ") {
			return fmt.Errorf("%s holds a key or a token", filepath.Base(file))
		}
	}
	s.fact("neither key nor token is in the state")
	return nil
}
