package campaign

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// CLI is a [Runner] that has the real CLI do everything. It is slow, and shows that the [Engine] does the same.
type CLI struct {
	t         *testing.T
	workspace *acctest.Workspace
	config    map[string]any
	secrets   []string
	told      func(text string)
}

// NewCLI returns a runner with an empty folder. The provider dates refreshes by a clock.
func NewCLI(t *testing.T, env map[string]string, now func() time.Time) *CLI {
	t.Helper()
	return &CLI{t: t, workspace: acctest.NewWorkspaceAt(t, env, now)}
}

// Listen implements [Runner].
func (c *CLI) Listen(told func(text string)) { c.told = told }

// Configure implements [Runner].
func (c *CLI) Configure(attributes map[string]any) { c.config = attributes }

// Apply implements [Runner], but for imports.
func (c *CLI) Apply(_ context.Context, blocks []Block, imports map[string]string) error {
	if len(imports) > 0 {
		return errors.New("the CLI is not asked to import here")
	}
	if err := c.write(blocks); err != nil {
		return err
	}
	return c.applied(c.workspace.Apply())
}

// ApplyShown implements [Runner].
func (c *CLI) ApplyShown(context.Context) error {
	return c.applied(c.workspace.Apply(c.workspace.SavedPlan()))
}

// applied takes down what an apply printed.
func (c *CLI) applied(printed string, err error) error {
	defer c.learnSecrets()
	c.told(printed)
	if err != nil {
		return PrintedError(printed)
	}
	return nil
}

// Changes implements [Runner].
func (c *CLI) Changes(_ context.Context, blocks []Block) ([]string, error) {
	if err := c.write(blocks); err != nil {
		return nil, err
	}
	plan, printed, _ := c.workspace.Plan()
	c.told(printed)
	var changes []string
	for _, drift := range plan.ResourceDrift {
		changes = append(changes, drift.Address+": drifted")
	}
	for _, change := range plan.ResourceChanges {
		if !change.Change.Actions.NoOp() {
			changes = append(changes, fmt.Sprintf("%s: %v", change.Address, change.Change.Actions))
		}
	}
	return changes, nil
}

// Objects implements [Runner].
func (c *CLI) Objects() map[string]Object {
	c.t.Helper()
	objects := map[string]Object{}
	if state := c.workspace.State(); state.Values != nil {
		for _, found := range state.Values.RootModule.Resources {
			objects[found.Name] = Object{Type: found.Type, Values: found.AttributeValues}
		}
	}
	return objects
}

// Forget implements [Runner], but is for imports only.
func (c *CLI) Forget(label string) { c.t.Fatalf("the CLI is not asked to forget %s", label) }

// Secrets implements [Runner].
func (c *CLI) Secrets() []string { return c.secrets }

func (c *CLI) learnSecrets() {
	for _, object := range c.Objects() {
		c.learn(object.Values)
	}
}

func (c *CLI) learn(values map[string]any) {
	for name, value := range values {
		switch value := value.(type) {
		case string:
			if slices.Contains([]string{"key", "secret", "client_secret"}, name) {
				c.secrets = append(c.secrets, value)
			}
		case map[string]any:
			c.learn(value)
		}
	}
}

// write makes the configuration, in JSON.
func (c *CLI) write(blocks []Block) error {
	types := map[string]string{}
	resources := map[string]map[string]map[string]any{}
	for _, block := range blocks {
		types[block.Label] = block.Type
		arguments := map[string]any{}
		for name, value := range block.Arguments {
			if to, ok := value.(Reference); ok {
				value = fmt.Sprintf("${%s.%s.%s}", types[to.Label], to.Label, to.Attribute)
			}
			arguments[name] = value
		}
		if resources[block.Type] == nil {
			resources[block.Type] = map[string]map[string]any{}
		}
		resources[block.Type][block.Label] = arguments
	}
	settings := c.config
	if settings == nil {
		settings = map[string]any{}
	}
	whole := map[string]any{"provider": map[string]any{"machineid": settings}}
	if len(resources) > 0 {
		whole["resource"] = resources
	}
	text, err := json.MarshalIndent(whole, "", "  ")
	if err != nil {
		return err
	}
	c.workspace.Write("main.tf.json", string(text))
	return nil
}

// PrintedError is an error as the CLI prints it, in lines that it breaks itself.
type PrintedError string

// Error implements error.
func (p PrintedError) Error() string { return strings.TrimSpace(string(p)) }
