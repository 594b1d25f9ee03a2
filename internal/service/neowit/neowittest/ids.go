package neowittest

import (
	"crypto/rand"
	"encoding/base64"
	"regexp"
)

const (
	alphanumerics = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	idLength      = 22
)

// idForm is what can be an id, even if the ids made here have neither hyphens nor underscores.
var idForm = regexp.MustCompile(`^[0-9A-Za-z_-]+$`)

// newID makes a random id. Capitals and small letters differ.
func newID() string {
	id := make([]byte, 0, idLength)
	for len(id) < idLength {
		// Of 64 values two are thrown away, so that each character is as likely as any other.
		if i := int(randomBytes(1)[0] & 63); i < len(alphanumerics) {
			id = append(id, alphanumerics[i])
		}
	}
	return string(id)
}

// newSecret makes a secret that looks like base64, which nobody must decode: it signs as it is.
func newSecret() string { return base64.RawURLEncoding.EncodeToString(randomBytes(32)) }

func randomBytes(n int) []byte {
	bytes := make([]byte, n)
	_, _ = rand.Read(bytes) // never fails: the runtime ends the process instead
	return bytes
}
