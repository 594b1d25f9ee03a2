package stagetest

import (
	"net/http"
	"strings"
)

// Reply is an answer with its body as text and, if it is JSON, as a value.
type Reply struct {
	Status int
	Header http.Header
	Text   string
	Value  any
}

// At returns a member of the object, nil if there is none. A dot leads into the object below: "key.name".
func (r Reply) At(path string) any {
	value := r.Value
	for name := range strings.SplitSeq(path, ".") {
		object, _ := value.(map[string]any)
		value = object[name]
	}
	return value
}

// Str is [Reply.At] for a text; "" if there is none.
func (r Reply) Str(path string) string {
	text, _ := r.At(path).(string)
	return text
}

// Each returns a member of every object in a list, which stands under a name, or is the whole body for "".
func (r Reply) Each(list, member string) []any {
	objects, _ := r.Value.([]any)
	if list != "" {
		objects, _ = r.At(list).([]any)
	}
	values := []any{}
	for _, object := range objects {
		values = append(values, object.(map[string]any)[member])
	}
	return values
}
