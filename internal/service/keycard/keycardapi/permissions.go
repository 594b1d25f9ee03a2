package keycardapi

import "net/url"

// Permissions tell what the caller may do with an object: by type of resource, then by name of the permission. Nil is not
// told.
type Permissions map[string]map[string]bool

// spellings are those of the parameter that asks for permissions: that of the docs, then that of the SDKs. No more than
// one is sent at once, because a server may refuse a parameter that it does not know.
var spellings = []string{"expand[]", "expand"}

// expanding reads something with the parameter that asks for permissions, if they are wanted, in the spelling that makes
// the server tell them. Read is called with one spelling after the other until it succeeds and reports that they were
// told; a success without them stands if the other spelling brings no more, or is refused as invalid.
func (c *Client) expanding(wanted bool, read func(expand url.Values) (told bool, err error)) error {
	if !wanted {
		_, err := read(nil)
		return err
	}
	succeeded := false
	var refusal error
	for _, spelling := range c.spellings() {
		told, err := read(url.Values{spelling: {"permissions"}})
		switch {
		case told && err == nil:
			c.noteSpelling(spelling)
			return nil
		case err == nil:
			succeeded = true
		case !IsInvalid(err):
			return err
		case refusal == nil:
			refusal = err
		}
	}
	if succeeded {
		return nil
	}
	return refusal
}

func (c *Client) spellings() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.spelling != "" {
		return []string{c.spelling}
	}
	return spellings
}

func (c *Client) noteSpelling(spelling string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.spelling = spelling
}
