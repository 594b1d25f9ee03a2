package zenmltest

import (
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"

	"github.com/google/uuid"

	"github.com/machineid/terraform-provider-machineid/internal/sandbox/stage"
)

const (
	keyPrefix    = "ZENKEY_"    // keys of this server
	proKeyPrefix = "ZENPROKEY_" // keys of ZenML Pro, which this server would hand to Pro
)

// keyText is what the base64 part of a key holds.
type keyText struct {
	ID     string `json:"id"`
	Secret string `json:"key"`
}

func (t keyText) String() string {
	content, _ := json.Marshal(t) // two strings always encode
	return keyPrefix + base64.StdEncoding.EncodeToString(content)
}

// parseKey reads a key. As on the server, the prefix may be missing.
func parseKey(text string) (keyText, error) {
	content, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(text, keyPrefix))
	if err != nil {
		return keyText{}, err
	}
	var parsed keyText
	if err := json.Unmarshal(content, &parsed); err != nil {
		return keyText{}, err
	}
	id, err := uuid.Parse(parsed.ID)
	if err != nil || parsed.Secret == "" {
		return keyText{}, errors.New("the key lacks its id or its secret")
	}
	parsed.ID = id.String()
	return parsed, nil
}

func sameDigest(secret, want string) bool {
	return want != "" && subtle.ConstantTimeCompare([]byte(stage.Digest(secret)), []byte(want)) == 1
}
