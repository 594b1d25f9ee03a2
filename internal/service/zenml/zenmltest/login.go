package zenmltest

import (
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	grantPassword = "password"
	grantKey      = "zenml-api-key"
	grantDevice   = "urn:ietf:params:oauth:grant-type:device_code"
	grantExternal = "zenml-external"
)

const (
	dailyAttempts      = 1000
	defaultAPITokenTTL = 3600
	maxAPITokenTTL     = 7 * 24 * 3600
)

// wireToken is the answer to a login. The members that are always null here belong to browsers and devices.
type wireToken struct {
	AccessToken    string  `json:"access_token"`
	TokenType      string  `json:"token_type"`
	ExpiresIn      *int    `json:"expires_in"`
	RefreshToken   *string `json:"refresh_token"`
	CSRFToken      *string `json:"csrf_token"`
	Scope          *string `json:"scope"`
	DeviceID       *string `json:"device_id"`
	DeviceMetadata *string `json:"device_metadata"`
}

// login makes an access token from a form. The form is judged before the attempt counts against the rate limit.
func (f *Fake) login(c *call) (any, *failure) {
	if err := c.r.ParseForm(); err != nil {
		return nil, plain(http.StatusBadRequest, "There was an error parsing the body")
	}
	form := c.r.PostForm
	grant, refusal := f.grant(form)
	if refusal != nil {
		return nil, refusal
	}
	client, _, _ := net.SplitHostPort(c.r.RemoteAddr)
	if refusal := f.countAttempt(client); refusal != nil {
		return nil, refusal
	}

	var who caller
	switch grant {
	case grantPassword:
		who, refusal = f.byPassword(form.Get("username"), form.Get("password"))
	case grantKey:
		if strings.HasPrefix(form.Get("password"), proKeyPrefix) {
			return nil, proUnreachable()
		}
		who, refusal = f.byKey(form.Get("password"))
	case grantDevice:
		return nil, raise(http.StatusUnauthorized, "CredentialsNotValid", "Authentication error: the sandbox has no devices")
	case grantExternal:
		delete(f.attempts, client)
		return map[string]string{"authorization_url": "https://pro.invalid/login"}, nil
	}
	if refusal != nil {
		return nil, refusal
	}
	delete(f.attempts, client)

	answer := wireToken{TokenType: "bearer"}
	var lifetime time.Duration
	if seconds, ok := f.options.Number(optTokenExpiresIn); ok {
		answer.ExpiresIn, lifetime = &seconds, time.Duration(seconds)*time.Second
	}
	answer.AccessToken = f.mint(who, lifetime)
	if grant == grantPassword {
		f.setCookie(c.w, answer.AccessToken, int(lifetime/time.Second))
	}
	return answer, nil
}

// grant infers what kind of login the form means. An empty field counts as none, for older servers except the username.
func (f *Fake) grant(form url.Values) (string, *failure) {
	scheme, field := f.options.Get(optAuthScheme), form.Get
	grant := field("grant_type")
	switch {
	case grant != "":
	case field("username") != "", form.Has("username") && f.older():
		grant = grantPassword
	case field("password") != "":
		grant = grantKey
	case field("device_code") != "":
		grant = grantDevice
	case scheme == schemeExternal:
		grant = grantExternal
	default:
		grant = grantPassword
	}
	unsupported := plain(http.StatusBadRequest, "Unsupported grant type: "+grant+".")
	switch grant {
	case grantPassword:
		if scheme == schemeExternal {
			return "", unsupported
		}
		if field("username") == "" {
			return "", plain(http.StatusBadRequest, "Invalid request: username is required.")
		}
	case grantKey:
		if field("password") == "" {
			return "", plain(http.StatusBadRequest, "API key is required.")
		}
	case grantDevice:
		if scheme == schemeExternal || scheme == schemeNone {
			return "", plain(http.StatusForbidden, "Device authorization is not supported.")
		}
		if field("device_code") == "" || field("client_id") == "" {
			return "", plain(http.StatusBadRequest, "Invalid request: device code and client ID are required.")
		}
	case grantExternal:
		if scheme != schemeExternal {
			return "", unsupported
		}
	default:
		return "", plain(http.StatusBadRequest, "Unsupported grant type: "+grant)
	}
	return grant, nil
}

// countAttempt refuses a login when the client has failed too often. A success forgets the failures.
func (f *Fake) countAttempt(client string) *failure {
	perMinute, limited := f.options.Number(optRateLimit)
	if !limited {
		return nil
	}
	now, lastDay, lastMinute := f.now(), []time.Time{}, 0
	for _, attempt := range append(f.attempts[client], now) {
		if now.Sub(attempt) <= 24*time.Hour {
			lastDay = append(lastDay, attempt)
		}
		if now.Sub(attempt) <= time.Minute {
			lastMinute++
		}
	}
	f.attempts[client] = lastDay
	if len(lastDay) > dailyAttempts {
		return plain(http.StatusTooManyRequests, "Daily request limit exceeded.")
	}
	if lastMinute > perMinute {
		return plain(http.StatusTooManyRequests, "Minute request limit exceeded.")
	}
	return nil
}

func (f *Fake) setCookie(w http.ResponseWriter, value string, maxAge int) {
	http.SetCookie(w, &http.Cookie{
		Name: f.cookieName(), Value: value, Path: "/", MaxAge: maxAge, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

func (f *Fake) logout(c *call) (any, *failure) {
	f.setCookie(c.w, "", -1)
	return nil, nil
}

// apiToken makes a token for the caller that ends soon. It keeps the key that the caller's own token came from.
func (f *Fake) apiToken(c *call) (any, *failure) {
	if c.who.token == nil {
		return nil, raise(http.StatusUnauthorized, "AuthorizationException", "Not authenticated.")
	}
	seconds := defaultAPITokenTTL
	if text := c.r.URL.Query().Get("expires_in"); text != "" {
		wanted, refusal := wholeNumber("expires_in", text)
		if refusal != nil {
			return nil, refusal
		}
		if wanted != 0 {
			seconds = wanted
		}
	}
	if seconds > maxAPITokenTTL {
		return nil, raise(http.StatusBadRequest, "ValueError",
			"The maximum expiration time for generic API tokens allowed by this server is %d seconds.", maxAPITokenTTL)
	}
	return f.mint(c.who, time.Duration(seconds)*time.Second), nil
}

// proUnreachable is what an open source server makes of a ZenML Pro key: it has nobody to ask about it.
func proUnreachable() *failure {
	return raise(http.StatusInternalServerError, "RuntimeError", "")
}
