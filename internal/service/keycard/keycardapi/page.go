package keycardapi

import (
	"context"
	"fmt"
	"net/url"
	"strconv"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// pageSize is how many items one request reads: the largest number that the server allows (docs: lists).
const pageSize = 100

// Listed are all the items of a collection.
type Listed[T any] struct {
	Items []T
	// Permissions are those on the collection; nil if they were not asked for, or not told.
	Permissions Permissions
}

// page is one page of a collection.
type page[T any] struct {
	Items    []T `json:"items"`
	PageInfo *struct {
		HasNextPage bool `json:"has_next_page"`
		// EndCursor may be missing or null on an empty page.
		EndCursor string `json:"end_cursor"`
	} `json:"page_info"`
	Permissions Permissions `json:"permissions"`
}

// complete tells an answer that is no list. To take it for an empty one would make what exists look gone.
func (p page[T]) complete(noun string) error {
	if p.Items == nil && p.PageInfo == nil {
		return &rest.IncompleteError{System: system, Noun: noun, Missing: "items and page_info"}
	}
	return nil
}

func firstOf(limit int) url.Values { return url.Values{"limit": {strconv.Itoa(limit)}} }

// listable is what stands in lists.
type listable interface {
	// complete tells what an answer lacks without which it is no such object.
	complete() error
	permissions() Permissions
}

// list reads every page of a collection, with permissions if they are asked for.
func list[T listable](ctx context.Context, client *Client, noun string, path []string, permissions bool) (*Listed[T], error) {
	var found *Listed[T]
	err := client.expanding(permissions, func(expand url.Values) (told bool, err error) {
		read, err := pages[T](ctx, client, noun, path, expand)
		if err != nil {
			return false, err
		}
		found = read
		for _, item := range read.Items {
			told = told || item.permissions() != nil
		}
		return told || read.Permissions != nil, nil
	})
	if err != nil {
		return nil, err
	}
	return found, nil
}

func pages[T listable](ctx context.Context, client *Client, noun string, path []string, expand url.Values) (*Listed[T], error) {
	all := &Listed[T]{}
	query := firstOf(pageSize)
	for name, values := range expand {
		query[name] = values
	}
	visited := map[string]bool{"": true}
	for number := 1; ; number++ {
		var answered rest.Answered
		read, err := get[page[T]](ctx, client, path, query, &answered)
		if err == nil {
			err = read.complete("list of " + noun)
		}
		for _, item := range read.Items {
			if err == nil {
				err = item.complete()
			}
		}
		if err != nil {
			return nil, fmt.Errorf("page %d of the list: %w", number, answered.Of(err))
		}
		all.Items = append(all.Items, read.Items...)
		if number == 1 {
			all.Permissions = read.Permissions
		}
		if read.PageInfo == nil || !read.PageInfo.HasNextPage {
			return all, nil
		}
		cursor := read.PageInfo.EndCursor
		if visited[cursor] {
			return nil, fmt.Errorf("page %d of the list of %s says that another follows, and does not lead to it", number, noun)
		}
		if number >= rest.MaxPages {
			return nil, rest.ErrEndlessList
		}
		visited[cursor] = true
		query.Set("after", cursor)
	}
}
