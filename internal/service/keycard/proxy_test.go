package keycard_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// proxy stands before a sandbox. It remembers how requests name themselves, and may change what passes.
type proxy struct {
	// redirect returns the path below the system's prefix that a request is for; nil leaves it as it is.
	redirect func(path string) string
	// change alters an answer that is a JSON object; nil leaves it as it is. It sees the path that was asked for.
	change func(method, path string, status int, object map[string]any)

	mu  sync.Mutex
	off bool
	ids []string
}

// pass stops the changes from now on.
func (p *proxy) pass() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.off = true
}

// requestIDs are the values of X-Client-Request-ID so far, in order.
func (p *proxy) requestIDs() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string{}, p.ids...)
}

// before starts the proxy, and returns an environment that leads through it.
func (p *proxy) before(t *testing.T, server server, env map[string]string) map[string]string {
	t.Helper()
	target, err := url.Parse(server.box.URL)
	if err != nil {
		t.Fatal(err)
	}
	prefix := strings.TrimPrefix(server.env["KEYCARD_ENDPOINT"], server.box.URL)
	handler := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			p.mu.Lock()
			p.ids = append(p.ids, r.In.Header.Values("X-Client-Request-Id")...)
			p.mu.Unlock()
			r.SetURL(target)
			if p.redirect != nil {
				r.Out.URL.Path, r.Out.URL.RawPath = prefix+p.redirect(strings.TrimPrefix(r.In.URL.Path, prefix)), ""
			}
			r.Out.Header.Set("X-Asked-For", strings.TrimPrefix(r.In.URL.Path, prefix))
		},
		ModifyResponse: p.alter,
	}
	front := httptest.NewServer(handler)
	t.Cleanup(front.Close)
	return acctest.With(env, "KEYCARD_ENDPOINT", front.URL+prefix)
}

func (p *proxy) alter(response *http.Response) error {
	p.mu.Lock()
	off := p.off
	p.mu.Unlock()
	if off || p.change == nil {
		return nil
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	var object map[string]any
	if json.Unmarshal(body, &object) == nil {
		p.change(response.Request.Method, response.Request.Header.Get("X-Asked-For"), response.StatusCode, object)
		if body, err = json.Marshal(object); err != nil {
			return err
		}
	}
	response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	response.Header.Set("Content-Length", strconv.Itoa(len(body)))
	return nil
}

// otherLabel is the label of an organization that only [newTwoOrganizations] shows.
const otherLabel = "other"

// newTwoOrganizations is a proxy that shows the caller's organization a second time, as one of another id. No credential
// sees two organizations, as far as is known, but nothing says that none ever will.
func newTwoOrganizations(own string) *proxy {
	return &proxy{
		redirect: func(path string) string {
			if path == "/organizations/"+otherLabel || strings.HasPrefix(path, "/organizations/"+otherLabel+"/") {
				return strings.Replace(path, otherLabel, own, 1)
			}
			return path
		},
		change: func(_, path string, _ int, object map[string]any) {
			if path == "/organizations/"+otherLabel {
				object["id"], object["label"] = strings.Repeat("0", 26), otherLabel
			}
		},
	}
}
