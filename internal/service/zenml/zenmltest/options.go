package zenmltest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage"
)

// The switches, which make the fake another server than the newest with its defaults.
const (
	optAdminOnly       = "admin_only"
	optVersion         = "version"
	optTokenExpiresIn  = "token_expires_in"
	optAuthScheme      = "auth_scheme"
	optExternal        = "external_accounts"
	optOwners          = "owns_resources"
	optRateLimit       = "rate_limit"
	optDeduplication   = "deduplication"
	optGenerationCheck = "generation_check"
	optDirectBearer    = "direct_bearer"
	optHTML            = "html_for_unknown"
)

// The authentication schemes of the server.
const (
	schemeOAuth2   = "OAUTH2_PASSWORD_BEARER"
	schemeBasic    = "HTTP_BASIC"
	schemeNone     = "NO_AUTH"
	schemeExternal = "EXTERNAL"
)

// declareOptions lists the switches. For a server of version 0.95.1 set version to that, and admin_only and
// generation_check to false. What else differs between versions follows the version by itself.
func declareOptions() *stage.Options {
	return stage.NewOptions(
		stage.Flag(optAdminOnly, true,
			"Only admins may change accounts and keys (since 0.96.0); else everybody who is logged in."),
		stage.Switch{
			Name: optVersion, Default: "0.98.0", Check: versionNumber,
			About: "The version to tell, and to be like in everything that no other switch decides.",
		},
		stage.Switch{
			Name: optTokenExpiresIn, Check: stage.WholeNumber(1),
			About: "Seconds until a login ends; empty for logins that never end, which answer a null expires_in.",
		},
		stage.Switch{
			Name: optAuthScheme, Default: schemeOAuth2,
			Values: []string{schemeOAuth2, schemeBasic, schemeNone, schemeExternal},
			About:  "The server's authentication scheme; EXTERNAL is that of ZenML Pro.",
		},
		stage.Switch{
			Name:  optExternal,
			About: "Service accounts, by id or name and separated by commas, that are managed outside, as in ZenML Pro.",
		},
		stage.Switch{
			Name:  optOwners,
			About: "Service accounts, by id or name and separated by commas, that own things and so cannot be deleted.",
		},
		stage.Switch{
			Name: optRateLimit, Check: stage.WholeNumber(1),
			About: "Failed logins allowed per minute and address before 429 (a server that limits allows 5); empty for no limit.",
		},
		stage.Flag(optDeduplication, true, "A POST with an Idempotency-Key seen before answers what the first one did."),
		stage.Flag(optGenerationCheck, true,
			"A rotated key invalidates the logins made with the old one, after the retain period (since 0.98.0)."),
		stage.Flag(optDirectBearer, true, "An API key is accepted in place of an access token."),
		stage.Flag(optHTML, true, "Unknown paths outside /api answer the dashboard's page with 200; else 404."),
	)
}

// older tells whether the server is to be like one before 0.96.0, with which much about external accounts changed.
func (f *Fake) older() bool {
	return slices.Compare(versionParts(f.options.Get(optVersion)), []int{0, 96, 0}) < 0
}

func versionNumber(value string) error {
	if parts := versionParts(value); len(parts) != 3 || slices.Contains(parts, -1) {
		return fmt.Errorf("%q is no version such as 0.98.0", value)
	}
	return nil
}

// versionParts splits a version into its numbers, with -1 for what is none.
func versionParts(version string) []int {
	var parts []int
	for text := range strings.SplitSeq(version, ".") {
		number, err := strconv.Atoi(text)
		if err != nil || number < 0 {
			number = -1
		}
		parts = append(parts, number)
	}
	return parts
}
