package dt

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/dt/dtapi"
)

var (
	_ ephemeral.EphemeralResourceWithConfigure = (*serviceAccountKeyEphemeral)(nil)
	_ ephemeral.EphemeralResourceWithClose     = (*serviceAccountKeyEphemeral)(nil)
)

const ephemeralKeyNoun = "ephemeral " + serviceAccountKeyNoun

func newServiceAccountKeyEphemeral() ephemeral.EphemeralResource {
	return &serviceAccountKeyEphemeral{}
}

type serviceAccountKeyEphemeral struct {
	service.EphemeralResource[*studio]
}

type ephemeralKeyModel struct {
	CreateWhen     types.Bool   `tfsdk:"create_when"`
	ServiceAccount types.String `tfsdk:"service_account"`
	ID             types.String `tfsdk:"id"`
	Name           types.String `tfsdk:"name"`
	CreateTime     types.String `tfsdk:"create_time"`
	Secret         types.String `tfsdk:"secret"`
}

// openedKey is what private data keeps of a key until it is revoked.
type openedKey struct {
	Name    string    `json:"name"`
	Created time.Time `json:"created"`
}

// openedNote is where private data keeps it.
const openedNote = "opened"

func (e *serviceAccountKeyEphemeral) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_dt_service_account_key"
}

func (e *serviceAccountKeyEphemeral) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: fmt.Sprintf("A key of a DT Studio service account that lives as long as an apply: it is made when something needs it, and revoked after that, also if the apply fails. "+
			"It is in no state and no plan. Of the %d keys that an account may have, it takes one while it is there. The provider's `deletion_policy` does not concern it.\n\n"+
			"If the run is killed, the key stays. The data source `machineid_dt_service_account_keys` lists it with its age.", dtapi.MaxKeys),
		Attributes: map[string]schema.Attribute{
			"create_when": service.CreateWhen(),
			"service_account": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Full name of the service account, `projects/<project>/serviceaccounts/<id>`.",
				Validators:          accountNameValidators(),
			},
			"id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Id of the key, the last part of `name`: the key id of a login, and the user name of Basic auth.",
			},
			"name": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Full resource name, `projects/<project>/serviceaccounts/<account>/keys/<id>`.",
			},
			"create_time": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Moment of creation (RFC 3339, UTC).",
			},
			"secret": schema.StringAttribute{
				Computed:            true,
				Sensitive:           true,
				MarkdownDescription: "The secret.",
			},
		},
	}
}

func (e *serviceAccountKeyEphemeral) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var model ephemeralKeyModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() || !model.CreateWhen.ValueBool() {
		return
	}
	studio, ok := e.Client(&resp.Diagnostics)
	if !ok {
		return
	}
	key, err := studio.openKey(ctx, model.ServiceAccount.ValueString())
	if err != nil {
		resp.Diagnostics.Append(studio.keyNotOpened(ctx, model, key, err)...)
		return
	}
	model.ID, model.Name = types.StringValue(lastSegment(key.Name)), types.StringValue(key.Name)
	model.CreateTime, model.Secret = service.TimeValue(key.CreateTime), types.StringValue(key.Secret)
	resp.Diagnostics.Append(service.WriteNote(ctx, resp.Private, openedNote, openedKey{Name: key.Name, Created: key.CreateTime})...)
	resp.Diagnostics.Append(resp.Result.Set(ctx, model)...)
}

func (e *serviceAccountKeyEphemeral) Close(ctx context.Context, req ephemeral.CloseRequest, resp *ephemeral.CloseResponse) {
	opened, diags := service.ReadNote[openedKey](ctx, req.Private, openedNote, "of the key to revoke")
	resp.Diagnostics.Append(diags...)
	if opened == nil || resp.Diagnostics.HasError() {
		return
	}
	studio, ok := e.Client(&resp.Diagnostics)
	if !ok {
		return
	}
	resp.Diagnostics.Append(studio.revokeOpened(ctx, *opened)...)
}

// revokeOpened deletes a key that an ephemeral resource has made; one that is gone is none to tell of.
func (s *studio) revokeOpened(ctx context.Context, opened openedKey) diag.Diagnostics {
	object := "key " + opened.Name
	if lastSegment(opened.Name) == s.own.keyID {
		return diag.Diagnostics{service.NamedOwn("DT", serviceAccountKeyNoun, object, "machineid_dt_service_account_keys")}
	}
	ctx, cancel := service.Revoking(ctx)
	defer cancel()
	err := s.DeleteKey(ctx, opened.Name, opened.Created)
	if err == nil || dtapi.IsNotFound(err) {
		return nil
	}
	return diag.Diagnostics{service.Failure{
		Operation: "revoke", Noun: ephemeralKeyNoun, Object: object, Err: err, Stateless: true,
		Next: service.StillThere("key", "machineid_dt_service_account_keys", s.advice(err)),
	}.Diagnostic()}
}

// keyNotOpened explains a failed creation; that of an account which is full, with what fills it. A key of which not all was
// told is revoked: what fails to open is not closed.
func (s *studio) keyNotOpened(ctx context.Context, model ephemeralKeyModel, key *dtapi.Key, err error) diag.Diagnostics {
	var diags diag.Diagnostics
	next := s.advice(err)
	if limit, full := dtapi.AsKeyLimit(err); full {
		next = fullAccount(limit)
	}
	if key != nil {
		diags = s.revokeOpened(ctx, openedKey{Name: key.Name, Created: key.CreateTime})
		if !diags.HasError() {
			next = service.RevokedAgain("key " + key.Name)
		}
	}
	failure := service.Failure{
		Operation: "open", Noun: ephemeralKeyNoun, Object: "key of service account " + model.ServiceAccount.ValueString(), Err: err, Next: next, Stateless: true,
	}
	return append(diag.Diagnostics{failure.Diagnostic()}, diags...)
}
