package campaign

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// run is a process of the provider that has one ephemeral resource.
type run struct {
	*play
	session *session
	block   Block
	// made are the attributes once it is open, and private is what the provider needs to close it; nil for nothing.
	made    map[string]any
	private []byte
}

// startRun starts a process. What the ephemeral resource needs is in the state.
func (p *play) startRun(block Block) *run {
	p.t.Helper()
	session, err := p.engine().connect(p.context())
	if err != nil {
		p.t.Fatal(p.listener.Masked(err.Error()))
	}
	return &run{play: p, session: session, block: block}
}

// engine is the runner, where no other can do what is asked.
func (p *play) engine() *Engine {
	p.t.Helper()
	engine, ok := p.runner.(*Engine)
	if !ok {
		p.t.Fatalf("%T does this no other way than the engine", p.runner)
	}
	return engine
}

// do does one of [openingSteps]. To close takes place after a while: of what was just made the provider does not believe at
// once that it is gone.
func (r *run) do(step string) error {
	r.t.Helper()
	if step == opening {
		return r.open()
	}
	if r.private == nil {
		return nil
	}
	r.later()
	return r.session.closeEphemeral(r.context(), r.block.Type, r.private)
}

// open opens the resource. As the CLI does, it forgets what is told beside an error, but for what is to be closed: that the
// process remembers itself.
func (r *run) open() error {
	values := map[string]tftypes.Value{}
	for label, known := range r.engine().state {
		values[label] = known.value
	}
	made, private, err := r.session.openEphemeral(r.context(), r.block, values)
	if len(private) > 0 {
		r.private = private
	}
	if err != nil {
		return err
	}
	if !made.IsFullyKnown() {
		return errors.New("what was opened has unknown values")
	}
	r.made = plain(made)
	r.engine().learn(r.session.schemas.EphemeralResourceSchemas[r.block.Type].Block.Attributes, r.made)
	return nil
}

// use checks that what was opened is accepted, and that what is kept of it until it is closed tells no secret.
func (r *run) use() {
	r.t.Helper()
	if token, ok := r.made["access_token"].(string); ok {
		if status := r.ask(token); status == http.StatusUnauthorized {
			r.problemf("the token is answered with %d", status)
		}
		return
	}
	objects := r.runner.Objects()
	objects[r.block.Label] = Object{Type: r.block.Type, Values: r.made}
	if err := r.authenticates(r.block.Label, objects); err != nil {
		r.problemf("what was opened is of no use: %v", err)
	}
	if r.private == nil {
		r.problemf("what was opened cannot be closed")
	}
	if r.listener.Masked(string(r.private)) != strings.TrimSpace(string(r.private)) {
		r.problemf("the private data has a secret")
	}
}

// ask sends a request with a token.
func (r *run) ask(token string) int {
	r.t.Helper()
	env := r.box.Env()
	url := map[string]string{
		"zenml":   env["ZENML_SERVER_URL"] + "/api/v1/service_accounts",
		"dt":      env["DT_BASE_URL"] + "/v2/roles",
		"neowit":  env["NEOWIT_BASE_URL"] + "/service-account/v1/service-account",
		"keycard": env["KEYCARD_ENDPOINT"] + "/organizations/" + env["TF_VAR_keycard_organization_id"] + "/service-accounts",
	}[r.System]
	return acctest.Call{Method: http.MethodGet, URL: url, Authorization: "Bearer " + token}.Send(r.t).Status
}

// end is how a run ends after the resource was opened, or not: what can be closed is closed, be it by the CLI or by the
// process as it ends.
func (r *run) end(opened bool) {
	r.t.Helper()
	if opened {
		r.use()
	}
	if err := r.do(closing); err != nil {
		r.problemf("it cannot be closed: %v", err)
	}
}

// pointless checks that an error does not point at what somebody else has made long before.
func (p *play) pointless(disturbed error) {
	p.t.Helper()
	_, known, _ := p.inventory()
	for _, theirs := range known {
		if id := idOf(theirs); !strings.Contains(theirs, "service_accounts ") && strings.Contains(disturbed.Error(), id) {
			p.problemf("the error points at %s, which somebody else has made long before", theirs)
		}
	}
}

// idOf is the id of what [play.inventory] tells.
func idOf(held string) string { return held[strings.LastIndexByte(held, ' ')+1:] }

// left are the objects that no state knows. Of each the error must tell by its id, unless the list allows it.
func (p *play) left(disturbed error) []string {
	p.t.Helper()
	told := ""
	if disturbed != nil {
		told = disturbed.Error()
	}
	_, _, left := p.inventory()
	allowed := 1
	for _, stray := range left {
		switch id := idOf(stray); {
		case strings.Contains(told, id) && strings.Contains(told, "was revoked again"):
			p.problemf("%s is there, and the error tells that it was revoked", stray)
		case strings.Contains(told, id):
		case allowed > 0 && p.allowed != "" && strings.HasPrefix(stray, p.allowed+" "):
			allowed--
			p.strays = append(p.strays, "nobody is told of "+stray)
		default:
			p.problemf("nobody is told of %s", stray)
		}
	}
	return left
}

// openEphemeral opens an ephemeral resource. What is needed to close it may come with an error.
func (s *session) openEphemeral(ctx context.Context, block Block, values map[string]tftypes.Value) (made tftypes.Value, private []byte, err error) {
	schema := s.schemas.EphemeralResourceSchemas[block.Type]
	if schema == nil {
		return made, nil, fmt.Errorf("the provider has no ephemeral resource %s", block.Type)
	}
	config, err := evaluate(schema, block, values)
	if err != nil {
		return made, nil, err
	}
	wire, err := tfprotov6.NewDynamicValue(schema.ValueType(), config)
	if err != nil {
		return made, nil, err
	}
	validated, err := s.ValidateEphemeralResourceConfig(ctx, &tfprotov6.ValidateEphemeralResourceConfigRequest{TypeName: block.Type, Config: &wire})
	if err != nil {
		return made, nil, err
	}
	if err := s.failure(validated.Diagnostics); err != nil {
		return made, nil, err
	}
	opened, err := s.OpenEphemeralResource(ctx, &tfprotov6.OpenEphemeralResourceRequest{TypeName: block.Type, Config: &wire})
	if err != nil {
		return made, nil, err
	}
	if err := s.failure(opened.Diagnostics); err != nil {
		return made, opened.Private, err
	}
	made, err = opened.Result.Unmarshal(schema.ValueType())
	return made, opened.Private, err
}

func (s *session) closeEphemeral(ctx context.Context, typeName string, private []byte) error {
	closed, err := s.CloseEphemeralResource(ctx, &tfprotov6.CloseEphemeralResourceRequest{TypeName: typeName, Private: private})
	if err != nil {
		return err
	}
	return s.failure(closed.Diagnostics)
}
