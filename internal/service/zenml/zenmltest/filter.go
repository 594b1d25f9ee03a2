package zenmltest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// columnType decides which operators a column knows.
type columnType int

const (
	textColumn columnType = iota
	uuidColumn
	boolColumn
	timeColumn
)

const (
	accountModel = "ServiceAccountFilter"
	keyModel     = "APIKeyFilter"
)

var accountColumns = map[string]columnType{
	"id": uuidColumn, "created": timeColumn, "updated": timeColumn, "name": textColumn, "description": textColumn,
	"active": boolColumn, "external_user_id": uuidColumn,
}

var keyColumns = map[string]columnType{
	"id": uuidColumn, "created": timeColumn, "updated": timeColumn, "name": textColumn, "description": textColumn,
	"active": boolColumn, "last_login": timeColumn, "last_rotated": timeColumn,
}

// operators lists every prefix that is taken for an operator, whatever the column makes of it.
var operators = []string{
	"equals", "notequals", "contains", "startswith", "endswith", "oneof", "notoneof", "notcontains",
	"isnull", "isnotnull", "gte", "gt", "lte", "lt", "in",
}

// known lists the operators of each column type.
var known = map[columnType][]string{
	textColumn: operators[:14],
	uuidColumn: operators[:14],
	boolColumn: {"equals", "notequals", "isnull", "isnotnull"},
	timeColumn: {"equals", "notequals", "isnull", "isnotnull", "gte", "gt", "lte", "lt", "in"},
}

// filter is one condition on one column. A broken one is refused only when it is applied.
type filter struct {
	column  string
	matches func(value any) bool
	broken  *failure
}

// newFilter reads <value> or <operator>:<value>.
func newFilter(model, column string, kind columnType, text string) (filter, *failure) {
	f := filter{column: column}
	operator, value := "equals", text
	if prefix, rest, ok := strings.Cut(text, ":"); ok && slices.Contains(operators, prefix) {
		operator, value = prefix, rest
	}
	if strings.HasPrefix(operator, "isn") && value != "" {
		return f, invalidFilter(model, "", value, "When using 'isnull:'/'isnotnull:', use the explicit 'operator:' form without a value "+
			"(e.g. 'isnull:').")
	}
	list, refusal := readList(model, operator, value)
	if refusal != nil {
		return f, refusal
	}
	switch {
	case operator == "isnull" || operator == "isnotnull":
		f.matches = func(v any) bool { return (v == nil) == (operator == "isnull") }
	case kind == timeColumn:
		f.matches, refusal = timeCondition(model, operator, value)
	case !slices.Contains(known[kind], operator):
		refusal = invalidFilter(model, "operation", operator, fmt.Sprintf("This datatype can not be filtered using this operation: '%s'. "+
			"The allowed operations are: %s", operator, strings.Join(known[kind], ", ")))
	case kind == boolColumn:
		f.matches, refusal = boolCondition(model, operator, value)
	case kind == uuidColumn:
		f.uuidCondition(operator, value, list)
	default:
		f.textCondition(operator, value, list)
	}
	return f, refusal
}

func readList(model, operator, value string) ([]any, *failure) {
	if operator != "oneof" && operator != "notoneof" {
		return nil, nil
	}
	var list []any
	if err := json.Unmarshal([]byte(value), &list); err != nil || list == nil {
		return nil, invalidFilter(model, "", value, "When you are using the 'oneof:'/'notoneof:' filtering make sure that the provided "+
			"value is a json formatted list.")
	}
	return list, nil
}
