package main

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

//go:embed scenes
var configurations embed.FS

// unpack writes a scene's configuration into a folder of its own.
func unpack(scene, folder string) error {
	files, err := fs.Sub(configurations, path.Join("scenes", scene))
	if err != nil {
		return err
	}
	return os.CopyFS(folder, files)
}

// stage is what a scene plays on.
type stage struct {
	*narrator
	ctx     context.Context //nolint:containedctx // A scene is one run from beginning to end.
	cli     *cli
	sandbox *sandbox
}

// apply applies the configuration as it is at first, without a plan that was looked at.
func (s *stage) apply() error {
	_, err := s.cli.run(s.ctx, "apply", "-auto-approve", "-input=false", "-no-color")
	return err
}

// applyPlan applies the latest plan, as it was found.
func (s *stage) applyPlan() error {
	_, err := s.cli.run(s.ctx, "apply", "-input=false", "-no-color", s.planFile())
	return err
}

func (s *stage) planFile() string { return filepath.Join(s.cli.folder, "next.tfplan") }

// newQuarter makes each scene that rotates do so.
const newQuarter = "-var=quarter=second"

// handedOver reads the output credentials: what its holder needs to log in, as one text.
func (s *stage) handedOver(into any) error {
	text, err := s.cli.output(s.ctx, "credentials")
	if err != nil {
		return err
	}
	// The reason is left out: it quotes from the text, which holds secrets.
	if json.Unmarshal([]byte(text), into) != nil {
		return errors.New("the output credentials does not hold what a login needs")
	}
	return nil
}

// expectQuiet plans, and fails if there is anything to do.
func (s *stage) expectQuiet(variables ...string) error {
	changes, err := s.plan(variables...)
	if err != nil {
		return err
	}
	if len(changes) > 0 {
		return fmt.Errorf("an empty plan was expected, but it holds %v", changes)
	}
	s.fact("the plan is empty: nothing to do")
	return nil
}

// expectChange plans, and fails unless exactly the object at address changes, in that way.
func (s *stage) expectChange(address, how string, variables ...string) (change, error) {
	changes, err := s.expectChanges([]string{address}, how, variables...)
	if err != nil {
		return change{}, err
	}
	return changes[0], nil
}

// expectChanges plans, and fails unless exactly the objects at these addresses change, all in that way. It returns the
// changes in the order of the addresses.
func (s *stage) expectChanges(addresses []string, how string, variables ...string) ([]change, error) {
	changes, err := s.plan(variables...)
	if err != nil {
		return nil, err
	}
	place := func(c change) int { return slices.Index(addresses, c.Address) }
	slices.SortFunc(changes, func(a, b change) int { return place(a) - place(b) })
	fits := func(c change, address string) bool { return c.Address == address && c.how() == how }
	all := strings.Join(addresses, " and ")
	if !slices.EqualFunc(changes, addresses, fits) {
		return nil, fmt.Errorf("a plan to %s %s alone was expected, but it holds %v", how, all, changes)
	}
	s.fact("the plan wants to %s %s, and nothing else", how, all)
	return changes, nil
}

// plan returns the changes of a plan, and checks that the exit code agrees with them.
func (s *stage) plan(variables ...string) ([]change, error) {
	file := s.planFile()
	arguments := slices.Concat([]string{"plan", "-detailed-exitcode", "-input=false", "-no-color", "-out=" + file}, variables)
	code, err := s.cli.exitCode(s.ctx, arguments...)
	if err != nil {
		return nil, err
	}
	var planned struct {
		ResourceChanges []change `json:"resource_changes"`
	}
	if err := s.cli.decode(s.ctx, &planned, "show", "-json", file); err != nil {
		return nil, err
	}
	changes := slices.DeleteFunc(planned.ResourceChanges, func(c change) bool { return c.how() == "leave" })
	if quiet := len(changes) == 0; quiet != (code == 0) {
		return nil, fmt.Errorf("plan ended with code %d, but holds the changes %v", code, changes)
	}
	return changes, nil
}

// destroy destroys everything, and fails if anything is left in these systems of the sandbox.
func (s *stage) destroy(systems []string, variables ...string) error {
	if _, err := s.cli.run(s.ctx, slices.Concat([]string{"destroy", "-auto-approve", "-input=false", "-no-color"}, variables)...); err != nil {
		return err
	}
	for _, system := range systems {
		objects, err := s.sandbox.objects(s.ctx, system)
		if err != nil {
			return err
		}
		for noun, list := range objects {
			if len(list) > 0 {
				return fmt.Errorf("%d %s of %s are left in the sandbox", len(list), noun, system)
			}
		}
	}
	s.fact("the sandbox is empty")
	return nil
}
