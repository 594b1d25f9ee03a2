package service

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Attribute returns one string of the wing's provider attribute: null if it is not set, unknown if the whole is.
func (s Settings) Attribute(name string) types.String {
	if s.Object.IsUnknown() {
		return types.StringUnknown()
	}
	value, ok := s.Object.Attributes()[name].(types.String)
	if !ok {
		return types.StringNull()
	}
	return value
}

// Path is the place of an attribute in the provider's configuration.
func (s Settings) Path(name string) path.Path { return path.Root(s.Wing).AtName(name) }

// Unknown adds an error for each of the named attributes that is not known before apply, and reports whether there is
// one.
func (s Settings) Unknown(names ...string) (diag.Diagnostics, bool) {
	var diags diag.Diagnostics
	for _, name := range names {
		if value, ok := s.Object.Attributes()[name]; s.Object.IsUnknown() || ok && value.IsUnknown() {
			diags.AddAttributeError(s.Path(name), "Provider setting is not known yet",
				fmt.Sprintf("The provider attribute %q depends on a value that is known only after apply, and something of this system "+
					"must be read now. Apply what the value comes from first (-target), or set the attribute from a variable.", s.Path(name)))
		}
	}
	return diags, diags.HasError()
}

// Value resolves an address or a tuning: the attribute, else the variable, else the fallback.
func (s Settings) Value(attribute, variable, fallback string) string {
	if value := s.Attribute(attribute); !value.IsNull() {
		return value.ValueString()
	}
	if value := s.Getenv(variable); value != "" {
		return value
	}
	return fallback
}

// Member is one part of a way in.
type Member struct{ Attribute, Variable string }

// WayIn is one way to prove who calls. All its members are needed.
type WayIn struct {
	// Name tells the ways of a wing apart, and appears in errors.
	Name string
	// Members are the parts, in the order in which to name them.
	Members []Member
}

// Credential is the way in that the settings chose, with its values by attribute name.
type Credential struct {
	Way    string
	Values map[string]string
}

// Credential chooses the way in. If the configuration sets any attribute of a way, that way is taken: its missing
// members come from their variables, and the other ways' variables are ignored. Otherwise the environment must hold
// exactly one complete way.
func (s Settings) Credential(ways []WayIn) (Credential, diag.Diagnostics) {
	var diags diag.Diagnostics
	configured := s.configuredWays(ways)
	switch len(configured) {
	case 0:
		return s.credentialFromEnvironment(ways)
	case 1:
		return s.credentialFromConfiguration(configured[0])
	}
	names := make([]string, len(configured))
	for i, way := range configured {
		names[i] = way.attributes(s.Wing)
	}
	diags.AddAttributeError(path.Root(s.Wing), "More than one way in",
		fmt.Sprintf("The provider configuration sets %s. Keep one.", strings.Join(names, " and also ")))
	return Credential{}, diags
}

func (s Settings) configuredWays(ways []WayIn) []WayIn {
	var configured []WayIn
	for _, way := range ways {
		for _, member := range way.Members {
			if !s.Attribute(member.Attribute).IsNull() {
				configured = append(configured, way)
				break
			}
		}
	}
	return configured
}

func (s Settings) credentialFromConfiguration(way WayIn) (Credential, diag.Diagnostics) {
	var diags diag.Diagnostics
	credential := Credential{Way: way.Name, Values: map[string]string{}}
	for _, member := range way.Members {
		credential.Values[member.Attribute] = s.Value(member.Attribute, member.Variable, "")
		if s.Attribute(member.Attribute).IsNull() && s.Getenv(member.Variable) == "" {
			diags.AddAttributeError(s.Path(member.Attribute), "Incomplete way in",
				fmt.Sprintf("The provider configuration takes the way in %q, which also needs %s.%s, or the environment variable %s.",
					way.Name, s.Wing, member.Attribute, member.Variable))
		}
	}
	return credential, diags
}

func (s Settings) credentialFromEnvironment(ways []WayIn) (Credential, diag.Diagnostics) {
	var diags diag.Diagnostics
	var complete []WayIn
	for _, way := range ways {
		if s.inEnvironment(way) {
			complete = append(complete, way)
		}
	}
	switch len(complete) {
	case 1:
		credential := Credential{Way: complete[0].Name, Values: map[string]string{}}
		for _, member := range complete[0].Members {
			credential.Values[member.Attribute] = s.Getenv(member.Variable)
		}
		return credential, diags
	case 0:
		choices := make([]string, len(ways))
		for i, way := range ways {
			choices[i] = fmt.Sprintf("- %s (environment: %s)", way.attributes(s.Wing), way.variables())
		}
		diags.AddAttributeError(path.Root(s.Wing), "No way in",
			fmt.Sprintf("This configuration uses resources or data sources of %q, but no complete credential for it was found. Set one of:\n\n%s%s",
				s.Wing, strings.Join(choices, "\n"), s.aboutSynonyms()))
	default:
		found := make([]string, len(complete))
		for i, way := range complete {
			found[i] = way.variables()
		}
		diags.AddAttributeError(path.Root(s.Wing), "More than one way in",
			fmt.Sprintf("The environment holds several complete credentials: %s. Unset all but one, or choose by an attribute in the "+
				"provider configuration.", strings.Join(found, "; and ")))
	}
	return Credential{}, diags
}

func (s Settings) inEnvironment(way WayIn) bool {
	for _, member := range way.Members {
		if s.Getenv(member.Variable) == "" {
			return false
		}
	}
	return true
}

func (w WayIn) attributes(wing string) string {
	names := make([]string, len(w.Members))
	for i, member := range w.Members {
		names[i] = wing + "." + member.Attribute
	}
	return strings.Join(names, " and ")
}

func (w WayIn) variables() string {
	names := make([]string, len(w.Members))
	for i, member := range w.Members {
		names[i] = member.Variable
	}
	return strings.Join(names, " and ")
}

// Number resolves a tuning that is a whole number of at least zero: the attribute, else the variable, else the
// fallback.
func (s Settings) Number(attribute, variable string, fallback int) (int, diag.Diagnostics) {
	var diags diag.Diagnostics
	if value, ok := s.Object.Attributes()[attribute].(types.Int64); ok && !value.IsNull() {
		return int(value.ValueInt64()), diags
	}
	text := s.Getenv(variable)
	if text == "" {
		return fallback, diags
	}
	number, err := strconv.Atoi(text)
	if err != nil || number < 0 {
		diags.AddAttributeError(s.Path(attribute), "Invalid provider setting",
			fmt.Sprintf("The environment variable %s must be a whole number from 0.", variable))
	}
	return number, diags
}
