package keycardtest

import (
	"fmt"
	"strconv"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage"
)

// The switches: what the documentation leaves open, and faults.
const (
	optCreateStatus        = "create_status"
	optDeleteStatus        = "delete_status"
	optNullDescription     = "null_description"
	optEmptyDescription    = "empty_description"
	optUniqueNames         = "unique_names"
	optMaxCredentials      = "max_credentials"
	optExpand              = "expand"
	optDefaultLimit        = "default_limit"
	optOrder               = "order"
	optEmptyCursors        = "empty_cursors"
	optOrganizations       = "organizations"
	optForeignOrganization = "foreign_organization"
	optCallerRole          = "caller_role"
	optClientAuth          = "client_auth"
	optTokenLifetime       = "token_lifetime_s"
	optRevokeTokens        = "revoke_tokens"
	optReplicaLag          = "replica_lag_ms"
	optErrorBody           = "error_body"
	optUnknownRoute        = "unknown_route"
	optEchoRequestID       = "echo_request_id"
	optEchoSecret          = "echo_secret"
)

// Values that more than one place knows, or that a condition reads better with.
const (
	on  = "on"
	off = "off"

	refusing = "refuse"
	clearing = "clear"

	expandBoth     = "both"
	expandBrackets = "brackets"
	expandPlain    = "plain"

	oldestFirst = "oldest"
	newestFirst = "newest"

	cursorsOmit = "omit"
	cursorsNull = "null"

	organizationsOne     = "one"
	organizationsSeveral = "several"

	asForbidden = "403"

	roleAdmin  = "admin"
	roleViewer = "viewer"
	roleMember = "member"

	clientBoth   = "both"
	clientBasic  = "basic"
	clientInBody = "body"

	errorObject = "object"
	errorEmpty  = "empty"
	asPage      = "html"
)

func declareOptions() *stage.Options {
	return stage.NewOptions(
		stage.Choice(optCreateStatus, "The status of a creation.", "201", "200"),
		stage.Choice(optDeleteStatus, "The status of a deletion, which never has a body.", "204", "200", "202"),
		stage.Choice(optNullDescription, "What a description of null does: answer 400, or clear it.", refusing, clearing),
		stage.Choice(optEmptyDescription, "What an empty description does: clear it, answer 400, or stay as it is.",
			clearing, refusing, "keep"),
		stage.Choice(optUniqueNames, "A name that a sibling has answers 409.", off, on),
		stage.Switch{
			Name: optMaxCredentials, Check: stage.WholeNumber(0),
			About: "How many credentials an account can have until another one answers 409; empty for any number.",
		},
		stage.Choice(optExpand, "The spelling of expand that is understood: with brackets, without, or both.",
			expandBoth, expandBrackets, expandPlain),
		stage.Switch{
			Name: optDefaultLimit, Default: "100", Check: wholeNumber(1, maxLimit),
			About: "How many items a page has when no limit is sent.",
		},
		stage.Choice(optOrder, "What lists begin with.", oldestFirst, newestFirst),
		stage.Choice(optEmptyCursors, "What an empty page has for cursors: nothing, or null.", cursorsOmit, cursorsNull),
		stage.Choice(optOrganizations, "How many organizations are listed; the token is good for one in any case.",
			organizationsOne, organizationsSeveral),
		stage.Choice(optForeignOrganization, "The status of everything in an organization that the token is not of.", "404", asForbidden),
		stage.Choice(optCallerRole, "The role of every caller: a viewer may change nothing, a member not even see service accounts.",
			roleAdmin, roleViewer, roleMember),
		stage.Choice(optClientAuth, "Where the token endpoint accepts client id and secret: in the header (basic), in the form (body), or both.",
			clientBoth, clientBasic, clientInBody),
		stage.Switch{
			Name: optTokenLifetime, Default: "3600", Check: wholeNumber(1, 1<<31-1),
			About: "Seconds that a new token lives, by the clock that does not move.",
		},
		stage.Choice(optRevokeTokens, "Tokens end with their credential; else they live on until they expire.", on, off),
		stage.Switch{
			Name: optReplicaLag, Default: "0", Check: wholeNumber(0, 1<<31-1),
			About: "Milliseconds until a new account or credential is found, listed and of any use.",
		},
		stage.Choice(optErrorBody, "The body of an error, except of the token endpoint.", errorObject, errorEmpty, asPage),
		stage.Choice(optUnknownRoute, "What an unknown route answers: an error like a missing object, or a page of HTML.", "json", asPage),
		stage.Choice(optEchoRequestID, "Answers repeat the request's X-Client-Request-ID.", off, on),
		stage.Choice(optEchoSecret, "The message of a 400 to a creation repeats the caller's token.", off, on),
	)
}

func (f *Fake) on(option string) bool { return f.options.Get(option) == on }

// number reads a switch that always holds a number.
func (f *Fake) number(option string) int {
	n, _ := f.options.Number(option)
	return n
}

// shown tells whether something can be seen by now. What was there at the start always can.
func (f *Fake) shown(created time.Time, seeded bool) bool {
	lag := time.Duration(f.number(optReplicaLag)) * time.Millisecond
	return seeded || lag == 0 || f.now().Sub(created) >= lag
}

func wholeNumber(least, most int) func(string) error {
	return func(value string) error {
		if n, err := strconv.Atoi(value); err != nil || n < least || n > most {
			return fmt.Errorf("%q is no whole number from %d to %d", value, least, most)
		}
		return nil
	}
}
