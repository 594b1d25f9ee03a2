// Package rest is the pipe that every vendor client shares: JSON over HTTP with bounded retries, bounded replies, a
// rate limit, one typed error, one renewal of a refused credential, and a log that holds no secret. It knows no vendor
// and no Terraform type.
package rest

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// DefaultTimeout bounds one exchange, from dialing to the last byte of the reply, unless a [Config] says otherwise.
const DefaultTimeout = 30 * time.Second

// HTTP holds the settings of the wire that do not depend on the system.
type HTTP struct {
	// Timeout bounds one exchange; 0 means [DefaultTimeout].
	Timeout time.Duration
	// MaxRetries is how often a failed exchange is repeated; 0 means never.
	MaxRetries int
	// CAPEM holds PEM certificates to trust beside the system's own.
	CAPEM string
	// UserAgent is sent with every request.
	UserAgent string
}

// Config is what a [Client] is made of.
type Config struct {
	// System is the vendor's name as users read it, for example "ZenML".
	System string
	// Endpoint is the base of every path; see [ParseEndpoint].
	Endpoint *url.URL
	// HTTP is what the user may set for all systems alike.
	HTTP
	// Limiter paces all requests, repeats included. Nil makes one that has no limit and keeps the pauses that the
	// server asks for.
	Limiter *Limiter
	// Authorizer puts the credential on requests; nil sends none.
	Authorizer Authorizer
	// ParseError reads the vendor's error code and message out of a reply that is no success. Nil reads nothing.
	ParseError func(status int, body []byte) (code, message string)
	// RequestIDHeader is the header in which each request carries an id of its own, where the vendor knows one. Empty
	// sends none.
	RequestIDHeader string
	// Tally counts the requests of a system over all its clients. Nil makes one of this client's own.
	Tally *Tally
	// Secrets are removed from every error message and every line of the log. Whoever learns of a new one adds it; those
	// that requests carry as their authorization are added by the client. Nil is allowed.
	Secrets *Secrets
}

// Client sends requests to one system. It is safe for concurrent use.
type Client struct {
	config Config
	pacer  *pacer
	clock  *serverClock
	http   *retryablehttp.Client
}

// New returns a client; it does not connect.
func New(config Config) (*Client, error) {
	if config.Timeout == 0 {
		config.Timeout = DefaultTimeout
	}
	if config.Secrets == nil {
		config.Secrets = &Secrets{}
	}
	if config.Tally == nil {
		config.Tally = &Tally{}
	}
	if config.Limiter == nil {
		config.Limiter = NewLimiter(0, 0)
	}
	transport, err := newTransport(config.CAPEM)
	if err != nil {
		return nil, err
	}
	client := &Client{config: config, clock: &serverClock{}}
	client.pacer = &pacer{system: config.System, secrets: config.Secrets, limiter: config.Limiter, next: transport}
	client.http = &retryablehttp.Client{
		HTTPClient: &http.Client{
			Transport: &recorder{system: config.System, idHeader: config.RequestIDHeader, secrets: config.Secrets, clock: client.clock, tally: config.Tally, next: client.pacer},
			Timeout:   config.Timeout,
		},
		RetryMax:     config.MaxRetries,
		RetryWaitMin: minRetryWait,
		RetryWaitMax: maxRetryWait,
		CheckRetry:   checkRetry,
		Backoff:      backoff,
		PrepareRetry: client.pacer.admit,
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
	return client, nil
}

func newTransport(caPEM string) (*http.Transport, error) {
	base, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return nil, errors.New("the default HTTP transport has been replaced")
	}
	transport := base.Clone()
	transport.MaxIdleConnsPerHost = 64
	transport.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	if caPEM == "" {
		return transport, nil
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		return nil, fmt.Errorf("reading the system's certificates: %w", err)
	}
	if !pool.AppendCertsFromPEM([]byte(caPEM)) {
		return nil, errors.New("no certificate found in the PEM text")
	}
	transport.TLSClientConfig.RootCAs = pool
	return transport, nil
}
