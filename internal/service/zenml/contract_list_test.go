package zenml_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

var listLines = []line{
	{"L01_page", listPage},
	{"L02_page_after_the_last_is_an_error", listOverflow},
	{"L03_page_and_size_out_of_range", listRange},
	{"L04_filters_on_text", listText},
	{"L05_filters_on_active", listBool},
	{"L06_filters_on_ids", listUUID},
	{"L07_filters_on_moments", listMoments},
	{"L08_repeated_filters_and_logical_operator", listCombined},
	{"L09_sorting", listSorting},
	{"L10_filters_on_keys", listKeys},
	{"L11_unknown_parameters_are_ignored", listUnknown},
	{"L12_an_item_is_what_a_read_answers", listItems},
}

// collection is four accounts to filter: a (alpha, active), b (Beta, inactive), c (al%ha), d (no description).
type collection struct {
	contract
	suffix string
	ids    map[string]string
}

func (c contract) collection(t *testing.T) collection {
	t.Helper()
	made := collection{contract: c, suffix: unique(""), ids: map[string]string{}}
	for _, one := range []struct{ name, description string }{{"a", "alpha"}, {"b", "Beta"}, {"c", "al%ha"}, {"d", ""}} {
		id := c.hand.createAccount(t, one.name+made.suffix)
		t.Cleanup(func() { c.delete(t, accountsPath+"/"+id) })
		c.hand.updateAccount(t, id, object{"description": one.description, "active": one.name != "b"})
		made.ids[one.name] = id
	}
	return made
}

// find lists the collection with more parameters and answers the first letters of the names, like "abd".
func (c collection) find(t *testing.T, query string) acctest.Reply {
	t.Helper()
	return c.get(t, accountsPath+"?name=endswith:"+c.suffix+"&"+query)
}

func (c collection) expect(t *testing.T, query, want string) {
	t.Helper()
	found(t, c.find(t, query), query, want)
}

func found(t *testing.T, got acctest.Reply, query, want string) {
	t.Helper()
	if got.Status != http.StatusOK {
		t.Errorf("%s answered %d: %s", query, got.Status, shown(got))
		return
	}
	letters := ""
	for _, item := range acctest.At(got.Body, "items").(list) {
		letters += acctest.At(item, "name").(string)[:1]
	}
	if letters != want {
		t.Errorf("%s found %q, not %q", query, letters, want)
	}
}

// listItems compares each item of a list with the answer about it alone: a refresh believes a list.
func listItems(t *testing.T, c contract) {
	all := c.collection(t)
	holder := accountsPath + "/" + all.ids["a"]
	c.hand.createKey(t, all.ids["a"], "first")
	c.hand.createKey(t, all.ids["a"], "second")
	for place, page := range map[string]acctest.Reply{
		accountsPath:         all.find(t, "hydrate=true"),
		holder + "/api_keys": c.get(t, holder+"/api_keys?hydrate=true"),
	} {
		items, _ := acctest.At(page.Body, "items").(list)
		if len(items) < 2 {
			t.Errorf("%s has %s", place, shown(page))
		}
		for _, item := range items {
			alone := c.get(t, place+"/"+acctest.At(item, "id").(string)).Body
			if one, other := encoded(t, item), encoded(t, alone); one != other {
				t.Errorf("%s lists\n%s\nand answers\n%s", place, one, other)
			}
		}
	}
}

// encoded writes a value with its members in order.
func encoded(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// refuse expects the answer to a filter value that the server cannot use.
func (c collection) refuse(t *testing.T, query string, parts ...string) {
	t.Helper()
	expectError(t, c.find(t, query), http.StatusUnprocessableEntity, "ValueError", containing(parts...))
}

func listPage(t *testing.T, c contract) {
	all := c.collection(t)
	got := all.find(t, "size=1&page=2")
	one := wholeAccount("b" + all.suffix)
	one["metadata"], one["body"].(object)["active"] = nil, false
	expect(t, got, http.StatusOK, object{"index": 2, "max_size": 1, "total_pages": 4, "total": 4, "items": list{one}})
	one["metadata"] = object{"description": "Beta", "external_user_id": nil}
	expect(t, all.find(t, "size=1&page=2&hydrate=true"), http.StatusOK,
		object{"index": 2, "max_size": 1, "total_pages": 4, "total": 4, "items": list{one}})
	expect(t, all.find(t, "name=none"), http.StatusOK,
		object{"index": 1, "max_size": 20, "total_pages": 1, "total": 0, "items": list{}})
}

func listOverflow(t *testing.T, c contract) {
	all := c.collection(t)
	expectError(t, all.find(t, "size=2&page=3"), http.StatusBadRequest, "ValueError",
		"Invalid page 3. The requested page size is 2 and there are a total of 4 items for this query. "+
			"The maximum page value therefore is 2.")
	expectError(t, all.find(t, "name=none&page=2"), http.StatusBadRequest, "ValueError", containing("Invalid page 2."))
}

func listRange(t *testing.T, c contract) {
	for query, part := range map[string]string{
		"page=0": "'page'", "page=x": "'page'", "page=": "'page'", "size=0": "'size'", "size=10001": "'size'", "hydrate=x": "'hydrate'",
	} {
		expectInvalid(t, c.get(t, accountsPath+"?"+query), "('query', "+part+")")
	}
	if got := c.get(t, accountsPath+"?size=10000"); got.Status != http.StatusOK {
		t.Errorf("the largest size answered %d", got.Status)
	}
}

func listText(t *testing.T, c contract) {
	all := c.collection(t)
	a, b := "a"+all.suffix, "b"+all.suffix
	for query, want := range map[string]string{
		"name=" + a:                                          "a",
		"name=equals:" + a:                                   "a",
		"name=equals:" + strings.ToUpper(a):                  "",
		"name=notequals:" + a:                                "bcd",
		"name=startswith:b":                                  "b",
		"name=contains:" + strings.ToUpper(a):                "a",
		"name=contains:_" + all.suffix:                       "abcd",
		"name=notcontains:" + a:                              "bcd",
		"name=oneof:" + url.QueryEscape(`["`+a+`","`+b+`"]`): "ab",
		"name=notoneof:" + url.QueryEscape(`["`+a+`"]`):      "bcd",
		"name=oneof:[]":                                      "abcd",
		"name=eq:" + a:                                       "",
		"description=":                                       "d",
		"description=equals:":                                "d",
		"description=beta":                                   "",
		"description=startswith:be":                          "b",
		"description=contains:l":                             "ac",
		"description=contains:%25":                           "abcd",
		"description=al%25ha":                                "c",
		"description=isnull:":                                "",
		"description=isnotnull:":                             "abcd",
	} {
		all.expect(t, query, want)
	}
	all.refuse(t, "name=oneof:x", "json formatted list")
	all.refuse(t, "name=in:x", "can not be filtered using this operation: 'in'")
	expectError(t, all.find(t, "name=gt:x"), http.StatusBadRequest, "ValueError", containing("must be numeric"))
}

func listBool(t *testing.T, c contract) {
	all := c.collection(t)
	for value, want := range map[string]string{
		"true": "acd", "True": "acd", "1": "acd", "yes": "acd", "equals:true": "acd", "false": "b", "0": "b", "notequals:true": "b",
	} {
		all.expect(t, "active="+value, want)
	}
	all.refuse(t, "active=zork", "only works with boolean values")
	all.refuse(t, "active=", "only works with boolean values")
	all.refuse(t, "active=contains:true", "can not be filtered using this operation: 'contains'")
}

func listUUID(t *testing.T, c contract) {
	all := c.collection(t)
	id := all.ids["b"]
	for query, want := range map[string]string{
		"id=" + id:                              "b",
		"id=equals:" + strings.ToUpper(id):      "b",
		"id=" + strings.ReplaceAll(id, "-", ""): "b",
		"id=notequals:" + id:                    "acd",
		"id=startswith:" + id[:11]:              "b",
		"id=oneof:" + url.QueryEscape(`["`+id+`","`+all.ids["d"]+`"]`): "bd",
		"id=zork":                     "",
		"external_user_id=" + nowhere: "",
		"external_user_id=isnull:":    "abcd",
		"external_user_id=isnotnull:": "",
	} {
		all.expect(t, query, want)
	}
}

func listMoments(t *testing.T, c contract) {
	all := c.collection(t)
	for value, want := range map[string]string{
		"gt:2000-01-01 00:00:00": "abcd", "gte:2000-01-01 00:00:00": "abcd", "lt:2000-01-01 00:00:00": "", "lte:2000-01-01 00:00:00": "",
		"2000-01-01 00:00:00": "", "notequals:2000-01-01 00:00:00": "abcd", "in:2000-01-01 00:00:00,2100-01-01 00:00:00": "abcd",
		"isnull:": "", "isnotnull:": "abcd",
	} {
		all.expect(t, "created="+url.QueryEscape(value), want)
		all.expect(t, "updated="+url.QueryEscape(value), want)
	}
	for _, value := range []string{"gt:2000-01-01", "gt:2000-01-01T00:00:00", "gt:2000-01-01 00:00:00Z", "gt:2000-01-01 00:00:00.5", "zork"} {
		all.refuse(t, "created="+url.QueryEscape(value), "following format: %Y-%m-%d %H:%M:%S")
	}
	all.refuse(t, "created="+url.QueryEscape("in:2000-01-01 00:00:00"), "Two comma separated datetime values")
}

func listCombined(t *testing.T, c contract) {
	all := c.collection(t)
	a, b := "a"+all.suffix, "b"+all.suffix
	for query, want := range map[string]string{
		"name=" + a + "&name=" + b:                                   "",
		"name=" + a + "&name=" + b + "&logical_operator=and":         "",
		"name=" + a + "&name=" + b + "&logical_operator=or":          "ab",
		"name=" + a + "&id=" + all.ids["c"] + "&logical_operator=or": "ac",
		"name=startswith:a&name=endswith:" + all.suffix:              "a",
		"name=" + a + "&active=false":                                "",
	} {
		found(t, c.get(t, accountsPath+"?"+query), query, want)
	}
	expectInvalid(t, all.find(t, "logical_operator=AND"), "('query', 'logical_operator')")
}

func listSorting(t *testing.T, c contract) {
	all := c.collection(t)
	for query, want := range map[string]string{
		"": "abcd", "sort_by=name": "abcd", "sort_by=asc:name": "abcd", "sort_by=desc:name": "dcba", "sort_by=zork:name": "abcd",
		"sort_by=desc:created": "dcba", "sort_by=updated": "abcd", "sort_by=description": "dbca",
	} {
		all.expect(t, query, want)
	}
	for _, column := range []string{"full_name", "zork", "", "name:desc", "desc:"} {
		all.refuse(t, "sort_by="+column, "You can only sort by valid fields of this resource")
	}
	all.refuse(t, "sort_by=page", "This resource can not be sorted by this field: 'page'")
}

func listKeys(t *testing.T, c contract) {
	account, _ := c.newAccount(t)
	a, used := c.hand.createKey(t, account, "a")
	c.hand.createKey(t, account, "b")
	c.hand.updateKey(t, account, "b", object{"active": false, "description": "two"})
	c.hand.createKey(t, account, "c")
	c.hand.rotateKey(t, account, "c", 5)
	c.accepted(t, used)
	for query, want := range map[string]string{
		"":                                    "abc",
		"name=a":                              "a",
		"id=" + a:                             "a",
		"active=false":                        "b",
		"description=two":                     "b",
		"last_login=isnotnull:":               "a",
		"last_login=gt:2000-01-01+00:00:00":   "a",
		"last_rotated=isnull:":                "ab",
		"last_rotated=gt:2000-01-01+00:00:00": "c",
		"updated=lt:2000-01-01+00:00:00":      "",
		"name=a&description=two&logical_operator=or": "ab",
		"service_account=" + nowhere:                 "abc",
		"retain_period_minutes=5":                    "abc",
		"key=x":                                      "abc",
		"sort_by=desc:name":                          "cba",
	} {
		found(t, c.get(t, keysPath(account)+"?"+query), query, want)
	}
	for _, column := range []string{"service_account", "retain_period_minutes", "key"} {
		got := c.get(t, keysPath(account)+"?sort_by="+column)
		expectError(t, got, http.StatusUnprocessableEntity, "ValueError", containing("1 validation error for APIKeyFilter"))
	}
	expectError(t, c.get(t, keysPath(account)+"?size=2&page=3"), http.StatusBadRequest, "ValueError", containing("Invalid page 3."))
}

func listUnknown(t *testing.T, c contract) {
	all := c.collection(t)
	// A full name and an avatar look like filters, but are none.
	for _, query := range []string{"full_name=zork", "avatar_url=zork", "zork=1"} {
		all.expect(t, query, "abcd")
	}
}
