package stage

import (
	"crypto/rand"
	"crypto/sha256"
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

// Digest stands for a secret where it is kept: SHA-256 in hexadecimal.
func Digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
