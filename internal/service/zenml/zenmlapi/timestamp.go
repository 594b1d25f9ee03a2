package zenmlapi

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Timestamp is a moment as the server writes it: UTC without a zone, with up to six digits of a fraction that may be
// absent. A zone, should a server send one, is understood.
type Timestamp struct{ time.Time }

// UnmarshalJSON implements json.Unmarshaler.
func (t *Timestamp) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return fmt.Errorf("a timestamp is no string: %w", err)
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999"} {
		if moment, err := time.Parse(layout, strings.Replace(text, " ", "T", 1)); err == nil {
			t.Time = moment.UTC()
			return nil
		}
	}
	return fmt.Errorf("cannot read the timestamp %q", text)
}

// latest is when something happened for the last time: null if it never did, which is another thing than an answer that
// leaves it out.
type latest struct {
	at   *Timestamp
	told bool
}

// UnmarshalJSON implements json.Unmarshaler. It is not called for what is left out.
func (l *latest) UnmarshalJSON(data []byte) error {
	l.told = true
	return json.Unmarshal(data, &l.at)
}
