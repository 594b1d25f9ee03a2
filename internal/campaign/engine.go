package campaign

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// Failure is an error as the provider tells it.
type Failure struct{ Summary, Detail string }

// ProviderErrors are the errors that the provider answers a call with.
type ProviderErrors []Failure

// Error implements error.
func (f ProviderErrors) Error() string {
	texts := make([]string, len(f))
	for i, failure := range f {
		texts[i] = failure.Summary + "\n" + failure.Detail
	}
	return strings.Join(texts, "\n\n")
}

// object is one resource in the state.
type object struct {
	typeName string
	value    tftypes.Value
	private  []byte
	identity *tfprotov6.ResourceIdentityData
	// tainted objects are replaced by the next apply.
	tainted bool
}

// Engine is a [Runner] that speaks to the provider itself, with the calls of the CLI in their order: refresh,
// plan, destroy backwards, make and change forwards. Plan and apply have a provider each. Its configurations are chains
// in which each block needs the one before, so that the first error ends a walk.
type Engine struct {
	// Serve makes a provider.
	Serve func() (tfprotov6.ProviderServer, error)
	// schemas are those of the provider. They depend on nothing, so that one process may ask for all.
	schemas *tfprotov6.GetProviderSchemaResponse
	// config are the attributes of the provider's configuration.
	config map[string]any

	state map[string]object
	// order has the labels of the state as they were made.
	order []string
	// shown is what the latest [Engine.Changes] told, and shownFor the configuration that it was told for.
	shown    *walk
	shownFor []Block
	// secrets are the values of all sensitive attributes that were ever in the state.
	secrets map[string]struct{}
	told    func(text string)
}

// NewEngine returns an engine without state, for a provider that sees env alone, and dates refreshes by a clock.
func NewEngine(env map[string]string, now func() time.Time) *Engine {
	return &Engine{
		Serve: acctest.ProviderAt(env, now), state: map[string]object{}, secrets: map[string]struct{}{}, told: func(string) {},
	}
}

// Listen implements [Runner].
func (e *Engine) Listen(told func(text string)) { e.told = told }

// Configure implements [Runner].
func (e *Engine) Configure(attributes map[string]any) { e.config = attributes }

// Objects implements [Runner].
func (e *Engine) Objects() map[string]Object {
	objects := map[string]Object{}
	for label, known := range e.state {
		objects[label] = Object{Type: known.typeName, Values: plain(known.value)}
	}
	return objects
}

// Secrets implements [Runner].
func (e *Engine) Secrets() []string { return slices.Sorted(maps.Keys(e.secrets)) }

// Forget implements [Runner].
func (e *Engine) Forget(label string) {
	delete(e.state, label)
	e.order = slices.DeleteFunc(e.order, func(other string) bool { return other == label })
}

// Apply implements [Runner].
func (e *Engine) Apply(ctx context.Context, blocks []Block, imports map[string]string) error {
	planning, err := e.connect(ctx)
	if err != nil {
		return err
	}
	plan, err := e.plan(ctx, planning, blocks, imports)
	if err != nil {
		return err
	}
	return e.follow(ctx, blocks, plan)
}

// ApplyShown implements [Runner].
func (e *Engine) ApplyShown(ctx context.Context) error { return e.follow(ctx, e.shownFor, e.shown) }

// follow does what a plan shows, by another provider.
func (e *Engine) follow(ctx context.Context, blocks []Block, plan *walk) error {
	applying, err := e.connect(ctx)
	if err != nil {
		return err
	}
	// Only a plan that came about has its refreshed state kept.
	e.state, e.order = plan.state, plan.order
	e.learnSecrets(applying)
	defer e.learnSecrets(applying)
	return e.carryOut(ctx, applying, blocks, plan)
}

// Changes implements [Runner].
func (e *Engine) Changes(ctx context.Context, blocks []Block) ([]string, error) {
	planning, err := e.connect(ctx)
	if err != nil {
		return nil, err
	}
	plan, err := e.plan(ctx, planning, blocks, nil)
	if err != nil {
		return nil, err
	}
	e.shown, e.shownFor = plan, blocks
	changes := slices.Clone(plan.drift)
	for _, label := range slices.Sorted(maps.Keys(plan.changes)) {
		if action := plan.changes[label].action; action != keep {
			changes = append(changes, fmt.Sprintf("%s: %s", label, action))
		}
	}
	return changes, nil
}

func (e *Engine) put(label string, made object) {
	if _, known := e.state[label]; !known {
		e.order = append(e.order, label)
	}
	e.state[label] = made
}

func (e *Engine) learnSecrets(provider *session) {
	for _, object := range e.state {
		e.learn(provider.schema(object.typeName).Block.Attributes, plain(object.value))
	}
}

func (e *Engine) learn(attributes []*tfprotov6.SchemaAttribute, values map[string]any) {
	for _, attribute := range attributes {
		switch value := values[attribute.Name].(type) {
		case string:
			if attribute.Sensitive {
				e.secrets[value] = struct{}{}
			}
		case []any:
			for _, element := range value {
				if text, ok := element.(string); ok && attribute.Sensitive {
					e.secrets[text] = struct{}{}
				}
			}
		case map[string]any:
			e.learn(attribute.NestedType.Attributes, value)
		}
	}
}

// session is one process of the provider.
type session struct {
	tfprotov6.ProviderServer
	schemas *tfprotov6.GetProviderSchemaResponse
	told    func(text string)
}

func (e *Engine) connect(ctx context.Context) (*session, error) {
	server, err := e.Serve()
	if err != nil {
		return nil, err
	}
	if e.schemas == nil {
		if e.schemas, err = server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{}); err != nil {
			return nil, err
		}
	}
	config, err := build(e.schemas.Provider.ValueType(), e.config, nil)
	if err != nil {
		return nil, err
	}
	wire, err := tfprotov6.NewDynamicValue(config.Type(), config)
	if err != nil {
		return nil, err
	}
	configured, err := server.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{Config: &wire})
	if err != nil {
		return nil, err
	}
	made := &session{ProviderServer: server, schemas: e.schemas, told: e.told}
	return made, made.failure(configured.Diagnostics)
}

func (s *session) schema(typeName string) *tfprotov6.Schema {
	return s.schemas.ResourceSchemas[typeName]
}

func (s *session) attributes(typeName string) map[string]*tfprotov6.SchemaAttribute {
	byName := map[string]*tfprotov6.SchemaAttribute{}
	for _, attribute := range s.schema(typeName).Block.Attributes {
		byName[attribute.Name] = attribute
	}
	return byName
}

// wire encodes a value of a resource's type; null for nothing.
func (s *session) wire(typeName string, value *tftypes.Value) (*tfprotov6.DynamicValue, error) {
	kind := s.schema(typeName).ValueType()
	if value == nil {
		null := tftypes.NewValue(kind, nil)
		value = &null
	}
	encoded, err := tfprotov6.NewDynamicValue(kind, *value)
	return &encoded, err
}

// read decodes a value of a resource's type.
func (s *session) read(typeName string, encoded *tfprotov6.DynamicValue) (tftypes.Value, error) {
	kind := s.schema(typeName).ValueType()
	if encoded == nil {
		return tftypes.NewValue(kind, nil), nil
	}
	return encoded.Unmarshal(kind)
}

// failure is what there is of errors among diagnostics; nil for none. Warnings are told, too.
func (s *session) failure(diagnostics []*tfprotov6.Diagnostic) error {
	var failures ProviderErrors
	for _, found := range diagnostics {
		s.told(found.Summary + "\n" + found.Detail)
		if found.Severity == tfprotov6.DiagnosticSeverityError {
			failures = append(failures, Failure{Summary: found.Summary, Detail: found.Detail})
		}
	}
	if failures == nil {
		return nil
	}
	return failures
}
