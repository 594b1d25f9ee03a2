package stage

import (
	"crypto/rand"
	"encoding/hex"

	"github.com/google/uuid"
)

// NewUUID returns a random UUID in its usual spelling.
func NewUUID() string {
	return uuid.NewString()
}

// RandomHex returns n random bytes in hexadecimal, fit to be a secret.
func RandomHex(n int) string {
	bytes := make([]byte, n)
	_, _ = rand.Read(bytes) // never fails: the runtime ends the process instead
	return hex.EncodeToString(bytes)
}
