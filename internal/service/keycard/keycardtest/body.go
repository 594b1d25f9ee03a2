package keycardtest

import (
	"encoding/json"
	"io"
	"mime"
	"unicode/utf8"
)

const maxDescription = 500 // characters

// naming is what can be written of an account and of a credential. Without a description there is nil.
type naming struct {
	Name        string  `json:"name"`
	Description *string `json:"description"`
}

// fields are the members of a JSON object that was sent. Those that nobody asks for are ignored.
type fields map[string]json.RawMessage

// receive writes what a request holds into a name and a description, which stay as they are where it holds nothing. In the
// end there must be a name.
func (f *Fake) receive(c *call, into *naming) *failure {
	sent, failed := c.body()
	if failed != nil {
		return failed
	}
	if content, present := sent["name"]; present {
		name, ok := readText(content)
		if !ok {
			return badRequest("name must be a string")
		}
		into.Name = name
	}
	if into.Name == "" {
		return badRequest("name is required and must not be empty")
	}
	content, present := sent["description"]
	if !present {
		return nil
	}
	return f.describe(content, into)
}

// describe sets or clears the description.
func (f *Fake) describe(content json.RawMessage, into *naming) *failure {
	if string(content) == "null" {
		if f.options.Get(optNullDescription) == clearing {
			into.Description = nil
			return nil
		}
		return badRequest("description must not be null")
	}
	text, ok := readText(content)
	if !ok {
		return badRequest("description must be a string")
	}
	if utf8.RuneCountInString(text) > maxDescription {
		return badRequest("description must have at most %d characters", maxDescription)
	}
	into.Description = &text
	if text == "" {
		switch f.options.Get(optEmptyDescription) {
		case clearing:
			into.Description = nil
		case refusing:
			return badRequest("description must not be empty")
		}
	}
	return nil
}

// body reads the request body, which must be a JSON object.
func (c *call) body() (fields, *failure) {
	if kind, _, err := mime.ParseMediaType(c.r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return nil, badRequest("the content type must be application/json")
	}
	content, err := io.ReadAll(c.r.Body)
	if err != nil {
		return nil, badRequest("the body cannot be read")
	}
	var sent fields
	if err := json.Unmarshal(content, &sent); err != nil || sent == nil {
		return nil, badRequest("the body must be a JSON object")
	}
	return sent, nil
}

// readText decodes a string, which null is not.
func readText(content json.RawMessage) (string, bool) {
	var text *string
	if err := json.Unmarshal(content, &text); err != nil || text == nil {
		return "", false
	}
	return *text, true
}
