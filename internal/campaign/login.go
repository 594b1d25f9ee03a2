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

// Pair is what somebody logs in with: a secret, and what names it.
type Pair struct {
	// System is that of the types' names.
	System string
	// Account is the service account as an assertion names it; "" where none is made.
	Account string
	// ID is the key id, or the client id; "" where the secret says it all.
	ID string
	// Secret is "" if the state does not have it.
	Secret string
}

// Login logs in with a pair in a sandbox with that environment, as anybody without Terraform would.
func (p Pair) Login(ctx context.Context, env map[string]string) error {
	switch p.System {
	case "zenml":
		return login(ctx, env["ZENML_SERVER_URL"]+"/api/v1/login", url.Values{"password": {p.Secret}})
	case "dt":
		return sign(ctx, env["DT_TOKEN_URL"], p.ID, p.Secret, p.Account)
	case "neowit":
		return sign(ctx, env["NEOWIT_BASE_URL"]+"/auth/oauth/token", p.ID, p.Secret, p.Account)
	default:
		return login(ctx, env["KEYCARD_ENDPOINT"]+"/service-account-token", url.Values{
			"grant_type": {"client_credentials"}, "client_id": {p.ID}, "client_secret": {p.Secret},
		})
	}
}

// Pairs are what an object among others gives to log in with: one for a credential, one or two for a rotating one, the current
// one first.
func Pairs(label string, objects map[string]Object) []Pair {
	of := objects[label]
	account, _ := objects[accountLabel].Values["email"].(string)
	pair := func(values map[string]any, id, secret string) Pair {
		text := func(name string) string { value, _ := values[name].(string); return value }
		return Pair{ID: text(id), Secret: text(secret)}
	}
	var pairs []Pair
	switch of.Type {
	case "machineid_zenml_api_key":
		pairs = []Pair{pair(of.Values, "", "key")}
	case "machineid_dt_service_account_key":
		pairs = []Pair{pair(of.Values, "id", "secret")}
	case "machineid_neowit_service_account_key":
		pairs = []Pair{pair(of.Values, "key_id", "secret")}
	case "machineid_keycard_service_account_credential":
		pairs = []Pair{pair(of.Values, "client_id", "client_secret")}
	default:
		for _, held := range of.held() {
			id := "id"
			if _, named := held["client_id"]; named {
				id = "client_id"
			}
			pairs = append(pairs, pair(held, id, "secret"))
		}
	}
	for i := range pairs {
		pairs[i].System, _ = collection(of.Type)
		switch pairs[i].System {
		case "dt":
			pairs[i].Account = account
		case "neowit":
			pairs[i].Account, _ = of.Values["service_account_id"].(string)
		}
	}
	return pairs
}

// authenticates logs in with the secrets of an object. Only what was imported has none.
func (p *play) authenticates(label string, objects map[string]Object) error {
	for _, pair := range Pairs(label, objects) {
		switch {
		case pair.Secret == "" && label == leafLabel && p.importID != "":
			continue
		case pair.Secret == "":
			return errors.New("its secret is not in the state")
		}
		if err := pair.Login(p.t.Context(), p.box.Env()); err != nil {
			return err
		}
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
