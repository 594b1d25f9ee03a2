package rest_test

import (
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

func TestParseEndpoint(t *testing.T) {
	t.Parallel()
	accepted := map[string]string{
		"https://api.example.com":          "https://api.example.com",
		"https://api.example.com/":         "https://api.example.com",
		"https://api.example.com/zenml///": "https://api.example.com/zenml",
		"http://localhost:8237":            "http://localhost:8237",
		"http://127.0.0.1:8237/zenml":      "http://127.0.0.1:8237/zenml",
		"http://127.9.9.9":                 "http://127.9.9.9",
		"http://[::1]:8237":                "http://[::1]:8237",
	}
	for text, want := range accepted {
		endpoint, err := rest.ParseEndpoint(text)
		if err != nil || endpoint.String() != want {
			t.Errorf("ParseEndpoint(%q) = %v, %v; want %s", text, endpoint, err, want)
		}
	}
	refused := map[string]string{
		"":                                "empty",
		"api.example.com":                 "absolute",
		"/zenml":                          "absolute",
		"https://":                        "absolute",
		"https://:8080":                   "absolute",
		"ftp://api.example.com":           "https://",
		"http://api.example.com":          "clear text",
		"http://10.0.0.1":                 "clear text",
		"http://localhost.example.com":    "clear text",
		"https://me:hunter2@example.com":  "user or password",
		"admin:hunter2@host":              "user or password",
		"https://api.example.com?a=b":     "query",
		"https://api.example.com#top":     "fragment",
		"https://exa mple.com/hunter2%zz": "valid URL",
	}
	for text, want := range refused {
		_, err := rest.ParseEndpoint(text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseEndpoint(%q) = %v, want an error with %q", text, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("ParseEndpoint(%q) repeats what may be a password: %v", text, err)
		}
	}
}
