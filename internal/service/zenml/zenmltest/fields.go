package zenmltest

import (
	"encoding/json"
	"io"
	"math"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// readBody reads the request body and refuses broken JSON.
func (c *call) readBody() *failure {
	body, err := io.ReadAll(c.r.Body)
	if err != nil {
		return plain(http.StatusBadRequest, "There was an error parsing the body")
	}
	c.body = body
	if len(body) > 0 && c.isJSON() && !json.Valid(body) {
		return invalidRequest(problem{"json_invalid", []string{"body"}, "JSON decode error", "{}"})
	}
	return nil
}

func (c *call) isJSON() bool {
	media, _, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	return err == nil && (media == "application/json" || strings.HasSuffix(media, "+json"))
}

// fields reads the members of a JSON body one by one and gathers the complaints, as the server's models do. Members
// that nobody asks for are ignored.
type fields struct {
	whole    json.RawMessage
	members  map[string]json.RawMessage
	problems []problem
}

// noFields is for requests without a body.
func (c *call) noFields() *fields { return &fields{} }

func (c *call) fields() *fields {
	f := &fields{whole: c.body}
	const noObject = "Input should be a valid dictionary or object to extract fields from"
	switch {
	case len(c.body) == 0:
		f.complain("missing", "Field required", "None", "body")
	case !c.isJSON():
		f.complain("model_attributes_type", noObject, "b"+quote(string(c.body)), "body")
	case json.Unmarshal(c.body, &f.members) != nil || f.members == nil:
		f.complain("model_attributes_type", noObject, python(c.body), "body")
	}
	return f
}

func (f *fields) complain(kind, text, input string, at ...string) {
	f.problems = append(f.problems, problem{kind, at, text, input})
}

// refusal is nil when there were no complaints.
func (f *fields) refusal() *failure {
	if len(f.problems) == 0 {
		return nil
	}
	return invalidRequest(f.problems...)
}

// member returns a member, and false when it is absent or there is no body to look at.
func (f *fields) member(name string, required bool) (json.RawMessage, bool) {
	value, ok := f.members[name]
	if !ok && required && f.members != nil {
		f.complain("missing", "Field required", python(f.whole), "body", name)
	}
	return value, ok
}

// text reads a string of at most max characters; 0 is no limit.
func (f *fields) text(name string, value json.RawMessage, max int) string {
	var text string
	if value[0] != '"' || json.Unmarshal(value, &text) != nil {
		f.complain("string_type", "Input should be a valid string", python(value), "body", name)
		return ""
	}
	if max > 0 && utf8.RuneCountInString(text) > max {
		f.complain("string_too_long", "String should have at most "+strconv.Itoa(max)+" characters", python(value), "body", name)
	}
	return text
}

func (f *fields) required(name string, max int) string {
	if value, ok := f.member(name, true); ok {
		return f.text(name, value, max)
	}
	return ""
}

// withDefault may be absent, but not null.
func (f *fields) withDefault(name string, max int) string {
	if value, ok := f.member(name, false); ok {
		return f.text(name, value, max)
	}
	return ""
}

func (f *fields) nullable(name string, max int) *string {
	value, ok := f.member(name, false)
	if !ok || string(value) == "null" {
		return nil
	}
	text := f.text(name, value, max)
	return &text
}

func (f *fields) requiredBool(name string) bool {
	if value, ok := f.member(name, true); ok {
		return f.boolean(name, value)
	}
	return false
}

func (f *fields) nullableBool(name string) *bool {
	value, ok := f.member(name, false)
	if !ok || string(value) == "null" {
		return nil
	}
	on := f.boolean(name, value)
	return &on
}

func (f *fields) boolean(name string, value json.RawMessage) bool {
	var word string
	if json.Unmarshal(value, &word) != nil || string(value) == "null" {
		word = string(value)
		if word != "true" && word != "false" && word != "0" && word != "1" {
			f.complain("bool_type", "Input should be a valid boolean", python(value), "body", name)
			return false
		}
	}
	on, ok := asBool(word)
	if !ok {
		f.complain("bool_parsing", "Input should be a valid boolean, unable to interpret input", python(value), "body", name)
	}
	return on
}

// wholeNumber may be absent, which is 0, but not null.
func (f *fields) wholeNumber(name string) int {
	value, ok := f.member(name, false)
	if !ok {
		return 0
	}
	text := strings.Trim(string(value), `"`)
	number, err := strconv.ParseFloat(text, 64)
	if err != nil {
		kind, message := "int_type", "Input should be a valid integer"
		if value[0] == '"' {
			kind, message = "int_parsing", "Input should be a valid integer, unable to parse string as an integer"
		}
		f.complain(kind, message, python(value), "body", name)
		return 0
	}
	if number != math.Trunc(number) {
		f.complain("int_from_float", "Input should be a valid integer, got a number with a fractional part", python(value), "body", name)
	}
	return int(number)
}

// asBool knows the words that the server's validation library takes for a boolean.
func asBool(word string) (value, ok bool) {
	word = strings.ToLower(word)
	if slices.Contains([]string{"1", "true", "t", "yes", "y", "on"}, word) {
		return true, true
	}
	return false, slices.Contains([]string{"0", "false", "f", "no", "n", "off"}, word)
}

// hydrate reads the query parameter that decides whether metadata is filled.
func (c *call) hydrate(byDefault bool) (bool, *failure) {
	values := c.r.URL.Query()["hydrate"]
	if len(values) == 0 {
		return byDefault, nil
	}
	last := values[len(values)-1]
	on, ok := asBool(last)
	if !ok {
		return false, invalidRequest(problem{
			"bool_parsing",
			[]string{"query", "hydrate"},
			"Input should be a valid boolean, unable to interpret input", quote(last),
		})
	}
	return on, nil
}

// wholeNumber reads a numeric query parameter.
func wholeNumber(name, text string) (int, *failure) {
	number, err := strconv.Atoi(text)
	if err != nil {
		return 0, invalidRequest(problem{
			"int_parsing",
			[]string{"query", name},
			"Input should be a valid integer, unable to parse string as an integer", quote(text),
		})
	}
	return number, nil
}
