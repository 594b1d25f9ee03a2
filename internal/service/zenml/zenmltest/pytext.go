package zenmltest

import (
	"bytes"
	"encoding/json"
	"strings"
)

// quote writes text as Python's repr does, in the cases that occur here.
func quote(text string) string {
	text = strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(text)
	if strings.Contains(text, "'") && !strings.Contains(text, `"`) {
		return `"` + text + `"`
	}
	return "'" + strings.ReplaceAll(text, "'", `\'`) + "'"
}

// python writes a JSON value as Python's repr does, which is how the server echoes what it refuses.
func python(value json.RawMessage) string {
	decoder := json.NewDecoder(bytes.NewReader(value))
	decoder.UseNumber()
	var text strings.Builder
	writePython(decoder, &text)
	return text.String()
}

// writePython goes token by token, because the order of members counts.
func writePython(decoder *json.Decoder, text *strings.Builder) {
	token, err := decoder.Token()
	if err != nil {
		return
	}
	switch token := token.(type) {
	case nil:
		text.WriteString("None")
	case bool:
		text.WriteString(map[bool]string{true: "True", false: "False"}[token])
	case json.Number:
		text.WriteString(token.String())
	case string:
		text.WriteString(quote(token))
	case json.Delim:
		text.WriteRune(rune(token))
		for first := true; decoder.More(); first = false {
			if !first {
				text.WriteString(", ")
			}
			writePython(decoder, text)
			if token == '{' {
				text.WriteString(": ")
				writePython(decoder, text)
			}
		}
		_, _ = decoder.Token()
		text.WriteRune(map[json.Delim]rune{'{': '}', '[': ']'}[token])
	}
}
