package dt

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/outcome"
	"github.com/machineid/terraform-provider-machineid/internal/service"
	"github.com/machineid/terraform-provider-machineid/internal/service/dt/dtapi"
)

// What members of projects and of organizations have in common.

// oneRole is the role of a member. The server gives each exactly one; if it ever tells more, or none, that is shown as
// it is, so that it differs from the configuration and is repaired.
func oneRole(roles []string) types.String { return types.StringValue(strings.Join(roles, ", ")) }

// bornKey is under which private state keeps the moment when a membership was made. It is no attribute, because the
// server has been seen to leave it out of its answer to the creation.
const bornKey = "born"

// writeBorn notes when a member was made.
func writeBorn(ctx context.Context, private service.PrivateWriter, member *dtapi.Member) diag.Diagnostics {
	born := member.CreateTime
	if born.IsZero() {
		born = time.Now()
	}
	return service.WriteNote(ctx, private, bornKey, born)
}

// readBorn is when a member was made; zero if that is not known.
func readBorn(ctx context.Context, private service.PrivateReader) (time.Time, diag.Diagnostics) {
	born, diags := service.ReadNote[time.Time](ctx, private, bornKey, "on this member")
	if born == nil {
		return time.Time{}, diags
	}
	return *born, diags
}

// memberNotCreated explains a failed creation; that of a member who is there already, with how to import it.
func (s *studio) memberNotCreated(noun, object string, err error) diag.Diagnostic {
	exists, ok := dtapi.AsMemberExists(err)
	if !ok || outcome.IsUnresolved(err) {
		return s.memberFailure("create", noun, object, err)
	}
	return service.Failure{
		Operation: "create", Noun: noun, Object: object, Err: err,
		Next: fmt.Sprintf("%s is a member already, with the role %s. To manage the membership here, import it:\n\n%s\n\n"+
			"Otherwise remove it, here or there. If this is a replacement with create_before_destroy, "+
			"it is what is to be replaced: nobody can be a member twice. Remove create_before_destroy, also from what depends on this resource.",
			exists.Member.Email, oneRole(exists.Member.Roles).ValueString(), service.ImportCommands(exists.Member.Name)),
	}.Diagnostic()
}

// memberFailure describes a failed call about a member, whose role is what the server most likely does not accept.
func (s *studio) memberFailure(operation, noun, object string, err error) diag.Diagnostic {
	next := s.advice(err)
	if next == "" && dtapi.IsInvalid(err) {
		next = "Check role and email. The data source machineid_dt_roles lists the roles that the server has."
	}
	return service.Failure{Operation: operation, Noun: noun, Object: object, Err: err, Next: next}.Diagnostic()
}
