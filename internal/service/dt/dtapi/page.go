package dtapi

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/url"
	"strconv"
	"strings"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// pageSize is how many items one request reads: the largest number that the server allows (contract: pages).
const pageSize = 100

// named is what stands in lists.
type named interface{ nameProblem() string }

// nameProblem tells what lacks of a resource name that is to be made of these collections, each with an id, as
// [rest.IncompleteError.Missing] says it; "" if nothing. The collection "" is any.
func nameProblem(name string, collections ...string) string {
	if name == "" {
		return "name"
	}
	segments := strings.Split(name, "/")
	usable := len(segments) == 2*len(collections)
	for i, segment := range segments {
		usable = usable && rest.IDProblem(segment) == "" && (i%2 == 1 || collections[i/2] == "" || collections[i/2] == segment)
	}
	if usable {
		return ""
	}
	return "usable name: it has " + strconv.QuoteToASCII(name[:min(len(name), 200)])
}

// all reads every page of a collection, whose items stand under a member of the answer.
func all[T named](ctx context.Context, client *Client, path []string, member string) ([]T, error) {
	var items []T
	for item, err := range each[T](ctx, client, path, member) {
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, nil
}

// each gives the items of a collection while its pages are read. An error is the last that it gives.
func each[T named](ctx context.Context, client *Client, path []string, member string) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		query := url.Values{"pageSize": {strconv.Itoa(pageSize)}}
		for number := 1; ; number++ {
			answer, err := rest.Get[map[string]json.RawMessage](ctx, client.rest, path, query)
			if err != nil {
				yield(none, fmt.Errorf("page %d of the list: %w", number, err))
				return
			}
			var items []T
			token, err := readPage(client.secrets, answer, member, &items)
			if err != nil {
				yield(none, fmt.Errorf("page %d of the list of %s: %w", number, member, err))
				return
			}
			for _, item := range items {
				if !yield(item, nil) {
					return
				}
			}
			switch {
			case token == "":
				return
			case token == query.Get("pageToken"):
				yield(none, fmt.Errorf("page %d of the list of %s leads to itself", number, member))
				return
			case number >= rest.MaxPages:
				yield(none, rest.ErrEndlessList)
				return
			}
			query.Set("pageToken", token)
		}
	}
}

// readPage adds the items of a page and returns the token of the next one, "" after the last. An answer that has
// neither of the two is no list: to take it for an empty one would make what exists look gone.
func readPage[T named](secrets *rest.Secrets, answer map[string]json.RawMessage, member string, items *[]T) (string, error) {
	list, listed := answer[member]
	next, paged := answer["nextPageToken"]
	if !listed && !paged {
		return "", &rest.IncompleteError{System: system, Noun: "list of " + member, Cause: fmt.Errorf("it has neither %s nor nextPageToken", member)}
	}
	var page []T
	if listed {
		if err := json.Unmarshal(list, &page); err != nil {
			return "", &rest.IncompleteError{System: system, Noun: "list of " + member, Cause: fmt.Errorf("the items do not have the expected shape: %w", secrets.ScrubError(err))}
		}
	}
	for _, item := range page {
		if problem := item.nameProblem(); problem != "" {
			return "", &rest.IncompleteError{System: system, Noun: "list of " + member, Missing: problem}
		}
	}
	*items = append(*items, page...)
	var token string
	if paged {
		if err := json.Unmarshal(next, &token); err != nil {
			return "", &rest.IncompleteError{System: system, Noun: "list of " + member, Cause: fmt.Errorf("nextPageToken is no text: %w", secrets.ScrubError(err))}
		}
	}
	return token, nil
}
