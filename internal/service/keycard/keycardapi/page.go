package keycardapi

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
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
	// listed tells that there are items, be they null.
	listed bool
}

// UnmarshalJSON implements json.Unmarshaler.
func (p *page[T]) UnmarshalJSON(answer []byte) error {
	type plain page[T]
	var told struct {
		Items json.RawMessage `json:"items"`
	}
	if err := json.Unmarshal(answer, (*plain)(p)); err != nil {
		return err
	}
	err := json.Unmarshal(answer, &told)
	p.listed = told.Items != nil
	return err
}

// complete tells an answer that is no list. To take it for an empty one would make what exists look gone.
func (p page[T]) complete(noun string) error {
	switch {
	case p.Items == nil && p.PageInfo == nil:
		return &rest.IncompleteError{System: system, Noun: noun, Missing: "items and page_info"}
	case !p.listed:
		return &rest.IncompleteError{System: system, Noun: noun, Missing: "items"}
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
	first := true
	for read, err := range eachPage[T](ctx, client, noun, path, expand) {
		if err != nil {
			return nil, err
		}
		all.Items = append(all.Items, read.Items...)
		if first {
			all.Permissions = read.Permissions
		}
		first = false
	}
	return all, nil
}

// each gives the items of a collection while its pages are read. An error is the last that it gives.
func each[T listable](ctx context.Context, client *Client, noun string, path []string) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		for read, err := range eachPage[T](ctx, client, noun, path, nil) {
			if err != nil {
				yield(none, err)
				return
			}
			for _, item := range read.Items {
				if !yield(item, nil) {
					return
				}
			}
		}
	}
}

// eachPage reads a collection page by page. An error is the last that it gives.
func eachPage[T listable](ctx context.Context, client *Client, noun string, path []string, expand url.Values) iter.Seq2[page[T], error] {
	return func(yield func(page[T], error) bool) {
		query := firstOf(pageSize)
		for name, values := range expand {
			query[name] = values
		}
		visited := map[string]bool{"": true}
		for number := 1; ; number++ {
			read, err := onePage[T](ctx, client, noun, path, query)
			if err != nil {
				yield(read, fmt.Errorf("page %d of the list: %w", number, err))
				return
			}
			if !yield(read, nil) || read.PageInfo == nil || !read.PageInfo.HasNextPage {
				return
			}
			cursor := read.PageInfo.EndCursor
			if visited[cursor] {
				yield(page[T]{}, fmt.Errorf("page %d of the list of %s says that another follows, and does not lead to it", number, noun))
				return
			}
			if number >= rest.MaxPages {
				yield(page[T]{}, rest.ErrEndlessList)
				return
			}
			visited[cursor] = true
			query.Set("after", cursor)
		}
	}
}

// onePage reads a page on which every item is complete.
func onePage[T listable](ctx context.Context, client *Client, noun string, path []string, query url.Values) (page[T], error) {
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
	return read, answered.Of(err)
}
