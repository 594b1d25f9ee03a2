package zenmltest

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/google/uuid"
)

const (
	defaultPageSize = 20
	maxPageSize     = 10000
)

// wirePage is one page of a collection.
type wirePage struct {
	Index      int          `json:"index"`
	MaxSize    int          `json:"max_size"`
	TotalPages int          `json:"total_pages"`
	Total      int          `json:"total"`
	Items      []wireObject `json:"items"`
}

// row is an object as filters and sorting see it: by column name, nil where the database has NULL.
type row map[string]any

// listing is what the query of a collection asks for.
type listing struct {
	page, size int
	column     string // to sort by
	descending bool
	anyFilter  bool // logical_operator=or
	filters    []filter
	hydrate    bool
}

// list answers a collection. Rows that are out of reach for the caller must not be given.
func (c *call) list(model string, columns map[string]columnType, rows []row,
	wire func(id string, hydrate bool) wireObject,
) (any, *failure) {
	wanted, refusal := readListing(model, columns, c.r.URL.Query())
	if refusal != nil {
		return nil, refusal
	}
	if wanted.hydrate, refusal = c.hydrate(false); refusal != nil {
		return nil, refusal
	}
	found, refusal := wanted.apply(rows)
	if refusal != nil {
		return nil, refusal
	}
	answer := wirePage{Index: wanted.page, MaxSize: wanted.size, Total: len(found), Items: []wireObject{}}
	answer.TotalPages = max(1, (len(found)+wanted.size-1)/wanted.size)
	if wanted.page > answer.TotalPages {
		return nil, raise(http.StatusBadRequest, "ValueError", "Invalid page %d. The requested page size is %d and there "+
			"are a total of %d items for this query. The maximum page value therefore is %d.",
			wanted.page, wanted.size, answer.Total, answer.TotalPages)
	}
	first := (wanted.page - 1) * wanted.size
	for _, r := range found[first:min(first+wanted.size, len(found))] {
		answer.Items = append(answer.Items, wire(r["id"].(string), wanted.hydrate))
	}
	return answer, nil
}

// readListing reads the query. Of a parameter that can be given once only, the last one counts; unknown ones do not.
func readListing(model string, columns map[string]columnType, query url.Values) (*listing, *failure) {
	wanted := &listing{page: 1, size: defaultPageSize}
	last := func(name string) (string, bool) {
		values := query[name]
		if len(values) == 0 {
			return "", false
		}
		return values[len(values)-1], true
	}
	var problems []problem
	number := func(name string, target *int, most int) {
		if text, given := last(name); given {
			value, p := boundedNumber(name, text, most)
			if p != nil {
				problems = append(problems, *p)
			}
			*target = value
		}
	}
	number("page", &wanted.page, 0)
	number("size", &wanted.size, maxPageSize)
	if operator, given := last("logical_operator"); given {
		if operator != "and" && operator != "or" {
			problems = append(problems, problem{"enum", []string{"query", "logical_operator"}, "Input should be 'or' or 'and'", quote(operator)})
		}
		wanted.anyFilter = operator == "or"
	}
	if owner, given := last("service_account"); given && model == keyModel {
		// Of no effect, because the path decides, but it must be an id.
		if _, err := uuid.Parse(owner); err != nil {
			problems = append(problems, problem{
				"uuid_parsing",
				[]string{"query", "service_account"},
				"Input should be a valid UUID", quote(owner),
			})
		}
	}
	if len(problems) > 0 {
		return nil, invalidRequest(problems...)
	}

	order, given := last("sort_by")
	if !given {
		order = "created"
	}
	if refusal := wanted.sortBy(model, columns, order); refusal != nil {
		return nil, refusal
	}
	for name, kind := range columns {
		values := query[name]
		if kind == boolColumn && len(values) > 0 {
			values = values[len(values)-1:]
		}
		for _, value := range values {
			f, refusal := newFilter(model, name, kind, value)
			if refusal != nil {
				return nil, refusal
			}
			wanted.filters = append(wanted.filters, f)
		}
	}
	return wanted, nil
}

func boundedNumber(name, text string, most int) (int, *problem) {
	value, refusal := wholeNumber(name, text)
	at := []string{"query", name}
	switch {
	case refusal != nil:
		return 0, &problem{"int_parsing", at, "Input should be a valid integer, unable to parse string as an integer", quote(text)}
	case value < 1:
		return 0, &problem{"greater_than_equal", at, "Input should be greater than or equal to 1", quote(text)}
	case most > 0 && value > most:
		return 0, &problem{"less_than_equal", at, "Input should be less than or equal to 10000", quote(text)}
	}
	return value, nil
}

// sortBy reads <column>, asc:<column> or desc:<column>. A direction that does not exist counts as asc.
func (l *listing) sortBy(model string, columns map[string]columnType, order string) *failure {
	l.column = order
	if direction, column, ok := strings.Cut(order, ":"); ok {
		l.column, l.descending = column, direction == "desc"
	}
	if slices.Contains([]string{"sort_by", "page", "size", "logical_operator"}, l.column) ||
		(l.column == "service_account" && model == keyModel) {
		return invalidFilter(model, "sort_by", order, "This resource can not be sorted by this field: '"+order+"'")
	}
	if _, known := columns[l.column]; !known {
		return invalidFilter(model, "sort_by", order, "You can only sort by valid fields of this resource")
	}
	return nil
}

// apply filters and sorts. Objects that are equal are sorted by id, in the same direction.
func (l *listing) apply(rows []row) ([]row, *failure) {
	for _, f := range l.filters {
		if f.broken != nil {
			return nil, f.broken
		}
	}
	found := slices.DeleteFunc(slices.Clone(rows), func(r row) bool { return !l.accepts(r) })
	slices.SortFunc(found, func(a, b row) int {
		order := compareValues(a[l.column], b[l.column])
		if order == 0 {
			order = compareValues(a["id"], b["id"])
		}
		if l.descending {
			return -order
		}
		return order
	})
	return found, nil
}

func (l *listing) accepts(r row) bool {
	if len(l.filters) == 0 {
		return true
	}
	for _, f := range l.filters {
		if f.matches(r[f.column]) == l.anyFilter {
			return l.anyFilter
		}
	}
	return !l.anyFilter
}
