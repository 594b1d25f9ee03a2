package rest

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
)

// ParseEndpoint reads the address of an API. It must be an absolute https URL; http is accepted for a loopback host
// only. Trailing slashes are dropped, so that both spellings mean the same. Errors repeat at most scheme and host: what
// stands in the place of an address may be a secret that was put there by mistake.
func ParseEndpoint(text string) (*url.URL, error) {
	if text == "" {
		return nil, errors.New("the address is empty")
	}
	if strings.Contains(text, "@") {
		// Said before anything that repeats the text.
		return nil, errors.New("the address must not hold a user or password")
	}
	endpoint, err := url.Parse(text)
	if err != nil {
		// url.Parse repeats the whole text, which may hold a password.
		return nil, errors.New("the address is no valid URL")
	}
	host := endpoint.Scheme + "://" + endpoint.Host
	switch {
	case endpoint.Hostname() == "":
		return nil, errors.New("it is no absolute URL such as https://api.example.com")
	case endpoint.Scheme != "https" && endpoint.Scheme != "http":
		// Without a known scheme, what follows two slashes is no host either.
		return nil, errors.New("the address must start with https://")
	case endpoint.RawQuery != "" || endpoint.ForceQuery || endpoint.Fragment != "":
		return nil, fmt.Errorf("the address at %s must not have a query or a fragment", host)
	case endpoint.Scheme == "http" && !isLoopback(endpoint.Hostname()):
		return nil, fmt.Errorf("%s would send credentials in clear text: use https (http is accepted for a loopback address only)", host)
	}
	endpoint.Path = strings.TrimRight(endpoint.Path, "/")
	endpoint.RawPath = ""
	return endpoint, nil
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
