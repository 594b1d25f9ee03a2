// Package neowit is the wing for Neowit: service accounts and their keys. The vendor documents four calls; the wing works
// whichever way the rest turns out (CONTRACT.md).
package neowit

import (
	"fmt"
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
	"github.com/machineid/terraform-provider-machineid/internal/service/neowit/neowitapi"
)

// Wing is Neowit, as the provider sees it.
func Wing() service.Wing {
	return service.Wing{
		Name:      "neowit",
		Attribute: attribute(),
		Configure: func(settings service.Settings) any { return configure(settings) },
		Resources: []func() resource.Resource{
			newServiceAccountResource,
			newServiceAccountKeyResource,
			newRotatingKeyResource,
		},
		DataSources: []func() datasource.DataSource{
			newServiceAccountDataSource,
			newServiceAccountsDataSource,
		},
		EphemeralResources: []func() ephemeral.EphemeralResource{
			newAccessTokenEphemeral,
			newServiceAccountKeyEphemeral,
		},
		ListResources: []func() list.ListResource{
			newServiceAccountList,
			newServiceAccountKeyList,
		},
	}
}

// tenant is what the wing's types get: the client, and what they must know of the settings.
type tenant struct {
	*neowitapi.Client
	ledger *outcome.Ledger
	wayIn  string
	// adoptExisting is the provider's adopt_existing.
	adoptExisting bool
	// organization is the default of org_id; "" leaves it to the server.
	organization string
	own          own
	// now is the clock by which a refresh is dated.
	now func() time.Time
}

// The ways in. Their names appear in errors; the first two are values of auth.
const (
	authOAuth2     = "oauth2"
	authBasic      = "basic"
	wayAccessToken = "access token"
)

var (
	accountMember = service.Member{Attribute: "service_account_id", Variable: "NEOWIT_SERVICE_ACCOUNT_ID"}
	keyMember     = service.Member{Attribute: "key_id", Variable: "NEOWIT_KEY_ID"}
	secretMember  = service.Member{Attribute: "secret", Variable: "NEOWIT_SECRET"}
	tokenMember   = service.Member{Attribute: "access_token", Variable: "NEOWIT_ACCESS_TOKEN"}
)

// waysIn are the ways that a value of auth leaves.
var waysIn = map[string][]service.WayIn{
	authOAuth2: {
		{Name: authOAuth2, Members: []service.Member{accountMember, keyMember, secretMember}},
		{Name: wayAccessToken, Members: []service.Member{tokenMember}},
	},
	authBasic: {
		{Name: authBasic, Members: []service.Member{keyMember, secretMember}},
		{Name: wayAccessToken, Members: []service.Member{tokenMember}},
	},
}

func configure(settings service.Settings) service.Access[*tenant] {
	if diags, unknown := settings.Unknown("service_account_id", "key_id", "secret", "auth", "access_token", "org_id", "base_url", "token_audience"); unknown {
		return service.Undecided[*tenant](diags)
	}
	auth := settings.Value("auth", "NEOWIT_AUTH", authOAuth2)
	ways, known := waysIn[auth]
	if !known {
		return service.Refused[*tenant](diag.Diagnostics{diag.NewAttributeErrorDiagnostic(settings.Path("auth"), "Invalid provider setting",
			fmt.Sprintf("The value of neowit.auth, or of NEOWIT_AUTH, must be %q or %q.", authOAuth2, authBasic))})
	}
	credential, diags := settings.Credential(ways)
	for attribute, value := range credential.Values {
		if strings.ContainsFunc(value, unicode.IsSpace) {
			diags.AddAttributeError(settings.Path(attribute), "Invalid way in",
				"The value of neowit."+attribute+", or of its environment variable, holds blanks or line breaks. It must be the text alone.")
		}
	}
	organization := settings.Value("org_id", "NEOWIT_ORG_ID", "")
	if organization != "" && !idPattern.MatchString(organization) {
		diags.AddAttributeError(settings.Path("org_id"), "Invalid provider setting", "The value of neowit.org_id, or of NEOWIT_ORG_ID, must be an id, without slashes and blanks.")
	}
	if diags.HasError() {
		return service.Refused[*tenant](diags)
	}
	client, err := neowitapi.New(neowitapi.Config{
		BaseURL: settings.Value("base_url", "NEOWIT_BASE_URL", neowitapi.DefaultBaseURL),
		Login: neowitapi.Login{
			ServiceAccountID: credential.Values["service_account_id"],
			KeyID:            credential.Values["key_id"],
			Secret:           credential.Values["secret"],
			AccessToken:      credential.Values["access_token"],
			Basic:            credential.Way == authBasic,
			Audience:         settings.Value("token_audience", "NEOWIT_TOKEN_AUDIENCE", ""),
		},
		HTTP: settings.HTTP, BulkRefresh: settings.BulkRefresh,
	})
	if err != nil {
		diags.AddAttributeError(settings.Path("base_url"), "Invalid Neowit address",
			"Cannot use the value of neowit.base_url or NEOWIT_BASE_URL: "+err.Error()+".")
		return service.Refused[*tenant](diags)
	}
	return service.Granted(&tenant{
		Client: client, ledger: outcome.NewLedger(client.ServerNow, settings.OnlyListUnknown), wayIn: credential.Way, organization: organization,
		adoptExisting: settings.AdoptExisting, now: settings.Now,
		own: own{guard: settings.Guard, keyID: credential.Values["key_id"], account: credential.Values["service_account_id"]},
	})
}

func attribute() schema.SingleNestedAttribute {
	sibling := func(name string) path.Expression { return path.MatchRelative().AtParent().AtName(name) }
	filled := []validator.String{stringvalidator.LengthAtLeast(1)}
	return schema.SingleNestedAttribute{
		Optional: true,
		MarkdownDescription: "Neowit. Needs one way in: the key of a service account, as `service_account_id`, `key_id` and `secret`, or an `access_token`. " +
			"Every service account has the rights of an administrator in its organization; of users, only administrators may manage service accounts.",
		Attributes: map[string]schema.Attribute{
			"service_account_id": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Id of the service account that the key belongs to. Not needed if `auth` is `\"basic\"`. Environment: `NEOWIT_SERVICE_ACCOUNT_ID`.",
				Validators:          filled,
			},
			"key_id": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Id of the key. Environment: `NEOWIT_KEY_ID`.",
				Validators:          filled,
			},
			"secret": schema.StringAttribute{
				Optional:            true,
				Sensitive:           true,
				MarkdownDescription: "Secret of that key. Environment: `NEOWIT_SECRET`.",
				Validators:          filled,
			},
			"auth": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "`\"oauth2\"` exchanges a signed assertion for a token; the secret itself is never sent. `\"basic\"` sends key id and secret with each request; " +
					"the account must allow it (`enable_basic_auth`). Default: `\"oauth2\"`. Environment: `NEOWIT_AUTH`.",
				Validators: []validator.String{service.Choice(authOAuth2, authBasic)},
			},
			"access_token": schema.StringAttribute{
				Optional:            true,
				Sensitive:           true,
				MarkdownDescription: "A token of a service account or an administrator. Used as it is and not renewed; it lives an hour. Environment: `NEOWIT_ACCESS_TOKEN`.",
				Validators: []validator.String{
					stringvalidator.LengthAtLeast(1),
					stringvalidator.ConflictsWith(sibling("service_account_id"), sibling("key_id"), sibling("secret")),
				},
			},
			"org_id": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Organization of new objects that name none themselves. Default: that of the caller. A changed value concerns new objects only. " +
					"Environment: `NEOWIT_ORG_ID`.",
				Validators: filled,
			},
			"base_url": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Address of the API, with `/api`. Must be https; http is accepted for a loopback host. Default: `" + neowitapi.DefaultBaseURL +
					"`. Environment: `NEOWIT_BASE_URL`.",
				Validators: []validator.String{service.Endpoint()},
			},
			"token_audience": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Audience of the assertion. Default: the address of the token endpoint, `<base_url>/auth/oauth/token`; set it if a proxy stands between. " +
					"Environment: `NEOWIT_TOKEN_AUDIENCE`.",
				Validators: filled,
			},
		},
	}
}
