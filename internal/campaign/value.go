package campaign

import (
	"fmt"
	"maps"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// build makes an object of arguments. What is left out is null; references are looked up.
func build(kind tftypes.Type, arguments map[string]any, lookup func(Reference) (tftypes.Value, error)) (tftypes.Value, error) {
	shape, ok := kind.(tftypes.Object)
	if !ok {
		return tftypes.Value{}, fmt.Errorf("%s is no object", kind)
	}
	values := make(map[string]tftypes.Value, len(shape.AttributeTypes))
	for name, attribute := range shape.AttributeTypes {
		values[name] = tftypes.NewValue(attribute, nil)
	}
	for name, argument := range arguments {
		attribute, known := shape.AttributeTypes[name]
		if !known {
			return tftypes.Value{}, fmt.Errorf("there is no argument %q", name)
		}
		switch argument := argument.(type) {
		case Reference:
			value, err := lookup(argument)
			if err != nil {
				return tftypes.Value{}, err
			}
			values[name] = value
		case map[string]string:
			elements := make(map[string]tftypes.Value, len(argument))
			for key, element := range argument {
				elements[key] = tftypes.NewValue(tftypes.String, element)
			}
			values[name] = tftypes.NewValue(attribute, elements)
		case []string:
			elements := make([]tftypes.Value, len(argument))
			for i, element := range argument {
				elements[i] = tftypes.NewValue(tftypes.String, element)
			}
			values[name] = tftypes.NewValue(attribute, elements)
		default:
			values[name] = tftypes.NewValue(attribute, argument)
		}
	}
	return tftypes.NewValue(shape, values), nil
}

// members are the attributes of an object; nil if it is null.
func members(object tftypes.Value) map[string]tftypes.Value {
	if object.IsNull() || !object.IsKnown() {
		return nil
	}
	values := map[string]tftypes.Value{}
	if err := object.As(&values); err != nil {
		return nil
	}
	// As hands out the value's own map.
	return maps.Clone(values)
}

// plain are the strings, booleans, objects, and lists and sets of strings of an object.
func plain(object tftypes.Value) map[string]any {
	values := map[string]any{}
	for name, value := range members(object) {
		var text string
		var flag bool
		switch {
		case value.IsNull() || !value.IsKnown():
		case value.As(&text) == nil:
			values[name] = text
		case value.As(&flag) == nil:
			values[name] = flag
		case value.Type().Is(tftypes.Object{}):
			values[name] = plain(value)
		case value.Type().Is(tftypes.List{}), value.Type().Is(tftypes.Set{}):
			if texts, ok := plainTexts(value); ok {
				values[name] = texts
			}
		}
	}
	return values
}

// plainTexts are the elements of a list or a set of strings; what else there may be in one is left out, and not ok.
func plainTexts(list tftypes.Value) (texts []any, ok bool) {
	var elements []tftypes.Value
	if list.As(&elements) != nil {
		return nil, false
	}
	for _, element := range elements {
		var text string
		if !element.IsKnown() || element.As(&text) != nil {
			return nil, false
		}
		texts = append(texts, text)
	}
	return texts, true
}

// propose merges a configuration into what was before: what the system computes, and the configuration leaves out,
// stays as it was.
func propose(attributes map[string]*tfprotov6.SchemaAttribute, prior *tftypes.Value, config tftypes.Value) tftypes.Value {
	if prior == nil {
		return config
	}
	values, before := members(config), members(*prior)
	for name, attribute := range attributes {
		if attribute.Computed && values[name].IsNull() {
			values[name] = before[name]
		}
	}
	return tftypes.NewValue(config.Type(), values)
}

// contradicts names an attribute that was promised with another value than it has; "" if all is as promised.
func contradicts(promised, actual tftypes.Value) string {
	values := members(actual)
	for name, value := range members(promised) {
		if value.IsFullyKnown() && !value.Equal(values[name]) {
			return name
		}
	}
	return ""
}
