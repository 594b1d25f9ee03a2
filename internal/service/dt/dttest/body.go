package dttest

import (
	"encoding/json"
	"io"
	"slices"
	"strings"
)

// fields are the members of a JSON object that was sent. Those that nobody asks for are ignored.
type fields map[string]json.RawMessage

// body reads the request body; none at all is as good as an empty object.
func (c *call) body() (fields, *failure) {
	content, err := io.ReadAll(c.r.Body)
	if err != nil {
		return nil, invalid("the body cannot be read")
	}
	if len(content) == 0 {
		return fields{}, nil
	}
	return readFields(content)
}

func readFields(content []byte) (fields, *failure) {
	var sent fields
	if err := json.Unmarshal(content, &sent); err != nil || sent == nil {
		return nil, invalid("the body is no JSON object")
	}
	return sent, nil
}

// read sets target to a field that is present. Null is the field's default.
func read[T any](sent fields, name string, target *T) *failure {
	content, present := sent[name]
	if !present {
		return nil
	}
	var value T
	if err := json.Unmarshal(content, &value); err != nil {
		return invalid("%s has the wrong type", name)
	}
	*target = value
	return nil
}

// first returns the first of several refusals.
func first(refusals ...*failure) *failure {
	for _, failed := range refusals {
		if failed != nil {
			return failed
		}
	}
	return nil
}

// patch reads the body of an update: of the fields that are present, those that the mask lets through, if there is one.
func (c *call) patch(known ...string) (fields, *failure) {
	sent, failed := c.body()
	if failed != nil {
		return nil, failed
	}
	mask := c.query("updateMask", "update_mask")
	if mask == "" {
		return sent, nil
	}
	masked := fields{}
	for name := range strings.SplitSeq(mask, ",") {
		if !slices.Contains(known, name) {
			return nil, invalid("the update mask names %q", name)
		}
		if content, present := sent[name]; present {
			masked[name] = content
		}
	}
	return masked, nil
}

// query returns the first query parameter that is given under one of its spellings.
func (c *call) query(spellings ...string) string {
	values := c.r.URL.Query()
	for _, name := range spellings {
		if value := values.Get(name); value != "" {
			return value
		}
	}
	return ""
}
