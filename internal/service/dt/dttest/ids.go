package dttest

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"regexp"
	"strings"
	"time"
)

var (
	idForm     = regexp.MustCompile(`^[0-9a-v]{20}$`)
	memberForm = regexp.MustCompile(`^([0-9a-v]{20}|[0-9]+)$`)
)

// newID makes an xid of the given second: 12 bytes, of which the first four are the time and the others random.
func newID(now time.Time) string {
	seconds := uint32(now.Unix()) //nolint:gosec // an xid counts in 32 bits, until 2106
	bytes := binary.BigEndian.AppendUint32(nil, seconds)
	bytes = append(bytes, randomBytes(8)...)
	return strings.ToLower(base32.HexEncoding.WithPadding(base32.NoPadding).EncodeToString(bytes))
}

func randomBytes(n int) []byte {
	bytes := make([]byte, n)
	_, _ = rand.Read(bytes) // never fails: the runtime ends the process instead
	return bytes
}

// firstUpdate is when the API says that a new object was updated: 60 to 100 ms after it was made, although nothing
// happened in between.
func firstUpdate(created time.Time) time.Time {
	return created.Add(60*time.Millisecond + time.Duration(randomBytes(1)[0]%41)*time.Millisecond)
}

// nextUpdate is the time of an update now, which is later than the one before in any case.
func (f *Fake) nextUpdate(before time.Time) time.Time {
	if now := f.now(); now.After(before) {
		return now
	}
	return before.Add(time.Microsecond)
}
