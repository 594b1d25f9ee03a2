package dttest

import (
	"fmt"
	"strconv"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage"
)

// The switches: faults that the documentation warns of, and behaviour that it leaves open.
const (
	optVisibilityDelay   = "visibility_delay_ms"
	optConflict          = "conflict_ms"
	optConcurrentChanges = "concurrent_changes"
	optRateLimit         = "rate_limit"
	optKeyLimitStatus    = "key_limit_status"
	optBasicAuthOff      = "basic_auth_off_status"
	optUnknownAccount    = "unknown_account_status"
	optMissingProject    = "missing_project_status"
	optMalformedID       = "malformed_id_status"
	optTokenError        = "token_error"
	optTokensOutliveKey  = "tokens_outlive_key"
	optCascade           = "cascade_memberships"
	optLastAdminGuard    = "last_admin_guard"
	optCreateTimeNull    = "member_create_time_null"
	optMixedCase         = "mixed_case_emails"
	optClockSkew         = "clock_skew_s"
)

// The shapes of an error of the token endpoint.
const (
	tokenErrorOAuth = "oauth"
	tokenErrorAPI   = "api"
)

func declareOptions() *stage.Options {
	return stage.NewOptions(
		stage.Switch{
			Name: optVisibilityDelay, Check: stage.WholeNumber(0),
			About: "Milliseconds until a new account, key or member is found, listed, and of any effect; empty for none.",
		},
		stage.Switch{
			Name: optConflict, Check: stage.WholeNumber(0),
			About: "Milliseconds after a change in which another one to the same resource or collection answers 409; empty for none.",
		},
		stage.Switch{
			Name: optConcurrentChanges, Default: "0", Check: stage.WholeNumber(0),
			About: "How many of the next changes to accounts, keys, members and projects answer 409, as if somebody else had changed the same; counts down.",
		},
		stage.Flag(optRateLimit, false, "More than 25 requests in 5 s, by all callers together, answer 429."),
		stage.Choice(optKeyLimitStatus, "The status of creating an eleventh key.", "400", "409", "429"),
		stage.Choice(optBasicAuthOff, "The status of basic auth with an account that has it off.", "401", "403", "400"),
		stage.Choice(optUnknownAccount, "The status of inviting an address of a service account that does not exist.", "404", "400"),
		stage.Choice(optMissingProject, "The status of everything below a project that does not exist.", "404", "403"),
		stage.Choice(optMalformedID, "The status of an id that cannot be one.", "404", "400"),
		stage.Switch{
			Name: optTokenError, Default: tokenErrorOAuth, Values: []string{tokenErrorOAuth, tokenErrorAPI},
			About: "What an error of the token endpoint looks like: as in RFC 6749, or as elsewhere in the API.",
		},
		stage.Flag(optTokensOutliveKey, false, "Access tokens stay valid when their key or account is deleted."),
		stage.Flag(optCascade, true, "Deleting an account deletes its memberships; else they dangle."),
		stage.Flag(optLastAdminGuard, false,
			"Removing or demoting oneself, and so the last administrator of an organization, answers 400."),
		stage.Flag(optCreateTimeNull, false, "The answer to a new membership has a null createTime, as in 2021."),
		stage.Flag(optMixedCase, false, "E-mail addresses of users are answered with capitals."),
		stage.Switch{
			Name: optClockSkew, Default: "0", Check: wholeSeconds,
			About: "Seconds by which the clock of the token endpoint is ahead of the others; may be negative.",
		},
	)
}

func wholeSeconds(value string) error {
	if _, err := strconv.Atoi(value); err != nil {
		return fmt.Errorf("%q is no whole number of seconds", value)
	}
	return nil
}
