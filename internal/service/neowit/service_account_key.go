package neowit

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/credential"
	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/neowit/neowitapi"
)

var (
	_ resource.ResourceWithConfigure   = (*serviceAccountKeyResource)(nil)
	_ resource.ResourceWithIdentity    = (*serviceAccountKeyResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*serviceAccountKeyResource)(nil)
	_ resource.ResourceWithImportState = (*serviceAccountKeyResource)(nil)
)

const serviceAccountKeyNoun = "Neowit service account key"

func newServiceAccountKeyResource() resource.Resource { return &serviceAccountKeyResource{} }

type serviceAccountKeyResource struct{ service.Resource[*tenant] }

type serviceAccountKeyModel struct {
	OrgID            types.String `tfsdk:"org_id"`
	ServiceAccountID types.String `tfsdk:"service_account_id"`
	KeyID            types.String `tfsdk:"key_id"`
	Created          types.String `tfsdk:"created"`
	Secret           types.String `tfsdk:"secret"`
	DeletionPolicy   types.String `tfsdk:"deletion_policy"`
	credential.Upkeep
	credential.Sealed
}

type serviceAccountKeyIdentity struct {
	OrgID            types.String `tfsdk:"org_id"`
	ServiceAccountID types.String `tfsdk:"service_account_id"`
	KeyID            types.String `tfsdk:"key_id"`
}

func (i serviceAccountKeyIdentity) isValid() bool {
	return isOrganization(i.OrgID) && idPattern.MatchString(i.ServiceAccountID.ValueString()) && idPattern.MatchString(i.KeyID.ValueString())
}

func (m serviceAccountKeyModel) identity() serviceAccountKeyIdentity {
	return serviceAccountKeyIdentity{OrgID: m.OrgID, ServiceAccountID: m.ServiceAccountID, KeyID: m.KeyID}
}

func (m serviceAccountKeyModel) object() string {
	return strings.TrimSpace(fmt.Sprintf("key %s", m.KeyID.ValueString())) + " of service account " + m.ServiceAccountID.ValueString()
}

// subject is the key as a decision about it needs it.
func (m serviceAccountKeyModel) subject() credential.Subject {
	return credential.Subject{
		Noun: serviceAccountKeyNoun, Object: m.object(), ID: m.KeyID.ValueString(), Issued: service.Time(m.Created), Secret: path.Root("secret"),
		NoSecret: !m.Holds(m.Secret),
	}
}

// isImported tells that nothing is known of a key but what an import named: the answer to its creation tells more.
func (m serviceAccountKeyModel) isImported() bool { return m.Created.IsNull() && !m.Holds(m.Secret) }

// serviceAccountKeyState maps what the server tells. The rest is known to the state alone, so it comes from the prior
// model.
func serviceAccountKeyState(key *neowitapi.Key, prior serviceAccountKeyModel) serviceAccountKeyModel {
	state := prior
	state.KeyID = types.StringValue(key.ID)
	state.Created = keyCreated(key, prior.Created)
	return state
}

// keyCreated is when a key was made. An answer that leaves it out does not change what is known: rotation_due_at follows
// from it.
func keyCreated(key *neowitapi.Key, known types.String) types.String {
	if key.Created == 0 {
		return known
	}
	return service.TimeValue(key.Created.Time())
}

func (r *serviceAccountKeyResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_neowit_service_account_key"
	// An organization that was not known at import may become known later.
	resp.ResourceBehavior = resource.ResourceBehavior{MutableIdentity: true}
}

func (r *serviceAccountKeyResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	keep := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	resp.Schema = schema.Schema{
		MarkdownDescription: "A key of a Neowit service account. The server shows its secret once, at creation; this resource keeps it in state. " +
			"Keys cannot be changed: they are rotated by replacement, best with `create_before_destroy`.",
		Attributes: credential.WithUpkeep(map[string]schema.Attribute{
			"org_id": organizationAttribute(),
			"service_account_id": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Id of the service account that the key belongs to. A change replaces the key.",
				Validators:          idValidators(),
			},
			"key_id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Id of the key: what a login names, and the user name of Basic auth.",
				PlanModifiers:       keep,
			},
			"created": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Moment of creation (RFC 3339, UTC).",
				PlanModifiers:       keep,
			},
			"secret": schema.StringAttribute{
				Computed:            true,
				Sensitive:           true,
				MarkdownDescription: "The secret. Null for an imported key, because the server does not show it again.",
				PlanModifiers:       keep,
			},
			"deletion_policy": service.DeletionPolicy(),
		}),
	}
}

func (r *serviceAccountKeyResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"org_id":             identityschema.StringAttribute{OptionalForImport: true, Description: "Organization; absent for the caller's own."},
		"service_account_id": identityschema.StringAttribute{RequiredForImport: true, Description: "Id of the service account."},
		"key_id":             identityschema.StringAttribute{RequiredForImport: true, Description: "Id of the key."},
	}}
}

// ModifyPlan plans the organization, and decides every replacement of a key, because a replacement must also set the
// secret unknown. It refuses what would lock out the provider itself.
func (r *serviceAccountKeyResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	refresh, diags := credential.LatestRefresh(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if credential.Settled(ctx, req, refresh) {
		return
	}
	var config, plan, state serviceAccountKeyModel
	if req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
		resp.Diagnostics.Append(r.guardPlan(state, "delete", path.Empty())...)
		return
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if req.State.Raw.IsNull() {
		planNewOrganization(ctx, r.Client, config.OrgID, resp)
		resp.Diagnostics.Append(credential.PlanNew(ctx, &resp.Plan, path.Root("secret"))...)
		return
	}
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	var replace bool
	if plan.OrgID, replace = planOrganization(config.OrgID, state.OrgID); replace {
		resp.RequiresReplace.Append(path.Root("org_id"))
	}
	if !plan.ServiceAccountID.Equal(state.ServiceAccountID) {
		resp.RequiresReplace.Append(path.Root("service_account_id"))
	}
	decision := credential.Decide(state.Upkeep, plan.Upkeep, refresh, state.subject(), len(resp.RequiresReplace) > 0)
	resp.Diagnostics.Append(decision.Diagnostics...)
	resp.RequiresReplace.Append(decision.Replace...)
	plan.RotationDueAt = decision.DueAt
	if len(resp.RequiresReplace) > 0 {
		operation, attribute := service.Replacement(resp.RequiresReplace)
		resp.Diagnostics.Append(r.guardPlan(state, operation, attribute)...)
		if plan.ServiceAccountID.Equal(state.ServiceAccountID) {
			resp.Diagnostics.Append(r.refuseStray(config.OrgID, state.OrgID)...)
		}
		plan.KeyID, plan.Created = types.StringUnknown(), types.StringUnknown()
		plan.RotationDueAt = types.StringUnknown()
		plan.Secret, plan.Sealed = plan.PlanSecret()
		resp.Diagnostics.Append(plan.CheckRecipients()...)
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
}

// refuseStray refuses to replace a key where only a changed default of the provider leads the new one to another
// organization: the old key would be gone, and the new one refused, because their account stays where it is.
func (r *serviceAccountKeyResource) refuseStray(config, state types.String) diag.Diagnostics {
	var missing diag.Diagnostics // told by Configure where it matters
	tenant, ok := r.Client(&missing)
	if !ok || !config.IsNull() || tenant.newOrganization(config).Equal(state) {
		return nil
	}
	return diag.Diagnostics{diag.NewAttributeErrorDiagnostic(path.Root("org_id"), "Cannot replace "+serviceAccountKeyNoun,
		fmt.Sprintf("The key was made in %s, but the provider's org_id (NEOWIT_ORG_ID) now leads new keys to %s, where its service account is not. "+
			"Set org_id of this key to the organization of its service account.",
			organizationName(state), organizationName(tenant.newOrganization(config))))}
}

func (r *serviceAccountKeyResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan serviceAccountKeyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	tenant, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	if plan.OrgID.IsUnknown() {
		plan.OrgID = tenant.newOrganization(types.StringNull())
	}
	key, err := tenant.createKey(ctx, plan)
	if err != nil {
		resp.Diagnostics.Append(tenant.failure("create", serviceAccountKeyNoun, plan.object(), err))
		if key == nil {
			return
		}
	}
	plan.Created = types.StringNull() // if the answer does not tell
	state := serviceAccountKeyState(key, plan)
	var sealing diag.Diagnostics
	state.Secret, state.Sealed, sealing = plan.Seal(ctx, key.Secret)
	resp.Diagnostics.Append(sealing...)
	state.RotationDueAt = state.DueAt(state.subject())
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
}

func (r *serviceAccountKeyResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state serviceAccountKeyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	// Before the call: an object that vanished must still have its identity in the answer.
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	tenant, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	listed, ok := tenant.ListedKey(ctx, state.OrgID.ValueString(), state.ServiceAccountID.ValueString(), state.KeyID.ValueString())
	if ok && service.Unchanged(serviceAccountKeyState(listed, state), state) {
		tenant.Saved()
		resp.Diagnostics.Append(tenant.noteRefresh(ctx, state, resp.Private)...)
		return
	}
	key, err := tenant.Key(ctx, state.OrgID.ValueString(), state.ServiceAccountID.ValueString(), state.KeyID.ValueString(), service.Time(state.Created))
	switch {
	case neowitapi.IsGone(err):
		resp.Diagnostics.Append(vanishedKey(state.object(), err))
		resp.State.RemoveResource(ctx)
	case errors.Is(err, neowitapi.ErrUnreadable) && !state.isImported():
		resp.Diagnostics.Append(unreadable(serviceAccountKeyNoun, state.object()))
		resp.Diagnostics.Append(tenant.noteRefresh(ctx, state, resp.Private)...) // it ages all the same
	case err != nil:
		resp.Diagnostics.Append(tenant.failure("read", serviceAccountKeyNoun, state.object(), err))
	default:
		current := serviceAccountKeyState(key, state)
		resp.Diagnostics.Append(resp.State.Set(ctx, current)...)
		resp.Diagnostics.Append(tenant.noteRefresh(ctx, current, resp.Private)...)
	}
}

// noteRefresh notes for plans when the key was read, and, if that is asked for, whether its secret is still accepted.
func (t *tenant) noteRefresh(ctx context.Context, state serviceAccountKeyModel, private service.PrivateWriter) diag.Diagnostics {
	found, diags := state.Inspect(ctx, credential.Inspection{
		Noun: serviceAccountKeyNoun, Object: state.object(), Secret: state.Secret, Issued: service.Time(state.Created), Now: t.ServerNow(),
		Verify: func(ctx context.Context) (bool, error) {
			return t.Verify(ctx, state.ServiceAccountID.ValueString(), state.KeyID.ValueString(), state.Secret.ValueString())
		},
	})
	return append(diags, credential.Refresh{At: t.now(), Found: found}.Note(ctx, private)...)
}

// Update is reached by what concerns the state alone, or an organization that was not known before.
func (r *serviceAccountKeyResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state serviceAccountKeyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
	tenant, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	if !plan.OrgID.Equal(state.OrgID) {
		resp.Diagnostics.Append(tenant.organizationProof(ctx, plan.OrgID.ValueString(), state.ServiceAccountID.ValueString(), serviceAccountKeyNoun, state.object())...)
		if resp.Diagnostics.HasError() {
			return
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

func (r *serviceAccountKeyResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state serviceAccountKeyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	tenant, ok := r.Client(&resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(tenant.guardKey(state, service.AtApply, "delete", path.Empty())...)
	if resp.Diagnostics.HasError() {
		return
	}
	if tenant.guard().Abandons(state.DeletionPolicy) {
		return
	}
	err := tenant.DeleteKey(ctx, state.OrgID.ValueString(), state.ServiceAccountID.ValueString(), state.KeyID.ValueString())
	if err != nil && !neowitapi.IsGone(err) {
		resp.Diagnostics.Append(tenant.failure("delete", serviceAccountKeyNoun, state.object(), err))
	}
}

func (r *serviceAccountKeyResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	identity, ok := importedKey(req.ID)
	if req.ID == "" {
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
		ok = identity.isValid()
	}
	tenant, connected := r.Client(&resp.Diagnostics)
	if !connected || resp.Diagnostics.HasError() {
		return
	}
	if !ok {
		resp.Diagnostics.AddError("Invalid import id",
			fmt.Sprintf("A Neowit key is imported by <service_account_id>/<key_id> or <org_id>/<service_account_id>/<key_id>, not by %q. "+
				"The data source machineid_neowit_service_account lists the keys of an account.", req.ID))
		return
	}
	identity.OrgID = tenant.newOrganization(identity.OrgID)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("org_id"), identity.OrgID)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("service_account_id"), identity.ServiceAccountID)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("key_id"), identity.KeyID)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identity)...)
}

// importedKey reads <service_account_id>/<key_id>, with or without <org_id>/ before it.
func importedKey(id string) (serviceAccountKeyIdentity, bool) {
	parts := strings.Split(id, "/")
	for _, part := range parts {
		if !idPattern.MatchString(part) {
			return serviceAccountKeyIdentity{}, false
		}
	}
	identity := serviceAccountKeyIdentity{OrgID: types.StringNull()}
	switch len(parts) {
	case 3:
		identity.OrgID = types.StringValue(parts[0])
		parts = parts[1:]
	case 2:
	default:
		return serviceAccountKeyIdentity{}, false
	}
	identity.ServiceAccountID, identity.KeyID = types.StringValue(parts[0]), types.StringValue(parts[1])
	return identity, true
}
