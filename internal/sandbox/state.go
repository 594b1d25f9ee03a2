package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage"
)

// state is the content of the state file. Switches and the clock are not part of it: a restart sets them back.
type state struct {
	Systems map[string]json.RawMessage `json:"systems"`
}

func (s *Sandbox) load() error {
	if s.config.StateFile == "" {
		return nil
	}
	content, err := os.ReadFile(s.config.StateFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("cannot read the state file: %w", err)
	}
	var kept state
	if err := json.Unmarshal(content, &kept); err != nil {
		return fmt.Errorf("the state file %s is not one of the sandbox, remove it or name another: %w", s.config.StateFile, err)
	}
	for _, system := range s.systems {
		part, known := kept.Systems[system.Name()]
		if !known {
			continue // the file is older than the system, which keeps its fresh seed
		}
		if err := system.Load(part); err != nil {
			return fmt.Errorf("cannot use the state file %s for %s, remove it or name another: %w",
				s.config.StateFile, system.Name(), err)
		}
	}
	return nil
}

func (s *Sandbox) save() error {
	if s.config.StateFile == "" {
		return nil
	}
	// One at a time from reading to writing, else an older state could replace a newer one.
	s.saving.Lock()
	defer s.saving.Unlock()
	kept := state{Systems: map[string]json.RawMessage{}}
	for _, system := range s.systems {
		part, err := system.Save()
		if err != nil {
			return fmt.Errorf("cannot save %s: %w", system.Name(), err)
		}
		kept.Systems[system.Name()] = part
	}
	content, err := json.MarshalIndent(kept, "", "  ")
	if err != nil {
		return fmt.Errorf("cannot save the state: %w", err)
	}
	if err := stage.WriteFile(s.config.StateFile, content); err != nil {
		return fmt.Errorf("cannot write the state file: %w", err)
	}
	return nil
}
