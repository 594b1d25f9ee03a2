package neowitapi_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
	"github.com/machineid/terraform-provider-machineid/internal/service/neowit/neowitapi"
)

// What exists on the server must not be lost because something else in the answer is odd.
func TestACreatedKeyIsNeverLost(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		body, id, secret string
		whole            bool
	}{
		"as it should be":        {`{"keyId":"k1","created":1636044729,"secret":"s3cr3t"}`, "k1", "s3cr3t", true},
		"with more than that":    {`{"keyId":"k1","created":1636044729,"secret":"s3cr3t","name":{"a":[]}}`, "k1", "s3cr3t", true},
		"with a moment as text":  {`{"keyId":"k1","created":"1636044729","secret":"s3cr3t"}`, "k1", "s3cr3t", true},
		"without a moment":       {`{"keyId":"k1","secret":"s3cr3t"}`, "k1", "s3cr3t", true},
		"with an odd moment":     {`{"keyId":"k1","created":"today","secret":"s3cr3t"}`, "k1", "s3cr3t", false},
		"with another odd one":   {`{"created":{},"secret":"s3cr3t","keyId":"k1"}`, "k1", "s3cr3t", false},
		"without the secret":     {`{"keyId":"k1","created":1636044729}`, "k1", "", false},
		"with a secret of null":  {`{"keyId":"k1","created":1636044729,"secret":null}`, "k1", "", false},
		"with an odd secret":     {`{"secret":17,"keyId":"k1","created":1636044729}`, "k1", "", false},
		"without the id":         {`{"created":1636044729,"secret":"s3cr3t"}`, "", "", false},
		"with an odd id":         {`{"keyId":17,"secret":"s3cr3t"}`, "", "", false},
		"with nothing in it":     {`{}`, "", "", false},
		"with nothing at all":    {`null`, "", "", false},
		"with a list":            {`[]`, "", "", false},
		"with a page in between": {page, "", "", false},
		"cut":                    {`{"keyId":"k1","secr`, "", "", false},
	} {
		s := serve(t, map[string][]answer{"POST " + keys: {{201, test.body}}})
		key, err := s.client().CreateKey(t.Context(), "", "sa1")
		if test.whole != (err == nil) || strings.Contains(errorText(err), "s3cr3t") {
			t.Errorf("%s: %v", name, err)
		}
		if (key != nil) != (test.id != "") || key != nil && (key.ID != test.id || key.Secret != test.secret) {
			t.Errorf("%s: got %+v", name, key)
		}
		if sent := s.Requests("POST " + keys); len(sent) != 1 || sent[0].Body != `{}` || sent[0].ContentType != "application/json" {
			t.Errorf("%s: sent %+v", name, sent)
		}
	}
}

func TestACreatedAccountIsNeverLost(t *testing.T) {
	t.Parallel()
	var incomplete *rest.IncompleteError
	for name, test := range map[string]struct {
		body, id string
		whole    bool
	}{
		"as it should be":    {accountJSON, "sa1", true},
		"with the id alone":  {`{"id":"sa1"}`, "sa1", true},
		"with an odd moment": {`{"id":"sa1","created":"today"}`, "sa1", false},
		"with odd keys":      {`{"keys":"none","id":"sa1","name":"ci"}`, "sa1", false},
		"with an odd name":   {`{"name":17,"id":"sa1"}`, "sa1", false},
		"without the id":     {`{"name":"ci"}`, "", false},
		"with nothing in it": {`null`, "", false},
	} {
		s := serve(t, map[string][]answer{"POST " + list: {{201, test.body}}})
		made, err := s.client().CreateServiceAccount(t.Context(), "", neowitapi.ServiceAccountFields{Name: "ci"})
		if test.whole != (err == nil) || !test.whole && !errors.As(err, &incomplete) || (made != nil) != (test.id != "") || made != nil && made.ID != test.id {
			t.Errorf("%s: got %+v, %v", name, made, err)
		}
		if sent := s.Requests("POST " + list); len(sent) != 1 || sent[0].Body != `{"name":"ci","enableBasicAuth":false}` {
			t.Errorf("%s: sent %+v", name, sent)
		}
	}
}

// A second account or key would be nobody's.
func TestCreatesAreNotRepeatedBlindly(t *testing.T) {
	t.Parallel()
	for _, status := range []int{500, 502, 503, 504} {
		s := serve(t, map[string][]answer{"POST " + keys: {{status, `{"reason":"internal"}`}}, "POST " + list: {{status, `{"reason":"internal"}`}}})
		config := s.config()
		config.HTTP.MaxRetries = 3
		client := newClient(t, config)
		_, keyErr := client.CreateKey(t.Context(), "", "sa1")
		_, accountErr := client.CreateServiceAccount(t.Context(), "", wanted)
		if keyErr == nil || accountErr == nil || len(s.Requests("POST "+keys)) != 1 || len(s.Requests("POST "+list)) != 1 {
			t.Errorf("status %d: sent %d and %d times: %v, %v", status, len(s.Requests("POST "+keys)), len(s.Requests("POST "+list)), keyErr, accountErr)
		}
	}
}

// The client knows a secret from when it was made, and keeps it out of every later error.
func TestANewSecretIsMasked(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string][]answer{
		"POST " + keys:           {{201, `{"keyId":"k1","created":1,"secret":"s3cr3t"}`}},
		"DELETE " + keys + "/k1": {{400, `{"reason":"cannot delete s3cr3t"}`}},
	})
	client := s.client()
	if _, err := client.CreateKey(t.Context(), "", "sa1"); err != nil {
		t.Fatal(err)
	}
	if err := client.DeleteKey(t.Context(), "", "sa1", "k1"); err == nil || !strings.HasSuffix(err.Error(), "cannot delete (secret)") {
		t.Errorf("%v", err)
	}
}
