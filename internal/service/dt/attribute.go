package dt

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/dt/dtapi"
)

// attribute is the wing's part of the provider's configuration.
func attribute() schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{
		Optional: true,
		MarkdownDescription: "DT Studio by Disruptive Technologies. Needs the key of a service account: `key_id`, `secret` and, unless `auth` is `\"basic\"`, " +
			"the account's `email`. To change service accounts, keys and members of a project, that account must have the role " +
			"`roles/project.admin` in it, or `roles/organization.admin`. The variables of the vendor's own provider (`DT_API_KEY_ID`, `DT_API_KEY_SECRET`, " +
			"`DT_OIDC_EMAIL`, `DT_API_URL`, `DT_OIDC_TOKEN_ENDPOINT`) are read if all of them are set, and nothing else sets any of these settings.",
		Attributes: map[string]schema.Attribute{
			"key_id": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Id of a service account's key. Environment: `DT_SERVICE_ACCOUNT_KEY_ID`.",
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"secret": schema.StringAttribute{
				Optional:            true,
				Sensitive:           true,
				MarkdownDescription: "Secret of that key. Environment: `DT_SERVICE_ACCOUNT_SECRET`.",
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"email": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "E-mail address of the service account that the key belongs to. Not needed if `auth` is `\"basic\"`. Environment: `DT_SERVICE_ACCOUNT_EMAIL`.",
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"auth": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "`\"oauth2\"` exchanges a signed assertion for a token; the secret itself is never sent. `\"basic\"` sends key id and secret with each request; " +
					"the account must allow it (`enable_basic_auth`). Default: `\"oauth2\"`. Environment: `DT_AUTH`.",
				Validators: []validator.String{service.Choice(authOAuth2, authBasic)},
			},
			"base_url": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Address of the API, with or without `/v2`. Must be https; http is accepted for a loopback host. Default: `" +
					dtapi.DefaultBaseURL + "`. Environment: `DT_BASE_URL`.",
				Validators: []validator.String{service.Endpoint()},
			},
			"token_url": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Address of the token endpoint, which is also the audience of the assertion. Default: `" +
					dtapi.DefaultTokenURL + "`. Environment: `DT_TOKEN_URL`.",
				Validators: []validator.String{service.Endpoint()},
			},
			"requests_per_second": schema.Int64Attribute{
				Optional: true,
				MarkdownDescription: fmt.Sprintf("How fast requests may follow each other on average: one process of the provider sends five times as many in any 5 seconds, and no more. Default: %d, which is the "+
					"limit that the vendor documents. 0 means no limit; a `Retry-After` of the server is obeyed in any case. Environment: `DT_REQUESTS_PER_SECOND`.", dtapi.DefaultRequestsPerSecond),
				Validators: []validator.Int64{int64validator.Between(0, 1000)},
			},
		},
	}
}
