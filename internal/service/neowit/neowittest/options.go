package neowittest

import (
	"fmt"
	"strconv"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage"
)

// The switches: what the documentation leaves open, and faults.
const (
	optList           = "list"
	optGet            = "get"
	optUpdateVerb     = "update_verb"
	optUpdateReply    = "update_reply"
	optUnknownRoute   = "unknown_route"
	optHTMLErrors     = "html_errors"
	optUniqueNames    = "unique_names"
	optUnknownAccount = "id_for_unknown_account"
	optEmptyKeys      = "empty_keys"
	optOmitFalse      = "omit_false"
	optListEnvelope   = "list_envelope"
	optNextPage       = "next_page"
	optTokenStyle     = "token_style"
	optTokenError     = "token_error"
	optCallerRole     = "caller_role"
	optClockSkew      = "clock_skew_s"
	optReadDelay      = "read_delay_ms"
)

// Values that more than one place knows, or that a condition reads better with.
const (
	on  = "on"
	off = "off"

	verbPatch = "patch"
	verbPut   = "put"
	verbBoth  = "both"
	verbNone  = "none"

	replyObject    = "object"
	replyEmpty     = "empty"
	replyNoContent = "204"

	asMethodNotAllowed = "405"
	asBadRequest       = "400"

	keysArray = "array"
	keysNull  = "null"
	keysOmit  = "omit"

	envelopeObject = "serviceAccounts"
	envelopeArray  = "array"

	styleSnake  = "snake"
	styleLegacy = "legacy"

	errorCommon = "common"
	errorOAuth  = "rfc6749"

	roleAdmin  = "admin"
	roleMember = "member"
)

func declareOptions() *stage.Options {
	return stage.NewOptions(
		stage.Choice(optList, "Whether accounts can be listed.", on, off),
		stage.Choice(optGet, "Whether a single account can be read.", on, off),
		stage.Choice(optUpdateVerb, "The method that changes an account.", verbBoth, verbPatch, verbPut, verbNone),
		stage.Choice(optUpdateReply, "What a change answers: 200 with the account, 200 with an empty body, or 204.",
			replyObject, replyEmpty, replyNoContent),
		stage.Choice(optUnknownRoute, "What a method answers that a path does not have; a path that is unknown altogether answers 404.",
			"404", asMethodNotAllowed),
		stage.Choice(optHTMLErrors, "Unknown routes answer with a page of HTML, as a gateway does.", off, on),
		stage.Choice(optUniqueNames, "A name that another account of the organization has answers 409.", on, off),
		stage.Choice(optUnknownAccount, "The status of creating a key of an account that does not exist.", "404", asBadRequest),
		stage.Choice(optEmptyKeys, "What an account without keys shows as its keys.", keysArray, keysNull, keysOmit),
		stage.Choice(optOmitFalse, "An account leaves out enableBasicAuth when it is false.", off, on),
		stage.Choice(optListEnvelope, "A list is an object with this member, or a bare array.", envelopeObject, envelopeArray),
		stage.Choice(optNextPage, "A list lacks its newest account and names a next page; a bare array, without room for that, is whole.",
			off, on),
		stage.Choice(optTokenStyle, "What the token endpoint answers: as in RFC 6749, or accessToken alone.", styleSnake, styleLegacy),
		stage.Choice(optTokenError, "What an error of the token endpoint looks like: as elsewhere in the API, or as in RFC 6749.",
			errorCommon, errorOAuth),
		stage.Choice(optCallerRole, "The role of every caller; a member may not do anything with service accounts.",
			roleAdmin, roleMember),
		stage.Switch{
			Name: optClockSkew, Default: "0", Check: wholeSeconds,
			About: "Seconds by which the clock of the token endpoint is ahead of the others; may be negative.",
		},
		stage.Switch{
			Name: optReadDelay, Check: stage.WholeNumber(0),
			About: "Milliseconds until a new account can be read and is listed; empty for none.",
		},
	)
}

func (f *Fake) on(option string) bool { return f.options.Get(option) == on }

// shown tells whether an account can be read by now. What was there at the start always can.
func (f *Fake) shown(a *account) bool {
	delay, delayed := f.options.Number(optReadDelay)
	return a.Seeded || !delayed || f.now().Sub(a.Created) >= time.Duration(delay)*time.Millisecond
}

func wholeSeconds(value string) error {
	if _, err := strconv.Atoi(value); err != nil {
		return fmt.Errorf("%q is no whole number of seconds", value)
	}
	return nil
}
