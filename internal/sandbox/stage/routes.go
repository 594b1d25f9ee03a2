package stage

import (
	"net/http"
	"strings"
)

// Route is one line of a fake's route table.
type Route struct {
	Method string
	Path   string // a template such as /things/{id} or /things/{id}:undo; a parameter is never empty and holds no slash
	Token  bool   // a login or a token exchange
	Handle http.HandlerFunc
}

// Routes is a route table. The first line that fits wins.
type Routes []Route

// Match is what a request meets in a route table.
type Match struct {
	Route   *Route // nil when no line fits
	Allowed string // when only the method is wrong: the method of the first line with such a path

	path   string
	values map[string]string
}

// Template is the path template to count the request under: never the concrete path.
func (m Match) Template() string {
	if m.path == "" {
		return "(unknown)"
	}
	return m.path
}

// Token tells whether the request is a login or a token exchange.
func (m Match) Token() bool {
	return m.Route != nil && m.Route.Token
}

// Serve hands the request to its route with the path parameters set. Only for a Match that has a Route.
func (m Match) Serve(w http.ResponseWriter, r *http.Request) {
	for name, value := range m.values {
		r.SetPathValue(name, value)
	}
	m.Route.Handle(w, r)
}

// Find looks the request up. It goes by the decoded path: an escaped slash separates segments.
func (rs Routes) Find(r *http.Request) Match {
	var wrongMethod Match
	for i := range rs {
		values, fits := fit(rs[i].Path, r.URL.Path)
		if !fits {
			continue
		}
		if rs[i].Method == r.Method {
			return Match{Route: &rs[i], path: rs[i].Path, values: values}
		}
		if wrongMethod.path == "" {
			wrongMethod = Match{Allowed: rs[i].Method, path: rs[i].Path}
		}
	}
	return wrongMethod
}

func fit(template, path string) (map[string]string, bool) {
	want, have := strings.Split(template, "/"), strings.Split(path, "/")
	if len(want) != len(have) {
		return nil, false
	}
	values := map[string]string{}
	for i, segment := range want {
		if name, ok := strings.CutPrefix(segment, "{"); ok {
			name, ending, _ := strings.Cut(name, "}")
			value, fits := strings.CutSuffix(have[i], ending)
			if !fits || value == "" {
				return nil, false
			}
			values[name] = value
			continue
		}
		if segment != have[i] {
			return nil, false
		}
	}
	return values, true
}
