package neowittest

import (
	"encoding/json"
	"io"
)

// fields are the members of a JSON object that was sent. Those that nobody asks for are ignored.
type fields map[string]json.RawMessage

// The members of an account that can be written.
const (
	fieldName            = "name"
	fieldEnableBasicAuth = "enableBasicAuth"
)

// body reads the request body, which must be a JSON object.
func (c *call) body() (fields, *failure) {
	content, err := io.ReadAll(c.r.Body)
	if err != nil {
		return nil, badData(nil)
	}
	return readFields(content)
}

func readFields(content []byte) (fields, *failure) {
	var sent fields
	if err := json.Unmarshal(content, &sent); err != nil || sent == nil {
		return nil, badData(nil)
	}
	return sent, nil
}

// emptyBody accepts a JSON object, whatever is in it, and no body at all.
func (c *call) emptyBody() *failure {
	content, err := io.ReadAll(c.r.Body)
	if err != nil {
		return badData(nil)
	}
	if len(content) == 0 {
		return nil
	}
	_, failed := readFields(content)
	return failed
}

// write sets the fields of an account that are present. It tells everything that is wrong at once.
func (a *account) write(sent fields) *failure {
	hints := map[string]string{}
	if content, present := sent[fieldName]; present {
		switch text, ok := read[string](content); {
		case !ok:
			hints["serviceAccount."+fieldName] = "must be a string"
		case text == "":
			hints["serviceAccount."+fieldName] = "required"
		default:
			a.Name = text
		}
	} else if a.Name == "" {
		hints["serviceAccount."+fieldName] = "required"
	}
	if content, present := sent[fieldEnableBasicAuth]; present {
		enable, ok := read[bool](content)
		if !ok {
			hints["serviceAccount."+fieldEnableBasicAuth] = "must be a boolean"
		}
		a.EnableBasicAuth = enable
	}
	if len(hints) > 0 {
		return badData(hints)
	}
	return nil
}

// read decodes a value of one type, to which null does not belong.
func read[T any](content json.RawMessage) (T, bool) {
	var value *T
	if err := json.Unmarshal(content, &value); err != nil || value == nil {
		var none T
		return none, false
	}
	return *value, true
}
