package dttest

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strconv"
	"time"
)

// maxPage is the default size of a page, too.
const maxPage = 100

// item is an object in a list. Lists are sorted by age, then by name.
type item struct {
	position
	wire any
}

// position is where an item stands in its list. As a page token it tells where the next page begins.
type position struct {
	List    string    `json:"list"` // the path of the list, for a token is of no use in another
	Created time.Time `json:"created"`
	Name    string    `json:"name"`
}

func (p position) compare(other position) int {
	return cmp.Or(p.Created.Compare(other.Created), cmp.Compare(p.Name, other.Name))
}

func newItem(name string, created time.Time, wire any) item {
	return item{position{Created: created, Name: name}, wire}
}

// page answers a list under the given member name.
func (c *call) page(member string, items []item) (any, *failure) {
	size, failed := c.pageSize()
	if failed != nil {
		return nil, failed
	}
	after, failed := c.pageToken()
	if failed != nil {
		return nil, failed
	}
	slices.SortFunc(items, func(a, b item) int { return a.compare(b.position) })
	start, exact := slices.BinarySearchFunc(items, after, func(i item, p position) int { return i.compare(p) })
	if exact {
		start++
	}
	end := min(start+size, len(items))

	shown, next := []any{}, ""
	for _, i := range items[start:end] {
		shown = append(shown, i.wire)
	}
	if end < len(items) {
		next = c.encodeToken(items[end-1].position)
	}
	return onePage(member, shown, next), nil
}

// onePage is the answer to every list. The token is there even if it is empty.
func onePage(member string, content any, next string) map[string]any {
	return map[string]any{member: content, "nextPageToken": next}
}

func (c *call) pageSize() (int, *failure) {
	text := c.query("pageSize", "page_size")
	if text == "" {
		return maxPage, nil
	}
	size, err := strconv.Atoi(text)
	switch {
	case err != nil || size < 0:
		return 0, invalid("the page size is %q", text)
	case size == 0:
		return maxPage, nil
	}
	return min(size, maxPage), nil
}

// pageToken returns the position that the page follows, which without a token is before all others.
func (c *call) pageToken() (position, *failure) {
	text := c.query("pageToken", "page_token")
	if text == "" {
		return position{}, nil
	}
	var after position
	content, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(content, &after) != nil || after.List != c.r.URL.Path {
		return position{}, invalid("the page token is none of this list")
	}
	return after, nil
}

func (c *call) encodeToken(last position) string {
	last.List = c.r.URL.Path
	content, _ := json.Marshal(last) // strings and a time: cannot fail
	return base64.RawURLEncoding.EncodeToString(content)
}
