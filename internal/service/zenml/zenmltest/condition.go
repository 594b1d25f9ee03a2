package zenmltest

import (
	"cmp"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// textCondition is what SQLite makes of the operators: equality heeds case, patterns do not, and numbers compare with
// the number that a text begins with.
func (f *filter) textCondition(operator, value string, list []any) {
	test := func(accept func(string) bool) {
		f.matches = func(v any) bool { text, ok := v.(string); return ok && accept(text) }
	}
	switch operator {
	case "equals":
		test(func(text string) bool { return text == value })
	case "notequals":
		test(func(text string) bool { return text != value })
	case "contains":
		test(like("%" + value + "%").MatchString)
	case "notcontains":
		test(func(text string) bool { return !like("%" + value + "%").MatchString(text) })
	case "startswith":
		test(like(value + "%").MatchString)
	case "endswith":
		test(like("%" + value).MatchString)
	case "oneof", "notoneof":
		if len(list) == 0 { // an empty condition is none
			f.matches = func(any) bool { return true }
			return
		}
		test(func(text string) bool { return slices.Contains(list, any(text)) == (operator == "oneof") })
	default:
		limit, err := strconv.ParseFloat(value, 64)
		if err != nil {
			f.broken = raise(http.StatusBadRequest, "ValueError",
				"Failed to compare the column '%s' to the value '%s' (must be numeric)", f.column, value)
			return
		}
		test(func(text string) bool {
			number, _ := strconv.ParseFloat(leadingNumber.FindString(text), 64)
			return number != 0 && compares(operator, cmp.Compare(number, limit))
		})
	}
}

var leadingNumber = regexp.MustCompile(`^\s*[-+]?(\d+\.?\d*|\.\d+)`)

// uuidCondition compares whole ids as ids, and for everything else goes by their 32 digits.
func (f *filter) uuidCondition(operator, value string, list []any) {
	if operator == "equals" || operator == "notequals" {
		id, valid := asUUID(value)
		f.matches = func(v any) bool {
			if !valid {
				return operator == "notequals"
			}
			return v != nil && (v == id) == (operator == "equals")
		}
		return
	}
	for i, item := range list {
		list[i] = strings.ReplaceAll(fmt.Sprint(item), "-", "")
	}
	digits := filter{column: f.column}
	digits.textCondition(operator, strings.ReplaceAll(value, "-", ""), list)
	f.broken = digits.broken
	f.matches = func(v any) bool {
		if text, ok := v.(string); ok {
			v = strings.ReplaceAll(text, "-", "")
		}
		return digits.matches(v)
	}
}

func boolCondition(model, operator, value string) (func(any) bool, *failure) {
	on, ok := asBool(strings.TrimSpace(value))
	if !ok {
		return nil, invalidFilter(model, "value", value, "The bool filter only works with boolean values.")
	}
	return func(v any) bool { return (v == on) == (operator == "equals") }, nil
}

func timeCondition(model, operator, value string) (func(any) bool, *failure) {
	if operator == "oneof" || operator == "notoneof" {
		// The server trips over the list.
		return nil, plain(http.StatusInternalServerError, "An unexpected error occurred.")
	}
	var moments []time.Time
	for text := range strings.SplitSeq(value, ",") {
		parsed, err := time.Parse("2006-1-2 15:4:5", text)
		if err != nil || strings.Contains(text, ".") || len(moments) == 2 {
			return nil, invalidFilter(model, "", value, "The datetime filter only works with values in the following format: "+
				"%Y-%m-%d %H:%M:%S")
		}
		moments = append(moments, parsed)
	}
	switch {
	case operator == "in" && len(moments) != 2:
		return nil, invalidFilter(model, "", value, "Two comma separated datetime values are required for the `in` operator.")
	case operator != "in" && len(moments) != 1:
		return nil, invalidFilter(model, "", value, "Only a single datetime value is allowed for operator "+operator+".")
	case !slices.Contains(known[timeColumn], operator):
		return nil, invalidFilter(model, "operation", operator,
			"This datatype can not be filtered using this operation: '"+operator+"'.")
	}
	return func(v any) bool {
		t, ok := v.(time.Time)
		if operator == "in" {
			return ok && !t.Before(moments[0]) && !t.After(moments[1])
		}
		return ok && compares(operator, t.Compare(moments[0]))
	}, nil
}

// compares tells whether an operator is content with the result of a comparison.
func compares(operator string, order int) bool {
	switch operator {
	case "equals":
		return order == 0
	case "notequals":
		return order != 0
	case "gte":
		return order >= 0
	case "gt":
		return order > 0
	case "lte":
		return order <= 0
	case "lt":
		return order < 0
	}
	return false
}

// like translates a pattern of SQLite, for which the case of ASCII letters does not matter.
func like(pattern string) *regexp.Regexp {
	var expression strings.Builder
	for _, r := range pattern {
		switch {
		case r == '%':
			expression.WriteString(".*")
		case r == '_':
			expression.WriteString(".")
		case r < 128:
			expression.WriteString("(?i:" + regexp.QuoteMeta(string(r)) + ")")
		default:
			expression.WriteString(regexp.QuoteMeta(string(r)))
		}
	}
	return regexp.MustCompile("(?s)^" + expression.String() + "$")
}

// compareValues orders two values of one column; NULL comes first, false before true.
func compareValues(a, b any) int {
	switch {
	case a == nil || b == nil:
		return cmp.Compare(rank(a), rank(b))
	default:
		switch a := a.(type) {
		case time.Time:
			return a.Compare(b.(time.Time))
		case bool:
			return cmp.Compare(rank(a), rank(b))
		case string:
			return cmp.Compare(a, b.(string))
		}
	}
	return 0
}

func rank(v any) int {
	switch v {
	case nil, false:
		return 0
	}
	return 1
}
