package dtapi

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// pageSize is how many items one request reads: the largest number that the server allows (contract: pages).
const pageSize = 100

// all reads every page of a collection, whose items stand under a member of the answer.
func all[T any](ctx context.Context, client *Client, path []string, member string) ([]T, error) {
	var items []T
	query := url.Values{"pageSize": {strconv.Itoa(pageSize)}}
	for number := 1; ; number++ {
		answer, err := rest.Get[map[string]json.RawMessage](ctx, client.rest, path, query)
		if err != nil {
			return nil, fmt.Errorf("page %d of the list: %w", number, err)
		}
		token, err := readPage(answer, member, &items)
		if err != nil {
			return nil, fmt.Errorf("page %d of the list of %s: %w", number, member, err)
		}
		switch token {
		case "":
			return items, nil
		case query.Get("pageToken"):
			return nil, fmt.Errorf("page %d of the list of %s leads to itself", number, member)
		}
		query.Set("pageToken", token)
	}
}

// readPage adds the items of a page and returns the token of the next one, "" after the last. An answer that has
// neither of the two is no list: to take it for an empty one would make what exists look gone.
func readPage[T any](answer map[string]json.RawMessage, member string, items *[]T) (string, error) {
	list, listed := answer[member]
	next, paged := answer["nextPageToken"]
	if !listed && !paged {
		return "", fmt.Errorf("the answer has neither %s nor nextPageToken", member)
	}
	var page []T
	if listed {
		if err := json.Unmarshal(list, &page); err != nil {
			return "", fmt.Errorf("the items do not have the expected shape: %w", err)
		}
	}
	*items = append(*items, page...)
	var token string
	if paged {
		if err := json.Unmarshal(next, &token); err != nil {
			return "", fmt.Errorf("nextPageToken is no text: %w", err)
		}
	}
	return token, nil
}
