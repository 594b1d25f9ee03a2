package zenml

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/listing"
	"github.com/machineid/terraform-provider-machineid/internal/service/zenml/zenmlapi"
)

var _ list.ListResourceWithConfigure = (*apiKeyResource)(nil)

func newAPIKeyList() list.ListResource { return &apiKeyResource{} }

// apiKeyQuery is which keys are asked for.
type apiKeyQuery struct {
	ServiceAccountID types.String `tfsdk:"service_account_id"`
	Name             types.String `tfsdk:"name"`
	Active           types.Bool   `tfsdk:"active"`
	listing.Age
	listing.Use
}

func (q apiKeyQuery) matches(key *zenmlapi.APIKey, s *server) bool {
	now := s.ServerNow()
	return listing.IsNamed(q.Name, key.Name) && isAsActive(q.Active, key.Active) && q.IsOldEnough(key.Created.Time, now) && q.IsIdleEnough(idleSince(key), now)
}

// ListResourceConfigSchema implements list.ListResource.
func (r *apiKeyResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds API keys of the service accounts of a ZenML server, to import them or to look them over. The keys themselves are not readable.",
		Attributes: map[string]schema.Attribute{
			"service_account_id": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "UUID of the service account to look in. Without, every account of the server is looked in, which takes a request for each.",
				Validators:          uuidValidators(),
			},
			"name":       nameFilter(),
			"active":     activeFilter("keys"),
			"older_than": listing.OlderThan(),
			"unused_for": listing.UnusedFor(),
		},
	}
}

// List implements list.ListResource.
func (r *apiKeyResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var query apiKeyQuery
	diags := req.Config.Get(ctx, &query)
	server, ok := r.Client(&diags)
	if !ok || diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = listing.Stream(ctx, req, func(results *listing.Results) diag.Diagnostics {
		if account := query.ServiceAccountID.ValueString(); account != "" {
			_, diags := server.findKeys(ctx, query, account, results)
			return diags
		}
		return server.findAllKeys(ctx, query, results)
	})
}

// findAllKeys looks in one account after the other.
func (s *server) findAllKeys(ctx context.Context, query apiKeyQuery, results *listing.Results) diag.Diagnostics {
	for account, err := range s.EachServiceAccount(ctx) {
		if err != nil {
			return diag.Diagnostics{s.failure("list", serviceAccountNoun+"s", "", err)}
		}
		if more, diags := s.findKeys(ctx, query, account.ID, results); !more {
			return diags
		}
	}
	return nil
}

// findKeys looks in one account, and tells whether more are wanted. An account that went since it was listed has none.
func (s *server) findKeys(ctx context.Context, query apiKeyQuery, account string, results *listing.Results) (more bool, diags diag.Diagnostics) {
	var prior apiKeyModel
	if diags := results.Blank(&prior); diags.HasError() {
		return false, diags
	}
	prior.ServiceAccountID = types.StringValue(account)
	for key, err := range s.EachAPIKey(ctx, account) {
		switch {
		case zenmlapi.IsNotFound(err) && query.ServiceAccountID.IsNull():
			return true, nil
		case err != nil:
			return false, diag.Diagnostics{s.failure("list", apiKeyNoun+"s", "API keys of service account "+account, err)}
		case !query.matches(key, s):
			continue
		}
		state := apiKeyState(key, prior)
		if !results.Add(key.Name, state.identity(), state) {
			return false, nil
		}
	}
	return true, nil
}
