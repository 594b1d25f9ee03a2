// Package campaign breaks every exchange that the provider has with a system, in every way, and checks that an ordinary
// apply brings everything to order afterwards: no object without a place in the state, no secret lost, none told. An
// ephemeral resource must leave nothing but what its error names, and a list must be whole or end with an error. What
// is broken is derived from the requests that a lifecycle without faults leaves in the sandbox's log. What the provider
// logs and tells meanwhile is searched for every secret that the sandbox has seen.
//
// The provider runs in the test's process. An [Engine] does with it what the CLI does; a [CLI] bears witness.
package campaign

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"
)

// Runner keeps a state and brings it to what a configuration says.
type Runner interface {
	// Listen has all that the provider tells its user handed over.
	Listen(told func(text string))
	// Configure sets the attributes of the provider's configuration.
	Configure(attributes map[string]any)
	// Apply makes what the blocks say. Objects that are not in the state, and have an id in imports, are imported first.
	Apply(ctx context.Context, blocks []Block, imports map[string]string) error
	// Changes tells what a plan would do, and what the refresh before it finds to have drifted.
	Changes(ctx context.Context, blocks []Block) ([]string, error)
	// ApplyShown does what the latest Changes told, as an apply of a saved plan does.
	ApplyShown(ctx context.Context) error
	// Objects are what the state holds, by label.
	Objects() map[string]Object
	// Forget takes an object out of the state, and leaves it where it is.
	Forget(label string)
	// Secrets are the sensitive values that the state has or had.
	Secrets() []string
}

// Object is what the state knows of one resource.
type Object struct {
	Type string
	// Values are the attributes. Those that are null may be left out.
	Values map[string]any
}

// Reference is the value of an attribute of another block.
type Reference struct{ Label, Attribute string }

// Block is one resource of a configuration.
type Block struct {
	// Type is the resource's type, and Label its name.
	Type, Label string
	// Arguments are strings, booleans, maps and lists of strings, and References.
	Arguments map[string]any
}

// With returns the block with one more argument.
func (b Block) With(name string, value any) Block {
	b.Arguments = maps.Clone(b.Arguments)
	b.Arguments[name] = value
	return b
}

// The labels of every lifecycle: what is under test is the leaf, and its parent the account.
const (
	accountLabel = "account"
	leafLabel    = "leaf"
)

// Step is one apply of a lifecycle.
type Step struct {
	// Name is what the step does, for example "rotate".
	Name string
	// Blocks are the configuration, each after those that it refers to.
	Blocks []Block
	// Import tells that the leaf is to leave the state, and to come back by import.
	Import bool
	// Later is how much time passes before it, beyond the ten minutes between any two steps; whole minutes.
	Later time.Duration
}

// Lifecycle is what the objects of one type go through.
type Lifecycle struct {
	// System and Noun are those of the type's name: machineid_<system>_<noun>.
	System, Noun string
	// Steps returns the steps in a sandbox with this environment.
	Steps func(env map[string]string) []Step
	// ImportID is the id that the leaf is imported by.
	ImportID func(leaf map[string]any) string
}

// Type is the name of the resource's type.
func (l Lifecycle) Type() string { return "machineid_" + l.System + "_" + l.Noun }

// Lifecycles lists every resource type of the provider.
func Lifecycles() []Lifecycle {
	return slices.Concat(zenmlLifecycles(), dtLifecycles(), neowitLifecycles(), keycardLifecycles(), rotatingLifecycles())
}

// Vendors are the names by which users know the systems.
var vendors = map[string]string{"zenml": "ZenML", "dt": "DT", "neowit": "Neowit", "keycard": "Keycard"}

// steps are those that every type has. The changed block differs from the leaf in an attribute that is updated in place;
// the rotated one in rotate_when_changed, and is nil for what is no credential. Its parent is nil if it has none here.
func steps(parent, leaf, changed, rotated *Block) []Step {
	blocks := func(leaf *Block) []Block {
		if parent == nil {
			return []Block{*leaf}
		}
		return []Block{*parent, *leaf}
	}
	all := []Step{
		{Name: "create", Blocks: blocks(leaf)},
		{Name: "refresh", Blocks: blocks(leaf)},
		{Name: "update", Blocks: blocks(changed)},
	}
	last := changed
	if rotated != nil {
		all = append(all, Step{Name: "rotate", Blocks: blocks(rotated)})
		last = rotated
	}
	return append(all,
		Step{Name: "import", Blocks: blocks(last), Import: true},
		Step{Name: "destroy"},
	)
}

// collection is what the sandbox calls the place of objects of a type.
func collection(typeName string) (system, nouns string) {
	system, noun, _ := strings.Cut(strings.TrimPrefix(typeName, "machineid_"), "_")
	return system, strings.Replace(noun, "rotating_", "", 1) + "s"
}

// lifecycleOf is that of a type.
func lifecycleOf(typeName string) Lifecycle {
	all := Lifecycles()
	return all[slices.IndexFunc(all, func(one Lifecycle) bool { return one.Type() == typeName })]
}
