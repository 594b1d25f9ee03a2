package acctest

import (
	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
)

// StringMap is a map of strings as an input variable.
func StringMap(values map[string]string) config.Variable {
	variables := map[string]config.Variable{}
	for name, value := range values {
		variables[name] = config.StringVariable(value)
	}
	return config.MapVariable(variables)
}

// ExactStringMap is the check for just this map of strings, or for null if it is nil.
func ExactStringMap(values map[string]string) knownvalue.Check {
	if values == nil {
		return knownvalue.Null()
	}
	checks := map[string]knownvalue.Check{}
	for name, value := range values {
		checks[name] = knownvalue.StringExact(value)
	}
	return knownvalue.MapExact(checks)
}
