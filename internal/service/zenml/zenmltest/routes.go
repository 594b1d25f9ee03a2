package zenmltest

import (
	"cmp"
	"net/http"
	"strings"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage"
)

// call is one request on its way through the server.
type call struct {
	w    http.ResponseWriter
	r    *http.Request
	body []byte
	who  caller // empty where no login is needed
}

// endpoint answers with what becomes the JSON reply; nil becomes null.
type endpoint func(*call) (any, *failure)

func (f *Fake) declareRoutes() stage.Routes {
	const (
		v1       = "/api/v1"
		accounts = v1 + "/service_accounts"
		keys     = accounts + "/{service_account_id}/api_keys"
	)
	// Where two routes share a path the order decides which method a 405 names.
	return stage.Routes{
		{Method: "POST", Path: v1 + "/login", Token: true, Handle: f.open(f.login)},
		{Method: "GET", Path: v1 + "/logout", Handle: f.open(f.logout)},
		{Method: "GET", Path: v1 + "/api_token", Token: true, Handle: f.closed(f.apiToken)},
		{Method: "GET", Path: v1 + "/info", Handle: f.open(f.info)},
		{Method: "GET", Path: v1 + "/version", Handle: f.open(f.version)},
		{Method: "PUT", Path: v1 + "/activate", Handle: f.open(f.activate)},
		{Method: "GET", Path: v1 + "/current-user", Handle: f.closed(f.currentUser)},
		{Method: "POST", Path: v1 + "/users", Handle: f.closed(f.createUser)},
		{Method: "GET", Path: v1 + "/users/{id}", Handle: f.closed(f.readUser)},
		{Method: "POST", Path: accounts, Handle: f.closed(f.createAccount)},
		{Method: "GET", Path: accounts + "/{id}", Handle: f.closed(f.readAccount)},
		{Method: "GET", Path: accounts, Handle: f.closed(f.listAccounts)},
		{Method: "PUT", Path: accounts + "/{id}", Handle: f.closed(f.updateAccount)},
		{Method: "DELETE", Path: accounts + "/{id}", Handle: f.closed(f.deleteAccount)},
		{Method: "POST", Path: keys, Handle: f.closed(f.createKey)},
		{Method: "GET", Path: keys + "/{id}", Handle: f.closed(f.readKey)},
		{Method: "GET", Path: keys, Handle: f.closed(f.listKeys)},
		{Method: "PUT", Path: keys + "/{id}", Handle: f.closed(f.updateKey)},
		{Method: "PUT", Path: keys + "/{id}/rotate", Handle: f.closed(f.rotateKey)},
		{Method: "DELETE", Path: keys + "/{id}", Handle: f.closed(f.deleteKey)},
		{Method: "GET", Path: "/health", Handle: healthy},
		{Method: "HEAD", Path: "/health", Handle: healthy},
		{Method: "GET", Path: "/ready", Handle: healthy},
		{Method: "HEAD", Path: "/ready", Handle: healthy},
	}
}

// ServeHTTP handles one request after the other.
func (f *Fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if key := r.Header.Get("Idempotency-Key"); key != "" {
		if _, ok := asUUID(key); !ok {
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			w.WriteHeader(http.StatusInternalServerError)
			_, _ = w.Write([]byte("Internal Server Error"))
			return
		}
	}
	if met := f.routes.Find(r); met.Route != nil {
		met.Serve(w, r)
		return
	} else if r.Method != http.MethodGet {
		// Two routes that match every GET stand last in the server's table: all other methods are known but wrong.
		f.refuse(w, r, methodNotAllowed(cmp.Or(met.Allowed, http.MethodGet)))
		return
	}
	if strings.HasPrefix(r.URL.Path, "/api/") || !f.options.On(optHTML) {
		f.refuse(w, r, plain(http.StatusNotFound, "Not Found"))
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte("<!doctype html>\n<html lang=\"en\"><head><title>Dashboard</title></head><body></body></html>\n"))
}

// open serves an endpoint that needs no login.
func (f *Fake) open(answer endpoint) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		f.reply(&call{w: w, r: r}, answer)
	}
}

// closed serves an endpoint that needs a login. Broken JSON is found before the login is looked at.
func (f *Fake) closed(answer endpoint) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c := &call{w: w, r: r}
		refusal := c.readBody()
		if refusal == nil {
			c.who, refusal = f.authenticate(r)
		}
		if refusal != nil {
			f.refuse(w, r, refusal)
			return
		}
		f.once(c, func() { f.reply(c, answer) })
	}
}

func (f *Fake) reply(c *call, answer endpoint) {
	value, refusal := answer(c)
	if refusal != nil {
		f.refuse(c.w, c.r, refusal)
		return
	}
	stage.JSON(c.w, http.StatusOK, value)
}

// healthy answers the probes, which the real server does ahead of everything else and in plain text.
func healthy(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("ok"))
}
