package keycardtest

import (
	"crypto/rand"
	"math/big"
)

const (
	digits  = "0123456789"
	smalls  = "abcdefghijklmnopqrstuvwxyz"
	capital = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
)

// newID makes an id that is fit for host names too.
func newID() string { return randomText(smalls+digits, 26) }

// newClientID and newSecret differ in their capitals and small letters.
func newClientID() string { return randomText(smalls+capital+digits, 21) }

func newSecret() string { return randomText(smalls+capital+digits, 64) }

func randomText(alphabet string, length int) string {
	text := make([]byte, length)
	for i := range text {
		at, _ := rand.Int(rand.Reader, big.NewInt(int64(len(alphabet)))) // never fails: the runtime ends the process instead
		text[i] = alphabet[at.Int64()]
	}
	return string(text)
}
