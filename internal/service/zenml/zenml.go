// Package zenml is the wing for ZenML servers: service accounts and their API keys.
package zenml

import (
	"strings"
	"time"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/machineid/terraform-provider-machineid/internal/outcome"
	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/zenml/zenmlapi"
)

// Wing is ZenML, as the provider sees it.
func Wing() service.Wing {
	return service.Wing{
		Name:      "zenml",
		Attribute: attribute(),
		Configure: func(settings service.Settings) any { return configure(settings) },
		Resources: []func() resource.Resource{
			newServiceAccountResource,
			newAPIKeyResource,
			newRotatingAPIKeyResource,
		},
		DataSources: []func() datasource.DataSource{
			newServiceAccountDataSource,
			newServiceAccountsDataSource,
			newAPIKeyDataSource,
			newAPIKeysDataSource,
		},
		EphemeralResources: []func() ephemeral.EphemeralResource{
			newAccessTokenEphemeral,
			newAPIKeyEphemeral,
		},
		ListResources: []func() list.ListResource{
			newServiceAccountList,
			newAPIKeyList,
		},
	}
}

// server is what the wing's types get: the client, and what their errors must know about it.
type server struct {
	*zenmlapi.Client
	ledger *outcome.Ledger
	wayIn  string
	// adoptExisting is the provider's adopt_existing.
	adoptExisting bool
	own           own
	// now is the clock by which a refresh is dated.
	now func() time.Time
}

// The ways in. Their names appear in errors.
const (
	wayUser     = "user"
	wayAPIToken = "API token"
	wayAPIKey   = "API key"
)

var waysIn = []service.WayIn{
	{Name: wayUser, Members: []service.Member{{Attribute: "username", Variable: "ZENML_USERNAME"}, {Attribute: "password", Variable: "ZENML_PASSWORD"}}},
	{Name: wayAPIToken, Members: []service.Member{{Attribute: "api_token", Variable: "ZENML_API_TOKEN"}}},
	{Name: wayAPIKey, Members: []service.Member{{Attribute: "api_key", Variable: "ZENML_API_KEY"}}},
}

func configure(settings service.Settings) service.Access[*server] {
	if diags, unknown := settings.Unknown("server_url", "username", "password", "api_token", "api_key"); unknown {
		return service.Undecided[*server](diags)
	}
	credential, diags := settings.Credential(waysIn)
	serverURL := settings.Value("server_url", "ZENML_SERVER_URL", "")
	if serverURL == "" {
		return service.Refused[*server](noServer(settings, diags))
	}
	for _, name := range []string{"api_token", "api_key"} {
		if strings.ContainsFunc(credential.Values[name], unicode.IsSpace) {
			diags.AddAttributeError(settings.Path(name), "Invalid way in",
				"The value of zenml."+name+", or of its environment variable, holds blanks or line breaks. It must be the text of the "+credential.Way+" alone.")
		}
	}
	if diags.HasError() {
		return service.Refused[*server](diags)
	}
	login := zenmlapi.Login{
		Username: credential.Values["username"], Password: credential.Values["password"],
		APIToken: credential.Values["api_token"], APIKey: credential.Values["api_key"],
	}
	client, err := zenmlapi.New(zenmlapi.Config{ServerURL: serverURL, Login: login, HTTP: settings.HTTP, BulkRefresh: settings.BulkRefresh})
	if err != nil {
		diags.AddAttributeError(settings.Path("server_url"), "Invalid ZenML server address",
			"Cannot use the address from zenml.server_url or ZENML_SERVER_URL: "+err.Error()+".")
		return service.Refused[*server](diags)
	}
	return service.Granted(&server{
		Client: client, ledger: outcome.NewLedger(client.ServerNow, settings.OnlyListUnknown), wayIn: credential.Way,
		adoptExisting: settings.AdoptExisting, now: settings.Now,
		own: own{guard: settings.Guard, keyID: login.KeyID(), keyText: login.APIKey},
	})
}

// noServer tells in one error all that is missing, because it is told for every resource.
func noServer(settings service.Settings, more diag.Diagnostics) diag.Diagnostics {
	missing := "This configuration uses ZenML resources or data sources, but the address of the server is not set. " +
		"Set zenml.server_url in the provider configuration, or the environment variable ZENML_SERVER_URL."
	for _, also := range more {
		missing += "\n\n" + also.Detail()
	}
	return diag.Diagnostics{diag.NewAttributeErrorDiagnostic(settings.Path("server_url"), "No ZenML server", missing)}
}

func attribute() schema.SingleNestedAttribute {
	sibling := func(name string) path.Expression { return path.MatchRelative().AtParent().AtName(name) }
	return schema.SingleNestedAttribute{
		Optional: true,
		MarkdownDescription: "A ZenML server. Needs an address and one way in: `username` and `password`, or `api_token`, or `api_key`. " +
			"Servers from 0.96.0 let only admin users manage service accounts and API keys; a service account, and so an `api_key`, is never an admin.",
		Attributes: map[string]schema.Attribute{
			"server_url": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Address of the server, without `/api/v1`. Must be https; http is accepted for a loopback host. Environment: `ZENML_SERVER_URL`.",
				Validators:          []validator.String{service.Endpoint()},
			},
			"username": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Name of a user. Environment: `ZENML_USERNAME`.",
				Validators: []validator.String{
					stringvalidator.LengthAtLeast(1),
					stringvalidator.ConflictsWith(sibling("api_token"), sibling("api_key")),
				},
			},
			"password": schema.StringAttribute{
				Optional:            true,
				Sensitive:           true,
				MarkdownDescription: "Password of that user. Environment: `ZENML_PASSWORD`.",
				Validators:          []validator.String{stringvalidator.ConflictsWith(sibling("api_token"), sibling("api_key"))},
			},
			"api_token": schema.StringAttribute{
				Optional:            true,
				Sensitive:           true,
				MarkdownDescription: "Short-lived API token of a user, as made in the dashboard's settings. Used as it is and not renewed. Environment: `ZENML_API_TOKEN`.",
				Validators: []validator.String{
					stringvalidator.LengthAtLeast(1),
					stringvalidator.ConflictsWith(sibling("api_key")),
				},
			},
			"api_key": schema.StringAttribute{
				Optional:            true,
				Sensitive:           true,
				MarkdownDescription: "API key of a service account (`ZENKEY_...`). Enough to read; on servers from 0.96.0 not enough to change anything. Environment: `ZENML_API_KEY`.",
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
		},
	}
}
