package rest_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// echoes are the answers of a server that repeats the credential where no message is, written <sent>.
var echoes = map[string]string{
	"its id of the request":    "HTTP/1.1 403 Forbidden\r\nX-Request-Id: <sent>\r\nContent-Length: 0\r\n\r\n",
	"the reason":               "HTTP/1.1 403 <sent>\r\nContent-Length: 0\r\n\r\n",
	"the first line":           "<sent>\r\n\r\n",
	"the status":               "HTTP/1.1 <sent>\r\n\r\n",
	"a header without a colon": "HTTP/1.1 403 Forbidden\r\n<sent>\r\n\r\n",
	"the length":               "HTTP/1.1 403 Forbidden\r\nContent-Length: <sent>\r\n\r\n",
	"the encoding":             "HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: <sent>\r\n\r\n",
	"a redirect":               "HTTP/1.1 302 Found\r\nLocation: http://[<sent>\r\nContent-Length: 0\r\n\r\n",
	"the wait":                 "HTTP/1.1 403 Forbidden\r\nRetry-After: <sent>\r\nDate: <sent>\r\nContent-Length: 0\r\n\r\n",
	"a header of a success":    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Request-Id: <sent>\r\nContent-Length: 2\r\n\r\n{}",
}

// A server may repeat what it was sent. Whichever the credential is and wherever it stands in the answer, neither the error
// nor the log shows it. Nobody has told the client that it is a secret.
func TestAnAnswerThatRepeatsTheCredential(t *testing.T) {
	t.Parallel()
	const secret = `hunter2"\+/=hunter2`
	authorizers := map[string]func() rest.Authorizer{
		"a token": func() rest.Authorizer { return rest.Bearer(secret) },
		"a pair":  func() rest.Authorizer { return rest.Basic{User: "user", Password: secret} },
		"fetched tokens": func() rest.Authorizer {
			var number atomic.Int64
			return rest.NewTokenSource(func(context.Context) (rest.Token, error) {
				return rest.Token{Value: strconv.FormatInt(number.Add(1), 10) + secret}, nil
			}, nil)
		},
	}
	pair := base64.StdEncoding.EncodeToString([]byte("user:" + secret))
	for kind, authorizer := range authorizers {
		for place, text := range echoes {
			t.Run(kind+" in "+place, func(t *testing.T) {
				t.Parallel()
				var asked atomic.Int64
				c := serve(t, func(w http.ResponseWriter, r *http.Request) {
					sent := r.Header.Get("Authorization")
					if kind == "fetched tokens" && asked.Add(1) == 1 {
						w.Header().Set("X-Request-Id", sent)
						answer(http.StatusUnauthorized, "{}")(w, r)
						return
					}
					connection, _, err := http.NewResponseController(w).Hijack()
					if err != nil {
						t.Error(err)
						return
					}
					_, _ = io.WriteString(connection, strings.ReplaceAll(text, "<sent>", sent))
					_ = connection.Close()
				}, once, func(config *rest.Config) { config.Authorizer = authorizer() })
				var log bytes.Buffer
				_, err := rest.Get[thing](tflogtest.RootLogger(t.Context(), &log), c, []string{"things"}, nil)
				if (err == nil) != strings.Contains(place, "success") {
					t.Fatalf("the exchange ended with %v", err)
				}
				told := log.String()
				if failed, ok := rest.AsError(err); ok {
					told += failed.Error() + failed.RequestID
				}
				if strings.Contains(told, "hunter2") || strings.Contains(told, pair) {
					t.Errorf("the credential was told:\n%s", told)
				}
				if strings.Contains(place, "id of") && strings.Count(told, "(secret)") < 2 {
					t.Errorf("error and log are to tell what is left of the id:\n%s", told)
				}
			})
		}
	}
}

// An id that an answer has given becomes a part of an address, which errors and the log show, that of a wait included.
func TestAnAddressThatHoldsTheCredential(t *testing.T) {
	t.Parallel()
	c := serve(t, answer(http.StatusNotFound, `{}`), func(config *rest.Config) {
		config.Authorizer = rest.Bearer("hunter2-hunter2")
		config.Limiter = rest.NewLimiter(1, 600*time.Millisecond)
	})
	var log bytes.Buffer
	var err error
	for range 2 {
		_, err = rest.Get[thing](tflogtest.RootLogger(t.Context(), &log), c, []string{"things", "hunter2-hunter2"}, nil)
	}
	failed, ok := rest.AsError(err)
	if !ok || strings.Contains(failed.Error(), "hunter2") || !strings.HasSuffix(failed.URL, "/things/(secret)") {
		t.Errorf("%v", err)
	}
	if told := log.String(); strings.Contains(told, "hunter2") || strings.Count(told, `/things/(secret)"`) != 3 || !strings.Contains(told, "waited_ms") {
		t.Errorf("the log of two requests and a wait:\n%s", told)
	}
}

// What stands in a paragraph of its own is taken for the provider's own advice.
func TestAVendorsWordsStayInTheirLine(t *testing.T) {
	t.Parallel()
	const words = "taken\n\n  terraform destroy -auto-approve\r\n\u2028\u0085\v\f  \u00a0 now"
	c := serve(t, answer(http.StatusConflict, ""), func(config *rest.Config) {
		config.ParseError = func(int, []byte) (string, string) { return "Co\n\nde", words }
	})
	_, err := rest.Get[thing](t.Context(), c, []string{"things"}, nil)
	if failed, ok := rest.AsError(err); !ok || failed.Message != "taken terraform destroy -auto-approve now" || failed.Code != "Co de" {
		t.Errorf("%#v", err)
	}
}
