package dt

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/dt/dtapi"
)

// memberDetails is a member with the fields that move by themselves, which no resource may have.
type memberDetails struct {
	MemberID    types.String `tfsdk:"member_id"`
	Name        types.String `tfsdk:"name"`
	DisplayName types.String `tfsdk:"display_name"`
	Email       types.String `tfsdk:"email"`
	Role        types.String `tfsdk:"role"`
	AccountType types.String `tfsdk:"account_type"`
	Status      types.String `tfsdk:"status"`
	CreateTime  types.String `tfsdk:"create_time"`
	AgeDays     types.Int64  `tfsdk:"age_days"`
}

// membersAttribute is the list of the members of a parent, whose name looks like that.
func membersAttribute(parent string) schema.ListNestedAttribute {
	return schema.ListNestedAttribute{
		Computed:            true,
		MarkdownDescription: "The members, from every page, in the server's order.",
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"member_id":    schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the member: for a service account, that of the account."},
			"name":         schema.StringAttribute{Computed: true, MarkdownDescription: "Full resource name, `" + parent + "/members/<member_id>`."},
			"display_name": schema.StringAttribute{Computed: true, MarkdownDescription: "Name that DT Studio shows."},
			"email":        schema.StringAttribute{Computed: true, MarkdownDescription: "E-mail address."},
			"role":         schema.StringAttribute{Computed: true, MarkdownDescription: "The role, such as `roles/project.user`."},
			"account_type": schema.StringAttribute{Computed: true, MarkdownDescription: "`SERVICE_ACCOUNT` or `USER`."},
			"status":       schema.StringAttribute{Computed: true, MarkdownDescription: "`ACCEPTED`, or `PENDING` for a user who has not answered the invitation."},
			"age_days":     service.AgeDays(),
			"create_time":  schema.StringAttribute{Computed: true, MarkdownDescription: "Moment when the membership was made (RFC 3339, UTC)."},
		}},
	}
}

// memberDetailsOf tells of members as data sources do.
func memberDetailsOf(members []dtapi.Member, now time.Time) []memberDetails {
	details := make([]memberDetails, len(members))
	for i, member := range members {
		details[i] = memberDetails{
			MemberID:    types.StringValue(lastSegment(member.Name)),
			Name:        types.StringValue(member.Name),
			DisplayName: types.StringValue(member.DisplayName),
			Email:       types.StringValue(member.Email),
			Role:        oneRole(member.Roles),
			AccountType: service.TextOrNull(member.AccountType),
			Status:      service.TextOrNull(member.Status),
			CreateTime:  service.TimeValue(member.CreateTime),
			AgeDays:     service.DaysSince(member.CreateTime, now),
		}
	}
	return details
}
