package zenmlapi

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// pageSize is how many items one request reads. The server allows 10000; this keeps a page of long descriptions
// within the bound of one reply.
const pageSize = 200

// page is the server's list envelope.
type page[T any] struct {
	TotalPages int `json:"total_pages"`
	Total      int `json:"total"`
	Items      []T `json:"items"`
}

// ListOptions narrow and order a list.
type ListOptions struct {
	// Filters holds, by field, the values that the field is compared with, each "<value>" or "<operator>:<value>".
	Filters map[string][]string
	// SortBy is "<field>", "asc:<field>" or "desc:<field>"; "" leaves it to the server (by creation).
	SortBy string
	// LogicalOperator is "and" or "or"; "" leaves it to the server (and).
	LogicalOperator string
}

func (o ListOptions) query() url.Values {
	query := url.Values{"hydrate": {"true"}, "size": {strconv.Itoa(pageSize)}}
	for field, values := range o.Filters {
		query[field] = values
	}
	if o.SortBy != "" {
		query.Set("sort_by", o.SortBy)
	}
	if o.LogicalOperator != "" {
		query.Set("logical_operator", o.LogicalOperator)
	}
	return query
}

// all reads every page. A page beyond the last is an error of the server (400), so the loop follows total_pages; if
// the list shrinks meanwhile, that error only says that the end was reached.
func all[T any](ctx context.Context, client *Client, path []string, options ListOptions) ([]T, error) {
	var items []T
	query := options.query()
	for number := 1; ; number++ {
		query.Set("page", strconv.Itoa(number))
		current, err := rest.Get[page[T]](ctx, client.rest, path, query)
		if number > 1 && isPastTheEnd(err) {
			return items, nil
		}
		if err != nil {
			return nil, fmt.Errorf("page %d of the list: %w", number, err)
		}
		items = append(items, current.Items...)
		if number >= current.TotalPages {
			return items, nil
		}
		if number >= rest.MaxPages {
			return nil, rest.ErrEndlessList
		}
	}
}

func isPastTheEnd(err error) bool {
	answer, ok := rest.AsError(err)
	return ok && answer.Status == http.StatusBadRequest && strings.Contains(answer.Message, "Invalid page")
}

func isTrue(flag *bool) bool { return flag != nil && *flag }
