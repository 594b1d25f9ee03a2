package campaign

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// secretNames are the attributes that hold the secret, by type.
var secretNames = map[string]string{
	"machineid_zenml_api_key":                      "key",
	"machineid_dt_service_account_key":             "secret",
	"machineid_neowit_service_account_key":         "secret",
	"machineid_keycard_service_account_credential": "client_secret",
}

// authenticates logs in with the secret of an object, as anybody without Terraform would. Only what was imported has none.
func (p *play) authenticates(label string, objects map[string]Object) error {
	values, env := objects[label].Values, p.box.Env()
	text := func(name string) string { value, _ := values[name].(string); return value }
	if name, secretive := secretNames[objects[label].Type]; secretive && text(name) == "" {
		if label == leafLabel && p.importID != "" {
			return nil
		}
		return errors.New("its secret is not in the state")
	}
	switch objects[label].Type {
	case "machineid_zenml_api_key":
		return login(p.t.Context(), env["ZENML_SERVER_URL"]+"/api/v1/login", url.Values{"password": {text("key")}})
	case "machineid_dt_service_account_key":
		account, _ := objects[accountLabel].Values["email"].(string)
		return sign(p.t.Context(), env["DT_TOKEN_URL"], text("id"), text("secret"), account)
	case "machineid_neowit_service_account_key":
		return sign(p.t.Context(), env["NEOWIT_BASE_URL"]+"/auth/oauth/token", text("key_id"), text("secret"), text("service_account_id"))
	case "machineid_keycard_service_account_credential":
		return login(p.t.Context(), env["KEYCARD_ENDPOINT"]+"/service-account-token", url.Values{
			"grant_type": {"client_credentials"}, "client_id": {text("client_id")}, "client_secret": {text("client_secret")},
		})
	}
	return nil
}

// sign logs in with an assertion.
func sign(ctx context.Context, door, keyID, secret, issuer string) error {
	now := time.Now()
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
		"iss": issuer, "sub": issuer, "aud": door, "iat": now.Unix(), "exp": now.Add(30 * time.Minute).Unix(),
	})
	token.Header["kid"] = keyID
	assertion, err := token.SignedString([]byte(secret))
	if err != nil {
		return err
	}
	return login(ctx, door, url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {assertion}})
}

func login(ctx context.Context, door string, form url.Values) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, door, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := (&http.Client{Timeout: time.Minute}).Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if answer, _ := io.ReadAll(response.Body); response.StatusCode != http.StatusOK {
		return fmt.Errorf("its secret is refused with %s: %s", response.Status, answer)
	}
	return nil
}
