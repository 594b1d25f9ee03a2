package main

import (
	"fmt"
	"maps"
	"net/url"
	"os"
	"slices"
	"strings"
)

// environment is what the sandbox hands to those who want to reach its systems.
type environment map[string]string

// readEnvironment reads lines of the form: export NAME='value'.
func readEnvironment(file string) (environment, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	variables := environment{}
	for line := range strings.Lines(string(content)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, value, found := strings.Cut(strings.TrimPrefix(line, "export "), "=")
		if !found {
			return nil, fmt.Errorf("the sandbox wrote a line that sets nothing, for %q", name)
		}
		variables[name] = unquote(value)
	}
	return variables, nil
}

// unquote takes off a shell's single quotes, inside which only a quote itself is special.
func unquote(value string) string {
	inner, quoted := strings.CutPrefix(value, "'")
	if !quoted {
		return value
	}
	return strings.ReplaceAll(strings.TrimSuffix(inner, "'"), `'\''`, "'")
}

func (e environment) list() []string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(e)) {
		list = append(list, name+"="+e[name])
	}
	return list
}

// secrets takes every value for one that is long enough and no address.
func (e environment) secrets() []string {
	var secrets []string
	for _, value := range e {
		if parsed, err := url.Parse(value); len(value) >= 8 && (err != nil || parsed.Scheme == "") {
			secrets = append(secrets, value)
		}
	}
	return secrets
}
