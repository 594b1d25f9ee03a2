package seal_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"github.com/ProtonMail/go-crypto/openpgp/packet"

	"github.com/machineid/terraform-provider-machineid/internal/seal"
	"github.com/machineid/terraform-provider-machineid/internal/seal/sealtest"
)

const secret = "s3cret-välue\n with lines"

// What is sealed to two, each of them reads with the tool that they have.
func TestTheToolsOpenIt(t *testing.T) {
	t.Parallel()
	for name, make := range map[string]func(testing.TB) sealtest.Reader{"age": sealtest.Age, "gpg": sealtest.PGP} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			one, two := make(t), make(t)
			recipients, err := seal.Parse([]string{two.Recipient, "\n" + one.Recipient + "\n"})
			if err != nil {
				t.Fatal(err)
			}
			want := []string{one.Fingerprint, two.Fingerprint}
			slices.Sort(want)
			if got := recipients.Fingerprints(); !slices.Equal(got, want) {
				t.Errorf("the fingerprints are %q, want %q", got, want)
			}
			sealed, err := recipients.Seal(secret)
			if err != nil || strings.Contains(sealed, "s3cret") {
				t.Fatalf("%q, %v", sealed, err)
			}
			for _, reader := range []sealtest.Reader{one, two} {
				if opened := reader.Open(t, sealed); opened != secret {
					t.Errorf("it holds %q", opened)
				}
			}
		})
	}
}

// armored is a PGP key as gpg exports it.
func armored(t *testing.T, entity *openpgp.Entity, private bool) string {
	t.Helper()
	var text bytes.Buffer
	kind, serialize := openpgp.PublicKeyType, entity.Serialize
	if private {
		kind = openpgp.PrivateKeyType
	}
	writer, err := armor.Encode(&text, kind, nil)
	if err != nil {
		t.Fatal(err)
	}
	if private {
		err = entity.SerializePrivate(writer, nil)
	} else {
		err = serialize(writer)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

func pgpKey(t *testing.T, config *packet.Config) *openpgp.Entity {
	t.Helper()
	entity, err := openpgp.NewEntity("reader", "", "reader@example.org", config)
	if err != nil {
		t.Fatal(err)
	}
	return entity
}

// Texts that are no recipients are refused in words that do not repeat them: they may be private keys.
func TestWhatIsNoRecipient(t *testing.T) {
	t.Parallel()
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	key := pgpKey(t, nil)
	private := armored(t, key, true)
	tests := map[string]struct {
		texts []string
		want  string
	}{
		"nothing":                 {[]string{""}, "either an age recipient"},
		"a name":                  {[]string{"reader@example.org"}, "either an age recipient"},
		"an age identity":         {[]string{identity.String()}, "treat it as leaked"},
		"one in small letters":    {[]string{strings.ToLower(identity.String())}, "treat it as leaked"},
		"a broken age recipient":  {[]string{identity.Recipient().String() + "q"}, "no age recipient"},
		"a plugin of age":         {[]string{"age1yubikey1qwt50d05nh5vutpdzmlg5wn80xq5negm4uj9ghv0snvdd3yysf5yw3rhl3t"}, "no age recipient"},
		"a PGP private key":       {[]string{private}, "treat it as leaked"},
		"one that is called else": {[]string{strings.ReplaceAll(private, "PRIVATE", "PUBLIC")}, "treat it as leaked"},
		"half a PGP key":          {[]string{armored(t, key, false)[:200]}, "PGP public key"},
		"an identity's file":      {[]string{"# created: today\n# public key: " + identity.Recipient().String() + "\n" + identity.String()}, "treat it as leaked"},
		"one after a recipient":   {[]string{identity.Recipient().String() + "\n" + identity.String()}, "treat it as leaked"},
		"one in quotes":           {[]string{`"` + identity.String() + `"`}, "treat it as leaked"},
		"a private key of SSH":    {[]string{"-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n"}, "treat it as leaked"},
		"two age recipients":      {[]string{identity.Recipient().String() + "\n" + identity.Recipient().String()}, "element of its own"},
		"an age comment":          {[]string{identity.Recipient().String() + "\n# reader"}, "element of its own"},
		"two PGP blocks":          {[]string{armored(t, key, false) + "\n" + armored(t, pgpKey(t, nil), false)}, "element of its own"},
		"both kinds":              {[]string{identity.Recipient().String(), armored(t, key, false)}, "one kind"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := seal.Parse(test.texts)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("%v, want %q", err, test.want)
			}
			for _, text := range test.texts {
				for line := range strings.Lines(text) {
					if len(line) > 20 && !strings.HasPrefix(line, "-----") && strings.Contains(err.Error(), strings.TrimSpace(line)) {
						t.Errorf("the error repeats the text: %v", err)
					}
				}
			}
		})
	}
}

// Of recipients that can be read, not all can be sealed to.
func TestWhatCannotBeSealedTo(t *testing.T) {
	t.Parallel()
	old := time.Now().Add(-48 * time.Hour)
	expired := pgpKey(t, &packet.Config{Time: func() time.Time { return old }, KeyLifetimeSecs: 3600})
	signs := pgpKey(t, nil)
	signs.Subkeys = nil
	hybrid, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	classic, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	for name, texts := range map[string][]string{
		"nobody":                           nil,
		"an expired key":                   {armored(t, expired, false)},
		"a key that signs only":            {armored(t, signs, false)},
		"age recipients of unequal safety": {hybrid.Recipient().String(), classic.Recipient().String()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			recipients, err := seal.Parse(texts)
			if err != nil {
				t.Fatal(err)
			}
			if err := recipients.Check(); err == nil {
				t.Error("it passes the check")
			}
		})
	}
	recipients, err := seal.Parse([]string{hybrid.Recipient().String()})
	if err != nil || recipients.Check() != nil {
		t.Errorf("%v, %v", err, recipients.Check())
	}
}
