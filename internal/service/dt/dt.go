// Package dt is the wing for DT Studio by Disruptive Technologies: service accounts, their keys, and the roles that
// accounts and users have in projects and organizations.
package dt

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/machineid/terraform-provider-machineid/internal/outcome"
	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/dt/dtapi"
)

// Wing is DT Studio, as the provider sees it.
func Wing() service.Wing {
	return service.Wing{
		Name:      "dt",
		Attribute: attribute(),
		Configure: func(settings service.Settings) any { return configure(settings) },
		Resources: []func() resource.Resource{
			newServiceAccountResource,
			newServiceAccountKeyResource,
			newRotatingKeyResource,
			newProjectMemberResource,
			newOrganizationMemberResource,
		},
		DataSources: []func() datasource.DataSource{
			newServiceAccountDataSource,
			newServiceAccountsDataSource,
			newServiceAccountKeysDataSource,
			newProjectMembersDataSource,
			newOrganizationMembersDataSource,
			newRolesDataSource,
		},
		ListResources: []func() list.ListResource{
			newServiceAccountList,
			newServiceAccountKeyList,
			newProjectMemberList,
			newOrganizationMemberList,
		},
		EphemeralResources: []func() ephemeral.EphemeralResource{
			newAccessTokenEphemeral,
			newServiceAccountKeyEphemeral,
		},
	}
}

// studio is what the wing's types get: the client, and what their errors must know about it.
type studio struct {
	*dtapi.Client
	ledger *outcome.Ledger
	auth   string
	own    own
	// now is the clock by which a refresh is dated.
	now func() time.Time
}

// The values of auth, which are also the names of the ways in.
const (
	authOAuth2 = "oauth2"
	authBasic  = "basic"
)

var (
	keyIDMember  = service.Member{Attribute: "key_id", Variable: "DT_SERVICE_ACCOUNT_KEY_ID"}
	secretMember = service.Member{Attribute: "secret", Variable: "DT_SERVICE_ACCOUNT_SECRET"}
	emailMember  = service.Member{Attribute: "email", Variable: "DT_SERVICE_ACCOUNT_EMAIL"}
)

var waysIn = map[string]service.WayIn{
	authOAuth2: {Name: authOAuth2, Members: []service.Member{keyIDMember, secretMember, emailMember}},
	authBasic:  {Name: authBasic, Members: []service.Member{keyIDMember, secretMember}},
}

// vendorNames are the variables of the vendor's own Terraform provider.
var vendorNames = []service.Synonym{
	{Attribute: "key_id", Own: "DT_SERVICE_ACCOUNT_KEY_ID", Vendor: "DT_API_KEY_ID"},
	{Attribute: "secret", Own: "DT_SERVICE_ACCOUNT_SECRET", Vendor: "DT_API_KEY_SECRET"},
	{Attribute: "email", Own: "DT_SERVICE_ACCOUNT_EMAIL", Vendor: "DT_OIDC_EMAIL"},
	{Attribute: "base_url", Own: "DT_BASE_URL", Vendor: "DT_API_URL"},
	{Attribute: "token_url", Own: "DT_TOKEN_URL", Vendor: "DT_OIDC_TOKEN_ENDPOINT"},
}

func configure(settings service.Settings) service.Access[*studio] {
	if diags, unknown := settings.Unknown("key_id", "secret", "email", "auth", "base_url", "token_url", "requests_per_second"); unknown {
		return service.Undecided[*studio](diags)
	}
	settings = settings.Synonyms(vendorNames...)
	auth := settings.Value("auth", "DT_AUTH", authOAuth2)
	way, known := waysIn[auth]
	if !known {
		return service.Refused[*studio](diag.Diagnostics{diag.NewAttributeErrorDiagnostic(settings.Path("auth"), "Invalid provider setting",
			fmt.Sprintf("The value of dt.auth, or of DT_AUTH, must be %q or %q.", authOAuth2, authBasic))})
	}
	credential, diags := settings.Credential([]service.WayIn{way})
	rate, more := settings.Number("requests_per_second", "DT_REQUESTS_PER_SECOND", dtapi.DefaultRequestsPerSecond)
	diags.Append(more...)
	if !diags.HasError() {
		diags.Append(checkCredential(settings, credential)...)
	}
	if diags.HasError() {
		return service.Refused[*studio](diags)
	}
	client, err := dtapi.New(dtapi.Config{
		BaseURL:           settings.Value("base_url", "DT_BASE_URL", dtapi.DefaultBaseURL),
		TokenURL:          settings.Value("token_url", "DT_TOKEN_URL", dtapi.DefaultTokenURL),
		KeyID:             credential.Values["key_id"],
		Secret:            credential.Values["secret"],
		Email:             credential.Values["email"],
		Basic:             auth == authBasic,
		RequestsPerSecond: rate,
		HTTP:              settings.HTTP,
		BulkRefresh:       settings.BulkRefresh,
	})
	if err != nil {
		return service.Refused[*studio](unusable(settings, err))
	}
	return service.Granted(&studio{
		Client: client, ledger: outcome.NewLedger(client.ServerNow, settings.OnlyListUnknown), auth: auth, now: settings.Now,
		own: own{guard: settings.Guard, keyID: credential.Values["key_id"], email: credential.Values["email"]},
	})
}

// unusable tells why no client can be made of the settings.
func unusable(settings service.Settings, err error) diag.Diagnostics {
	place, variable := settings.Path("base_url"), "DT_BASE_URL"
	var address *dtapi.AddressError
	if errors.As(err, &address) && address.Setting == "token URL" {
		place, variable = settings.Path("token_url"), "DT_TOKEN_URL"
	}
	return diag.Diagnostics{diag.NewAttributeErrorDiagnostic(place, "Invalid DT address",
		fmt.Sprintf("Cannot use the value of %s or %s: %s.", place, variable, err))}
}

// The forms of what DT Studio hands out. Ids are opaque to the API's users, so a form alone refuses nothing: it only
// tells a swap.
var (
	keyIDForm  = regexp.MustCompile(`^[0-9a-v]{20}$`)
	secretForm = regexp.MustCompile(`^[0-9a-f]{32}$`)
)

// checkCredential finds the mistakes that can be seen without asking the server.
func checkCredential(settings service.Settings, credential service.Credential) diag.Diagnostics {
	var diags diag.Diagnostics
	for _, member := range waysIn[credential.Way].Members {
		if strings.ContainsFunc(credential.Values[member.Attribute], unicode.IsSpace) {
			diags.AddAttributeError(settings.Path(member.Attribute), "Invalid way in",
				fmt.Sprintf("The value of dt.%s, or of %s, holds blanks or line breaks. It must be the %s alone.",
					member.Attribute, member.Variable, strings.ReplaceAll(member.Attribute, "_", " ")))
		}
	}
	if keyIDForm.MatchString(credential.Values["secret"]) && secretForm.MatchString(credential.Values["key_id"]) {
		diags.AddAttributeError(settings.Path("secret"), "Key id and secret are swapped",
			"What is set as dt.secret (DT_SERVICE_ACCOUNT_SECRET) has the form of a key id, 20 characters, and what is set as dt.key_id "+
				"(DT_SERVICE_ACCOUNT_KEY_ID) that of a secret, 32 hexadecimal digits. Exchange the two.")
	}
	if email, needed := credential.Values["email"]; needed && !emailForm.MatchString(email) && !diags.HasError() {
		diags.AddAttributeError(settings.Path("email"), "Invalid way in",
			"The value of dt.email, or of DT_SERVICE_ACCOUNT_EMAIL, is no e-mail address. "+
				"It must be that of the service account that the key belongs to, <id>@<project>.serviceaccount.d21s.com.")
	}
	return diags
}
