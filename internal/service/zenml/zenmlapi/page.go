package zenmlapi

import (
	"context"
	"fmt"
	"iter"
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

// complete tells an answer that is no page, or does not say how many there are. To go on without it would end the list early.
func (p page[T]) complete() error {
	switch {
	case p.Items == nil:
		return &rest.IncompleteError{System: system, Noun: "list", Missing: "items"}
	case p.TotalPages < 1:
		return &rest.IncompleteError{System: system, Noun: "list", Missing: "total_pages"}
	}
	return nil
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

// all reads every page.
func all[T any](ctx context.Context, client *Client, path []string, options ListOptions) ([]T, error) {
	var items []T
	for item, err := range each[T](ctx, client, path, options) {
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, nil
}

// each gives the items of a list while its pages are read. An error is the last that it gives. A page beyond the last is an
// error of the server (400), so the loop follows total_pages; if the list shrinks meanwhile, that error only says that the
// end was reached.
func each[T any](ctx context.Context, client *Client, path []string, options ListOptions) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		query := options.query()
		for number := 1; ; number++ {
			query.Set("page", strconv.Itoa(number))
			current, err := rest.Get[page[T]](ctx, client.rest, path, query)
			if number > 1 && isPastTheEnd(err) {
				return
			}
			if err == nil {
				err = current.complete()
			}
			if err != nil {
				yield(none, fmt.Errorf("page %d of the list: %w", number, err))
				return
			}
			for _, item := range current.Items {
				if !yield(item, nil) {
					return
				}
			}
			if number >= current.TotalPages {
				return
			}
			if number >= rest.MaxPages {
				yield(none, rest.ErrEndlessList)
				return
			}
		}
	}
}

// eachFlat is [each] of what a list tells as a whole.
func eachFlat[W, T any](ctx context.Context, client *Client, path []string, flat func(W) (*T, error)) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		for wire, err := range each[W](ctx, client, path, ListOptions{}) {
			var item *T
			if err == nil {
				item, err = flat(wire)
			}
			if !yield(item, err) || err != nil {
				return
			}
		}
	}
}

func isPastTheEnd(err error) bool {
	answer, ok := rest.AsError(err)
	return ok && answer.Status == http.StatusBadRequest && strings.Contains(answer.Message, "Invalid page")
}

func isTrue(flag *bool) bool { return flag != nil && *flag }
