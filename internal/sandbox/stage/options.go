package stage

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Switch is one behaviour of a fake that can be changed while it runs. Values are strings throughout.
type Switch struct {
	Name    string
	Default string
	About   string             // one sentence for GET /_sandbox/options
	Values  []string           // the only values allowed, if there are only a few
	Check   func(string) error // otherwise: nil when the value is allowed
}

// Flag declares a switch that is either "true" or "false".
func Flag(name string, on bool, about string) Switch {
	return Switch{Name: name, Default: strconv.FormatBool(on), About: about, Values: []string{"true", "false"}}
}

// Choice declares a switch with a few values, of which the first is the default.
func Choice(name, about string, values ...string) Switch {
	return Switch{Name: name, Default: values[0], About: about, Values: values}
}

// WholeNumber is a Check for "" or a whole number of at least min.
func WholeNumber(min int) func(string) error {
	return func(value string) error {
		if value == "" {
			return nil
		}
		if n, err := strconv.Atoi(value); err != nil || n < min {
			return fmt.Errorf("%q is neither empty nor a whole number from %d", value, min)
		}
		return nil
	}
}

// Setting is one switch as GET /_sandbox/options shows it.
type Setting struct {
	Value   string   `json:"value"`
	Default string   `json:"default"`
	About   string   `json:"about"`
	Values  []string `json:"values,omitempty"`
}

// Options are the switches of one fake with their present values.
type Options struct {
	switches []Switch

	mu     sync.RWMutex
	values map[string]string
}

// NewOptions declares switches, all at their defaults.
func NewOptions(switches ...Switch) *Options {
	values := make(map[string]string, len(switches))
	for _, s := range switches {
		values[s.Name] = s.Default
	}
	return &Options{switches: switches, values: values}
}

// Get returns the present value of a declared switch.
func (o *Options) Get(name string) string {
	o.mu.RLock()
	defer o.mu.RUnlock()
	value, declared := o.values[name]
	if !declared {
		panic("sandbox: no switch is declared under the name " + name)
	}
	return value
}

// On tells whether a flag is "true".
func (o *Options) On(name string) bool {
	return o.Get(name) == "true"
}

// Number returns a whole-number switch, and false when it is empty.
func (o *Options) Number(name string) (int, bool) {
	n, err := strconv.Atoi(o.Get(name))
	return n, err == nil
}

// List splits a switch that holds a comma-separated list.
func (o *Options) List(name string) []string {
	var list []string
	for item := range strings.SplitSeq(o.Get(name), ",") {
		if item = strings.TrimSpace(item); item != "" {
			list = append(list, item)
		}
	}
	return list
}

// Check tells what is wrong with the wanted values. It changes nothing.
func (o *Options) Check(wanted map[string]string) error {
	for name, value := range wanted {
		i := slices.IndexFunc(o.switches, func(s Switch) bool { return s.Name == name })
		if i < 0 {
			return fmt.Errorf("there is no switch %q; there are: %s", name, strings.Join(o.names(), ", "))
		}
		s := o.switches[i]
		if len(s.Values) > 0 && !slices.Contains(s.Values, value) {
			return fmt.Errorf("switch %q cannot be %q; it can be: %s", name, value, strings.Join(s.Values, ", "))
		}
		if s.Check != nil {
			if err := s.Check(value); err != nil {
				return fmt.Errorf("switch %q: %w", name, err)
			}
		}
	}
	return nil
}

// Set changes the wanted switches, which Check has accepted, and leaves the others.
func (o *Options) Set(wanted map[string]string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for name, value := range wanted {
		o.values[name] = value
	}
}

// Settings lists every switch by name.
func (o *Options) Settings() map[string]Setting {
	o.mu.RLock()
	defer o.mu.RUnlock()
	settings := make(map[string]Setting, len(o.switches))
	for _, s := range o.switches {
		settings[s.Name] = Setting{Value: o.values[s.Name], Default: s.Default, About: s.About, Values: s.Values}
	}
	return settings
}

func (o *Options) names() []string {
	var names []string
	for _, s := range o.switches {
		names = append(names, s.Name)
	}
	return names
}
