package keycardtest

import "time"

// moment is a time as the API writes it: UTC, always with milliseconds.
type moment time.Time

// MarshalJSON writes the time as a JSON string.
func (m moment) MarshalJSON() ([]byte, error) {
	return []byte(time.Time(m).UTC().Format(`"2006-01-02T15:04:05.000Z"`)), nil
}
