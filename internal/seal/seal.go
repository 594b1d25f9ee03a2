// Package seal encrypts secrets to age or PGP recipients, so that what a state holds is of use to nobody but them.
package seal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"filippo.io/age"
	"filippo.io/age/armor"
	"github.com/ProtonMail/go-crypto/openpgp"
	pgparmor "github.com/ProtonMail/go-crypto/openpgp/armor"
)

// Recipients are those who can open what is sealed. All are of one kind, because one text can be sealed in one way only.
type Recipients struct {
	age          []age.Recipient
	pgp          openpgp.EntityList
	fingerprints []string
}

// errMixed tells that recipients are of both kinds.
var errMixed = errors.New("all recipients must be of one kind: either age or PGP")

// errPrivateKey tells that a text that should be a recipient is a private key. Nothing may show that text.
var errPrivateKey = errors.New("this is a private key: treat it as leaked")

// Parse reads recipients: each an age recipient ("age1…") or an armored PGP public key. Its errors do not repeat the texts,
// which may be private keys by mistake.
func Parse(texts []string) (*Recipients, error) {
	all := &Recipients{}
	for _, text := range texts {
		if err := all.add(strings.TrimSpace(text)); err != nil {
			return nil, err
		}
	}
	if len(all.age) > 0 && len(all.pgp) > 0 {
		return nil, errMixed
	}
	slices.Sort(all.fingerprints)
	all.fingerprints = slices.Compact(all.fingerprints)
	return all, nil
}

// Fingerprints are what recipients are known by, in order: the whole text of an age recipient, and the fingerprint of a PGP key
// in upper-case hexadecimal digits.
func (r *Recipients) Fingerprints() []string { return r.fingerprints }

func (r *Recipients) add(text string) error {
	switch upper := strings.ToUpper(text); {
	case strings.Contains(upper, "AGE-SECRET-KEY-"):
		return fmt.Errorf("%w, and give the recipient of a new one, which begins with age1", errPrivateKey)
	case strings.Contains(upper, "PRIVATE KEY"):
		return errPrivatePGP
	case strings.HasPrefix(text, "age1"):
		return r.addAge(text)
	case strings.HasPrefix(text, "-----BEGIN "+openpgp.PublicKeyType):
		return r.addPGP(text)
	}
	return errors.New("a recipient is either an age recipient, which begins with age1, or an armored PGP public key block")
}

func (r *Recipients) addAge(text string) error {
	if strings.ContainsAny(text, "\r\n") {
		return errors.New("this is more than one line: give each age recipient as an element of its own, without comments")
	}
	recipients, err := age.ParseRecipients(strings.NewReader(text))
	if err != nil {
		return errors.New("this is no age recipient: X25519 (age1…) and hybrid ones (age1pq1…) are known, as age-keygen prints them")
	}
	r.age = append(r.age, recipients...)
	r.fingerprints = append(r.fingerprints, text)
	return nil
}

var errPrivatePGP = fmt.Errorf("%w, and give the public key of a new one (gpg --armor --export)", errPrivateKey)

// errNotAlone tells that a text goes on after its first block, which is all that a decoder reads.
var errNotAlone = errors.New("there is more than one PGP block in this text: give each as an element of its own")

func (r *Recipients) addPGP(text string) error {
	if strings.Count(text, "-----BEGIN ") > 1 {
		return errNotAlone
	}
	block, err := pgparmor.Decode(strings.NewReader(text))
	if err != nil {
		return fmt.Errorf("this is no armored PGP public key: %w", err)
	}
	entities, err := openpgp.ReadKeyRing(block.Body)
	if err != nil {
		return fmt.Errorf("this is no PGP public key: %w", err)
	}
	for _, entity := range entities {
		if entity.PrivateKey != nil {
			return errPrivatePGP
		}
		r.fingerprints = append(r.fingerprints, fmt.Sprintf("%X", entity.PrimaryKey.Fingerprint))
	}
	r.pgp = append(r.pgp, entities...)
	return nil
}

// Check tells whether a secret can be sealed now: a PGP key may have expired, or be for signatures alone. Ask before a secret is
// made that nobody could read otherwise.
func (r *Recipients) Check() error {
	_, err := r.Seal("")
	return err
}

// Seal encrypts a secret, as armored text that the tools of its kind read (age -d, gpg -d).
func (r *Recipients) Seal(secret string) (string, error) {
	var sealed bytes.Buffer
	armored, err := r.armor(&sealed)
	if err != nil {
		return "", err
	}
	plain, err := r.encrypt(armored)
	if err != nil {
		return "", fmt.Errorf("the secret cannot be encrypted to the recipients: %w", err)
	}
	if _, err := io.WriteString(plain, secret); err != nil {
		return "", err
	}
	if err := errors.Join(plain.Close(), armored.Close()); err != nil {
		return "", err
	}
	return strings.TrimSpace(sealed.String()) + "\n", nil
}

func (r *Recipients) armor(to io.Writer) (io.WriteCloser, error) {
	if len(r.age) > 0 {
		return armor.NewWriter(to), nil
	}
	return pgparmor.Encode(to, "PGP MESSAGE", nil)
}

func (r *Recipients) encrypt(to io.Writer) (io.WriteCloser, error) {
	if len(r.age) > 0 {
		return age.Encrypt(to, r.age...)
	}
	return openpgp.Encrypt(to, r.pgp, nil, nil, nil)
}
