package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage"
)

// clockSystem is the name under which the sandbox's own switch stands between those of the systems.
const clockSystem = "clock"

func clockOptions() *stage.Options {
	return stage.NewOptions(stage.Switch{
		Name: "offset", Default: "0s", About: "How far the clock of all systems is ahead, as in 720h or -90s.",
		Check: func(value string) error { _, err := time.ParseDuration(value); return err },
	})
}

func (s *Sandbox) controlRoutes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /_sandbox/objects", s.getObjects)
	mux.HandleFunc("GET /_sandbox/requests", func(w http.ResponseWriter, _ *http.Request) {
		stage.JSON(w, http.StatusOK, s.requests.log())
	})
	mux.HandleFunc("DELETE /_sandbox/requests", func(w http.ResponseWriter, _ *http.Request) {
		s.requests.reset()
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("GET /_sandbox/faults", func(w http.ResponseWriter, _ *http.Request) {
		stage.JSON(w, http.StatusOK, s.faults.list())
	})
	mux.HandleFunc("POST /_sandbox/faults", s.postFault)
	mux.HandleFunc("DELETE /_sandbox/faults", func(w http.ResponseWriter, _ *http.Request) {
		s.faults.disarm()
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("GET /_sandbox/options", s.getOptions)
	mux.HandleFunc("PUT /_sandbox/options", s.putOptions)
	return mux
}

func (s *Sandbox) getObjects(w http.ResponseWriter, _ *http.Request) {
	all := map[string]map[string][]stage.Object{}
	for _, system := range s.systems {
		all[system.Name()] = system.Objects()
	}
	stage.JSON(w, http.StatusOK, all)
}

func (s *Sandbox) postFault(w http.ResponseWriter, r *http.Request) {
	var f fault
	if err := decode(r.Body, &f); err != nil {
		refuse(w, http.StatusBadRequest, err)
		return
	}
	var systems []string
	for _, system := range s.systems {
		systems = append(systems, system.Name())
	}
	if err := f.check(systems); err != nil {
		refuse(w, http.StatusBadRequest, err)
		return
	}
	s.faults.arm(f)
	stage.JSON(w, http.StatusOK, s.faults.list())
}

func (s *Sandbox) getOptions(w http.ResponseWriter, _ *http.Request) {
	settings := map[string]map[string]stage.Setting{}
	for name, options := range s.allOptions() {
		settings[name] = options.Settings()
	}
	stage.JSON(w, http.StatusOK, settings)
}

func (s *Sandbox) putOptions(w http.ResponseWriter, r *http.Request) {
	var wanted map[string]map[string]string
	if err := decode(r.Body, &wanted); err != nil {
		refuse(w, http.StatusBadRequest, fmt.Errorf("%w (all values are strings)", err))
		return
	}
	all := s.allOptions()
	// Everything is checked before anything is set.
	for name, values := range wanted {
		options, known := all[name]
		if !known {
			refuse(w, http.StatusBadRequest, fmt.Errorf("there are no switches for %q; there are for: %s", name,
				strings.Join(slices.Sorted(maps.Keys(all)), ", ")))
			return
		}
		if err := options.Check(values); err != nil {
			refuse(w, http.StatusBadRequest, fmt.Errorf("%s: %w", name, err))
			return
		}
	}
	for name, values := range wanted {
		all[name].Set(values)
	}
	if offset, err := time.ParseDuration(s.options.Get("offset")); err == nil {
		s.clock.Move(offset)
	}
	s.getOptions(w, r)
}

func (s *Sandbox) allOptions() map[string]*stage.Options {
	all := map[string]*stage.Options{clockSystem: s.options}
	for _, system := range s.systems {
		all[system.Name()] = system.Options()
	}
	return all
}

// decode reads exactly one JSON value that holds no field unknown to target.
func decode(body io.Reader, target any) error {
	decoder := json.NewDecoder(body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(target); err != nil {
		return fmt.Errorf("cannot read the request body: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("the request body holds more than one JSON value")
	}
	return nil
}

// refuse answers with the reason in the sandbox's own words.
func refuse(w http.ResponseWriter, status int, reason error) {
	stage.JSON(w, status, map[string]string{"error": reason.Error()})
}
