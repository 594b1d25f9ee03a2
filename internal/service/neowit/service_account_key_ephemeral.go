package neowit

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/neowit/neowitapi"
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
	service.EphemeralResource[*tenant]
}

type ephemeralKeyModel struct {
	CreateWhen       types.Bool   `tfsdk:"create_when"`
	OrgID            types.String `tfsdk:"org_id"`
	ServiceAccountID types.String `tfsdk:"service_account_id"`
	KeyID            types.String `tfsdk:"key_id"`
	Created          types.String `tfsdk:"created"`
	Secret           types.String `tfsdk:"secret"`
}

// openedKey is what private data keeps of a key until it is revoked.
type openedKey struct {
	Organization string    `json:"organization"`
	Account      string    `json:"account"`
	ID           string    `json:"id"`
	Created      time.Time `json:"created"`
}

// openedNote is where private data keeps it.
const openedNote = "opened"

func (e *serviceAccountKeyEphemeral) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_neowit_service_account_key"
}

func (e *serviceAccountKeyEphemeral) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A key of a Neowit service account that lives as long as an apply: it is made when something needs it, and revoked after that, also if the apply fails. " +
			"It is in no state and no plan. The provider's `deletion_policy` does not concern it.\n\n" +
			"If the run is killed, the key stays. The data source `machineid_neowit_service_account` lists it with its age.",
		Attributes: map[string]schema.Attribute{
			"create_when": service.CreateWhen(),
			"org_id": schema.StringAttribute{
				Optional:            true,
				Computed:            true,
				MarkdownDescription: "The organization: the caller's own, or a child of it. Default: the provider's `org_id`, else the caller's own, which is null here.",
				Validators:          idValidators(),
			},
			"service_account_id": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Id of the service account that the key belongs to.",
				Validators:          idValidators(),
			},
			"key_id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Id of the key: what a login names, and the user name of Basic auth.",
			},
			"created": schema.StringAttribute{
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
	tenant, ok := e.Client(&resp.Diagnostics)
	if !ok {
		return
	}
	model.OrgID = tenant.newOrganization(model.OrgID)
	key, err := tenant.openKey(ctx, model.OrgID.ValueString(), model.ServiceAccountID.ValueString())
	if err != nil {
		resp.Diagnostics.Append(tenant.keyNotOpened(ctx, model, key, err)...)
		return
	}
	model.KeyID, model.Created, model.Secret = types.StringValue(key.ID), service.TimeValue(key.Created.Time()), types.StringValue(key.Secret)
	resp.Diagnostics.Append(service.WriteNote(ctx, resp.Private, openedNote, model.opened(key))...)
	resp.Diagnostics.Append(resp.Result.Set(ctx, model)...)
}

func (m ephemeralKeyModel) opened(key *neowitapi.Key) openedKey {
	return openedKey{Organization: m.OrgID.ValueString(), Account: m.ServiceAccountID.ValueString(), ID: key.ID, Created: key.Created.Time()}
}

func (e *serviceAccountKeyEphemeral) Close(ctx context.Context, req ephemeral.CloseRequest, resp *ephemeral.CloseResponse) {
	opened, diags := service.ReadNote[openedKey](ctx, req.Private, openedNote, "of the key to revoke")
	resp.Diagnostics.Append(diags...)
	if opened == nil || resp.Diagnostics.HasError() {
		return
	}
	tenant, ok := e.Client(&resp.Diagnostics)
	if !ok {
		return
	}
	resp.Diagnostics.Append(tenant.revokeOpened(ctx, *opened)...)
}

// revokeOpened deletes a key that an ephemeral resource has made; one that is gone is none to tell of.
func (t *tenant) revokeOpened(ctx context.Context, opened openedKey) diag.Diagnostics {
	object := fmt.Sprintf("key %s of service account %s", opened.ID, opened.Account)
	if t.isOwnKey(types.StringValue(opened.ID)) {
		return diag.Diagnostics{service.NamedOwn("Neowit", serviceAccountKeyNoun, object, "machineid_neowit_service_account")}
	}
	ctx, cancel := service.Revoking(ctx)
	defer cancel()
	err := t.RevokeKey(ctx, opened.Organization, opened.Account, opened.ID, opened.Created)
	if err == nil || neowitapi.IsGone(err) {
		return nil
	}
	return diag.Diagnostics{service.Failure{
		Operation: "revoke", Noun: ephemeralKeyNoun, Object: object, Err: err, Stateless: true,
		Next: service.StillThere("key", "machineid_neowit_service_account", t.advice(err)),
	}.Diagnostic()}
}

// keyNotOpened explains a failed creation. A key of which not all was told is revoked: what fails to open is not closed.
func (t *tenant) keyNotOpened(ctx context.Context, model ephemeralKeyModel, key *neowitapi.Key, err error) diag.Diagnostics {
	var diags diag.Diagnostics
	next := t.advice(err)
	if key != nil {
		diags = t.revokeOpened(ctx, model.opened(key))
		if !diags.HasError() {
			next = service.RevokedAgain("key " + key.ID)
		}
	}
	failure := service.Failure{
		Operation: "open", Noun: ephemeralKeyNoun, Object: "key of service account " + model.ServiceAccountID.ValueString(), Err: err, Next: next, Stateless: true,
	}
	return append(diag.Diagnostics{failure.Diagnostic()}, diags...)
}
