package zenmlapi

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"strings"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// Caller is the account that the client is logged in as.
type Caller struct {
	ID string
	// IsServiceAccount tells a service account from a user.
	IsServiceAccount bool
}

// CurrentUser asks as whom the client is logged in (contract: current user).
func (c *Client) CurrentUser(ctx context.Context) (*Caller, error) {
	found, err := rest.Get[struct {
		ID   string `json:"id"`
		Body *struct {
			IsServiceAccount *bool `json:"is_service_account"`
		} `json:"body"`
	}](ctx, c.rest, apiPath("current-user"), nil)
	if err != nil {
		return nil, err
	}
	if found.ID == "" || found.Body == nil || found.Body.IsServiceAccount == nil {
		return nil, &rest.IncompleteError{System: system, Noun: "current user", Object: found.ID, Missing: "id or kind"}
	}
	return &Caller{ID: found.ID, IsServiceAccount: *found.Body.IsServiceAccount}, nil
}

// KeyID is the id of the API key that the login is made by, as the key's text or the token's claims tell it; "" if it is
// not made by one. Nothing is verified: that is the server's part.
func (l Login) KeyID() string {
	for _, text := range []string{l.APIKey, l.APIToken} {
		if id := keyInText(text); id != "" {
			return id
		}
	}
	return keyInToken(l.APIToken)
}

// keyInText reads the id out of the text of an API key (contract: form of a key).
func keyInText(text string) string {
	content, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(text, "ZENKEY_"))
	if err != nil {
		return ""
	}
	var parts struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(content, &parts) != nil {
		return ""
	}
	return canonicalUUID(parts.ID)
}

// keyInToken reads the id out of an access token that was got with an API key (contract: login with a key).
func keyInToken(token string) string {
	claims := jwt.MapClaims{}
	if _, _, err := jwt.NewParser().ParseUnverified(token, claims); err != nil {
		return ""
	}
	id, _ := claims["api_key_id"].(string)
	return canonicalUUID(id)
}

// canonicalUUID is the spelling in which the server answers ids; "" for what is no UUID.
func canonicalUUID(text string) string {
	id, err := uuid.Parse(text)
	if err != nil {
		return ""
	}
	return id.String()
}
