package rest

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
)

// ParseEndpoint reads the address of an API. It must be an absolute https URL; http is accepted for a loopback host
// only. Trailing slashes are dropped, so that both spellings mean the same.
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
	switch {
	case endpoint.Host == "" || endpoint.Hostname() == "":
		return nil, fmt.Errorf("%q is no absolute URL such as https://api.example.com", text)
	case endpoint.RawQuery != "" || endpoint.Fragment != "":
		return nil, fmt.Errorf("the address %q must not have a query or a fragment", text)
	case endpoint.Scheme == "http" && !isLoopback(endpoint.Hostname()):
		return nil, fmt.Errorf("%q would send credentials in clear text: use https (http is accepted for a loopback address only)", text)
	case endpoint.Scheme != "https" && endpoint.Scheme != "http":
		return nil, fmt.Errorf("%q must start with https://", text)
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
