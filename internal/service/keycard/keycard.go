// Package keycard is the wing for Keycard: the service accounts of an organization, and their credentials.
package keycard

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/machineid/terraform-provider-machineid/internal/outcome"
	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/keycard/keycardapi"
)

// Wing is Keycard, as the provider sees it.
func Wing() service.Wing {
	return service.Wing{
		Name:      "keycard",
		Attribute: attribute(),
		Configure: func(settings service.Settings) any { return configure(settings) },
		Resources: []func() resource.Resource{
			newServiceAccountResource,
			newCredentialResource,
			newRotatingCredentialResource,
		},
		DataSources: []func() datasource.DataSource{
			newOrganizationDataSource,
			newServiceAccountDataSource,
			newServiceAccountsDataSource,
			newCredentialDataSource,
			newCredentialsDataSource,
		},
		EphemeralResources: []func() ephemeral.EphemeralResource{
			newAccessTokenEphemeral,
			newCredentialEphemeral,
		},
		ListResources: []func() list.ListResource{
			newServiceAccountList,
			newCredentialList,
		},
	}
}

// console is what the wing's types get: the client, and what they must know of the settings.
type console struct {
	*keycardapi.Client
	ledger *outcome.Ledger
	// adoptExisting is the provider's adopt_existing.
	adoptExisting bool
	// organization is the default of organization_id; "" has it found by the API.
	organization string
	own          own
	// now is the clock by which a refresh is dated.
	now func() time.Time
}

var wayIn = service.WayIn{Name: "client credentials", Members: []service.Member{
	{Attribute: "client_id", Variable: "KEYCARD_CLIENT_ID"},
	{Attribute: "client_secret", Variable: "KEYCARD_CLIENT_SECRET"},
}}

// vendorNames are the variables of the vendor's SDKs. Those of its Terraform provider are the ones that are used here.
var vendorNames = []service.Synonym{
	{Attribute: "client_id", Own: "KEYCARD_CLIENT_ID", Vendor: "KEYCARD_API_CLIENT_ID"},
	{Attribute: "client_secret", Own: "KEYCARD_CLIENT_SECRET", Vendor: "KEYCARD_API_CLIENT_SECRET"},
	{Attribute: "base_url", Own: "KEYCARD_ENDPOINT", Vendor: "KEYCARD_API_BASE_URL"},
}

func configure(settings service.Settings) service.Access[*console] {
	if diags, unknown := settings.Unknown("client_id", "client_secret", "organization_id", "base_url", "token_url"); unknown {
		return service.Undecided[*console](diags)
	}
	settings = settings.Synonyms(vendorNames...)
	credential, diags := settings.Credential([]service.WayIn{wayIn})
	for _, member := range wayIn.Members {
		if strings.ContainsFunc(credential.Values[member.Attribute], unicode.IsSpace) {
			diags.AddAttributeError(settings.Path(member.Attribute), "Invalid way in",
				fmt.Sprintf("The value of keycard.%s, or of %s, holds blanks or line breaks. It must be the text alone.", member.Attribute, member.Variable))
		}
	}
	organization := settings.Value("organization_id", "KEYCARD_ORGANIZATION_ID", "")
	if organization != "" && !segment.MatchString(organization) {
		diags.AddAttributeError(settings.Path("organization_id"), "Invalid provider setting",
			"The value of keycard.organization_id, or of KEYCARD_ORGANIZATION_ID, must be an id or a label, without slashes and blanks.")
	}
	if diags.HasError() {
		return service.Refused[*console](diags)
	}
	client, err := keycardapi.New(keycardapi.Config{
		BaseURL:      settings.Value("base_url", "KEYCARD_ENDPOINT", keycardapi.DefaultBaseURL),
		TokenURL:     settings.Value("token_url", "KEYCARD_TOKEN_URL", ""),
		ClientID:     credential.Values["client_id"],
		ClientSecret: credential.Values["client_secret"],
		HTTP:         settings.HTTP,
		BulkRefresh:  settings.BulkRefresh,
	})
	if err != nil {
		return service.Refused[*console](unusable(settings, err))
	}
	return service.Granted(&console{
		Client: client, ledger: outcome.NewLedger(client.ServerNow, settings.OnlyListUnknown), organization: organization,
		adoptExisting: settings.AdoptExisting, now: settings.Now,
		own: own{guard: settings.Guard, clientID: credential.Values["client_id"]},
	})
}

// unusable tells why no client can be made of the settings.
func unusable(settings service.Settings, err error) diag.Diagnostics {
	place, variable := settings.Path("base_url"), "KEYCARD_ENDPOINT"
	var address *keycardapi.AddressError
	if errors.As(err, &address) && address.Setting == "token URL" {
		place, variable = settings.Path("token_url"), "KEYCARD_TOKEN_URL"
	}
	return diag.Diagnostics{diag.NewAttributeErrorDiagnostic(place, "Invalid Keycard address",
		fmt.Sprintf("Cannot use the value of %s or %s: %s.", place, variable, err))}
}

func attribute() schema.SingleNestedAttribute {
	filled := []validator.String{stringvalidator.LengthAtLeast(1)}
	return schema.SingleNestedAttribute{
		Optional: true,
		MarkdownDescription: "Keycard. Needs `client_id` and `client_secret`, the credential of a service account of the organization. " +
			"The first one is made in the console, under Settings, Service Accounts.",
		Attributes: map[string]schema.Attribute{
			"client_id": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Client id of the credential. Environment: `KEYCARD_CLIENT_ID`.",
				Validators:          filled,
			},
			"client_secret": schema.StringAttribute{
				Optional:            true,
				Sensitive:           true,
				MarkdownDescription: "Client secret of the credential. Environment: `KEYCARD_CLIENT_SECRET`.",
				Validators:          filled,
			},
			"organization_id": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Organization of new objects that name none themselves, by id or label. Default: the one that the credential belongs to, as the API tells it. " +
					"A changed value concerns new objects only. Environment: `KEYCARD_ORGANIZATION_ID`.",
				Validators: filled,
			},
			"base_url": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Address of the API. Must be https; http is accepted for a loopback host. Default: `" + keycardapi.DefaultBaseURL +
					"`. Environment: `KEYCARD_ENDPOINT`.",
				Validators: []validator.String{service.Endpoint()},
			},
			"token_url": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Address of the token endpoint, which is sent the credential. Default: `<base_url>/service-account-token`. " +
					"Environment: `KEYCARD_TOKEN_URL`.",
				Validators: []validator.String{service.Endpoint()},
			},
		},
	}
}
