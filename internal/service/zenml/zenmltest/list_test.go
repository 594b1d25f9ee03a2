package zenmltest_test

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

// names answers a list query with the names found, or with the status when it is refused.
func (s *server) names(path string, query url.Values) any {
	s.T.Helper()
	r := s.do("GET", path+"?"+query.Encode(), s.admin, nil)
	if r.Status != 200 {
		return r.Status
	}
	found := []string{}
	for _, item := range r.At("items").([]any) {
		found = append(found, item.(map[string]any)["name"].(string))
	}
	return strings.Join(found, " ")
}

func query(pairs ...string) url.Values {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	return values
}

func TestFiltersOnAccounts(t *testing.T) {
	s := start(t)
	ids := map[string]string{}
	for i, a := range []map[string]any{
		{"name": "fa", "active": true, "description": "alpha"},
		{"name": "fb", "active": false, "description": "Beta"},
		{"name": "fc", "active": true, "description": "al%ha"},
		{"name": "42", "active": true},
	} {
		s.Clock.Move(time.Duration(i) * time.Hour)
		r := s.do("POST", accounts, s.admin, a)
		s.Want(r, 200)
		ids[r.Str("name")] = r.Str("id")
	}
	hex := strings.ReplaceAll(ids["fa"], "-", "")
	for _, c := range []struct {
		query url.Values
		want  any
	}{
		{query(), "fa fb fc 42"},
		{query("name", "fa"), "fa"},
		{query("name", "equals:fa"), "fa"},
		{query("name", "FA"), ""},
		{query("name", "EQUALS:fa"), ""},
		{query("name", "like:fa"), ""}, // no operator: a literal
		{query("name", "notequals:fa"), "fb fc 42"},
		{query("name", "startswith:F"), "fa fb fc"},
		{query("name", "endswith:B"), "fb"},
		{query("name", "contains:_a"), "fa"},
		{query("name", "notcontains:f"), "42"},
		{query("name", `oneof:["fa","fb"]`), "fa fb"},
		{query("name", `notoneof:["fa","fb"]`), "fc 42"},
		{query("name", "oneof:[]"), "fa fb fc 42"},
		{query("name", "oneof:fa,fb"), 422},
		{query("name", "in:x"), 422},
		{query("name", "gte:42"), "42"},
		{query("name", "gt:42"), ""},
		{query("name", "lt:43"), "42"},
		{query("name", "gt:fa"), 400},
		{query("name", ""), ""},
		{query("description", ""), "42"},
		{query("description", "contains:L%H"), "fa fc"},
		{query("description", "isnull:"), ""},
		{query("active", "true"), "fa fc 42"},
		{query("active", "0"), "fb"},
		{query("active", "notequals:True"), "fb"},
		{query("active", "zork"), 422},
		{query("active", "contains:true"), 422},
		{query("active", "true", "active", "false"), "fb"}, // not repeatable: the last one
		{query("id", ids["fa"]), "fa"},
		{query("id", strings.ToUpper(hex)), "fa"},
		{query("id", "startswith:"+ids["fa"][:10]), "fa"},
		{query("id", `oneof:["`+ids["fa"]+`"]`), "fa"},
		{query("id", "notequals:"+ids["fa"]), "fb fc 42"},
		{query("id", "zork"), ""},
		{query("created", "gte:2026-07-02 13:00:00"), "fb fc 42"},
		{query("created", "lt:2026-07-02 13:00:00"), "fa"},
		{query("created", "in:2026-07-02 13:00:00,2026-07-02 14:30:00"), "fb fc"},
		{query("created", "gte:2026-07-02 13:00:00", "created", "lt:2026-07-02 14:00:00"), "fb"},
		{query("created", "gte:2026-07-02T13:00:00"), 422},
		{query("created", "gte:2026-07-02 13:00:00.5"), 422},
		{query("created", "in:2026-07-02 13:00:00"), 422},
		{query("created", "gte:2026-07-02"), 422},
		{query("external_user_id", "isnull:"), "fa fb fc 42"},
		{query("external_user_id", "isnotnull:"), ""},
		{query("external_user_id", "isnull:x"), 422},
		{query("external_user_id", "notequals:"+ids["fa"]), ""}, // what is NULL does not differ
		{query("name", "fa", "name", "fb"), ""},
		{query("name", "fa", "name", "fb", "logical_operator", "or"), "fa fb"},
		{query("name", "fc", "active", "false", "logical_operator", "or"), "fb fc"},
		{query("logical_operator", "OR"), 422},
		{query("full_name", "zork"), "fa fb fc 42"}, // no filter: not heeded
	} {
		if got := s.names(accounts, c.query); got != c.want {
			t.Errorf("%v: got %v, want %v", c.query, got, c.want)
		}
	}
}

func TestFiltersOnKeys(t *testing.T) {
	s := start(t)
	owner, other := s.account("ci"), s.account("other")
	_, key := s.key(owner, "ka")
	s.key(owner, "kb")
	s.key(other, "kz")
	keys := accounts + "/" + owner + "/api_keys"
	s.Clock.Move(time.Hour)
	s.keyLogin(key)
	s.Want(s.do("PUT", keys+"/kb/rotate", s.admin, map[string]any{}), 200)
	for _, c := range []struct {
		query url.Values
		want  any
	}{
		{query("sort_by", "name"), "ka kb"},
		{query("last_login", "gt:2026-07-02 12:30:00"), "ka"},
		{query("last_login", "isnull:"), "kb"},
		{query("last_rotated", "notequals:2026-07-02 12:30:00"), "kb"}, // never rotated is not different either
		{query("last_rotated", "zork"), 422},
		{query("service_account", other, "sort_by", "name"), "ka kb"}, // the path decides
		{query("sort_by", "desc:last_login"), "ka kb"},
		{query("sort_by", "last_login"), "kb ka"},
		{query("sort_by", "retain_period_minutes"), 422},
	} {
		if got := s.names(keys, c.query); got != c.want {
			t.Errorf("%v: got %v, want %v", c.query, got, c.want)
		}
	}
	s.Want(s.do("GET", keys+"?service_account=zork", s.admin, nil), 422)
	s.wantDetail(s.do("GET", keys+"?sort_by=service_account", s.admin, nil), 422, "ValueError",
		"This resource can not be sorted by this field: 'service_account'")
}

func TestSortingAndPages(t *testing.T) {
	s := start(t)
	for i, name := range []string{"b", "a", "d", "c", "e"} {
		s.Clock.Move(time.Duration(i) * time.Second)
		s.account(name)
	}
	s.Want(s.do("PUT", accounts+"/b", s.admin, map[string]any{"active": false}), 200)
	for _, c := range []struct {
		query url.Values
		want  any
	}{
		{query(), "b a d c e"},
		{query("sort_by", "desc:created"), "e c d a b"},
		{query("sort_by", "name"), "a b c d e"},
		{query("sort_by", "desc:name"), "e d c b a"},
		{query("sort_by", "zork:name"), "a b c d e"},
		{query("sort_by", "name", "sort_by", "desc:name"), "e d c b a"},
		{query("sort_by", "active", "size", "1"), "b"},
		{query("sort_by", "full_name"), 422},
		{query("sort_by", "page"), 422},
		{query("sort_by", "name:desc"), 422},
		{query("sort_by", ""), 422},
		{query("size", "2"), "b a"},
		{query("size", "2", "page", "3"), "e"},
		{query("size", "2", "page", "4"), 400},
		{query("name", "zork", "page", "2"), 400},
		{query("page", "0"), 422},
		{query("page", "x"), 422},
		{query("size", "10000"), "b a d c e"},
		{query("size", "10001"), 422},
		{query("hydrate", "zork"), 422},
	} {
		if got := s.names(accounts, c.query); got != c.want {
			t.Errorf("%v: got %v, want %v", c.query, got, c.want)
		}
	}

	r := s.do("GET", accounts+"?size=2&page=2&hydrate=true", s.admin, nil)
	s.WantEqual([]any{r.At("index"), r.At("max_size"), r.At("total_pages"), r.At("total")}, []any{2.0, 2.0, 3.0, 5.0})
	first := r.At("items").([]any)[0].(map[string]any)
	s.WantEqual(first["metadata"], map[string]any{"description": "", "external_user_id": nil})
	s.wantDetail(s.do("GET", accounts+"?size=2&page=4", s.admin, nil), 400, "ValueError",
		"Invalid page 4. The requested page size is 2 and there are a total of 5 items for this query. "+
			"The maximum page value therefore is 3.")
	r = s.do("GET", accounts+"?name=zork", s.admin, nil)
	s.WantEqual(r.Text, `{"index":1,"max_size":20,"total_pages":1,"total":0,"items":[]}`)
	// The two shapes of a 422.
	s.wantDetail(s.do("GET", accounts+"?sort_by=zork", s.admin, nil), 422, "ValueError", "for ServiceAccountFilter")
	if _, bare := s.do("GET", accounts+"?page=0", s.admin, nil).Value.([]any); !bare {
		t.Error("a page out of bounds is not refused with a bare array")
	}
}
