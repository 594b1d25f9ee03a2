package rest_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

func TestSecretsAreKnownInEverySpelling(t *testing.T) {
	t.Parallel()
	const secret = "pä ss\"\\?>~+/=hunter2!"
	secrets := &rest.Secrets{}
	secrets.Add(secret)
	for name, spelling := range map[string]string{
		"as it is":             secret,
		"in a form":            url.QueryEscape(secret),
		"in a path":            url.PathEscape(secret),
		"as a component":       strings.ReplaceAll(url.QueryEscape(secret), "+", "%20"),
		"quoted":               strings.Trim(strconv.Quote(secret), `"`),
		"quoted in ASCII":      strings.Trim(strconv.QuoteToASCII(secret), `"`),
		"in base64":            base64.StdEncoding.EncodeToString([]byte(secret)),
		"in base64 unpadded":   base64.RawStdEncoding.EncodeToString([]byte(secret)),
		"in base64 for URLs":   base64.URLEncoding.EncodeToString([]byte(secret)),
		"in unpadded for URLs": base64.RawURLEncoding.EncodeToString([]byte(secret)),
	} {
		if got := secrets.Scrub("<" + spelling + ">"); got != "<(secret)>" {
			t.Errorf("%s, %s, was shown as %s", name, spelling, got)
		}
	}
}

// In base64 a password behind a user's name looks unlike the password, and differently for each length of the name.
func TestSecretsAreKnownBehindAName(t *testing.T) {
	t.Parallel()
	const secret = "?>~hunter2?>~hunter2?>~"
	secrets := &rest.Secrets{}
	secrets.Add(secret)
	for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		for _, user := range []string{"", "a", "ab", "abc"} {
			for _, tail := range []string{"", "x", "xy", "xyz"} {
				pair := encoding.EncodeToString([]byte(user + ":" + secret + tail))
				got := secrets.Scrub(pair)
				before, behind, masked := strings.Cut(got, "(secret)")
				// Besides the neighbours, no more is left than the characters that the secret shares with them.
				if longest := len(encoding.EncodeToString([]byte(user+":"))) + len(encoding.EncodeToString([]byte(tail))) + 2; !masked || len(before)+len(behind) > longest {
					t.Errorf("%s was shown as %s", pair, got)
				}
			}
		}
	}
}

// A secret that begins like another must not be left with the rest of itself.
func TestTheLongerSecretIsMaskedFirst(t *testing.T) {
	t.Parallel()
	secrets := &rest.Secrets{}
	secrets.Add("hunter2", "hunter2-and-more", "ter2-and")
	if got := secrets.Scrub("hunter2-and-more hunter2 ter2-and"); got != "(secret) (secret) (secret)" {
		t.Errorf("what is left is %q", got)
	}
}

func TestWordsAreNotMasked(t *testing.T) {
	t.Parallel()
	secrets := &rest.Secrets{}
	secrets.Add("", "a", "the")
	if text := "the answer is a status"; secrets.Scrub(text) != text {
		t.Errorf("%q was shown as %q", text, secrets.Scrub(text))
	}
}

func TestAVendorsCodeIsMaskedToo(t *testing.T) {
	t.Parallel()
	secrets := &rest.Secrets{}
	secrets.Add("hunter2-hunter2")
	c := serve(t, answer(http.StatusForbidden, "no"), func(config *rest.Config) {
		config.Secrets = secrets
		config.ParseError = func(int, []byte) (string, string) { return "E-hunter2-hunter2", "refused" }
	})
	_, err := rest.Get[thing](t.Context(), c, []string{"things"}, nil)
	if failed, ok := rest.AsError(err); !ok || failed.Code != "E-(secret)" || failed.Message != "refused" {
		t.Errorf("%#v", err)
	}
}
