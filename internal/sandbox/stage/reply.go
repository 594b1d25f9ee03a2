package stage

import (
	"bytes"
	"encoding/json"
	"net/http"
)

// JSON writes value as the whole reply.
func JSON(w http.ResponseWriter, status int, value any) {
	body, err := Encode(value)
	if err != nil {
		http.Error(w, "the sandbox cannot encode its reply: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// Encode returns value as JSON the way most servers write it: HTML characters as they are, no final newline.
func Encode(value any) ([]byte, error) {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(buffer.Bytes(), []byte("\n")), nil
}
