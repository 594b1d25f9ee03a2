package dtapi_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
	"github.com/machineid/terraform-provider-machineid/internal/service/dt/dtapi"
)

const keyJSON = `{"name":"` + account + `/keys/k1","id":"k1","createTime":"2021-03-11T09:39:56.015971Z"}`

// What exists on the server must not be lost because something else in the answer is odd.
func TestACreatedKeyIsNeverLost(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		body, wantName, wantSecret string
		whole                      bool
	}{
		"as it should be":      {`{"key":` + keyJSON + `,"secret":"s3cr3t"}`, account + "/keys/k1", "s3cr3t", true},
		"with an odd time":     {`{"key":{"name":"` + account + `/keys/k1","id":"k1","createTime":17},"secret":"s3cr3t"}`, account + "/keys/k1", "s3cr3t", false},
		"with an odd id":       {`{"key":{"id":17,"name":"` + account + `/keys/k1"},"secret":"s3cr3t"}`, account + "/keys/k1", "s3cr3t", false},
		"without the name":     {`{"key":{"id":"k1"},"secret":"s3cr3t"}`, account + "/keys/k1", "s3cr3t", false},
		"without the secret":   {`{"key":` + keyJSON + `}`, account + "/keys/k1", "", false},
		"with an odd secret":   {`{"key":` + keyJSON + `,"secret":17}`, account + "/keys/k1", "", false},
		"with nothing in it":   {`{}`, "", "", false},
		"with an odd envelope": {`{"key":"k1","secret":"s3cr3t"}`, "", "", false},
	} {
		s := serve(t, map[string][]answer{"POST /v2/" + account + "/keys": {{200, test.body}}})
		key, err := s.client().CreateKey(context.Background(), account)
		if test.whole != (err == nil) || strings.Contains(errorText(err), "s3cr3t") {
			t.Errorf("%s: %v", name, err)
		}
		if test.wantName == "" {
			if key != nil {
				t.Errorf("%s: got %+v", name, key)
			}
			continue
		}
		if key == nil || key.Name != test.wantName || key.Secret != test.wantSecret {
			t.Errorf("%s: got %+v", name, key)
		}
		if body := s.Requests("POST /v2/" + account + "/keys")[0].Body; body != "" {
			t.Errorf("a key was asked for with %q", body)
		}
	}
}

func TestACreatedAccountOrMemberIsNeverLost(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string][]answer{
		"POST /v2/projects/p1/serviceaccounts": {{200, `{"name":"` + account + `","email":17}`}, {200, `{"name":"` + account + `"}`}, {200, `{}`}},
		"POST /v2/projects/p1/members": {
			{200, `{"name":"projects/p1/members/sa1","roles":"odd"}`},
			{200, `{"name":"projects/p1/members/sa1","email":"a@b","roles":["roles/project.user"],"createTime":null}`},
			{200, `{}`},
		},
	})
	client, ctx := s.client(), context.Background()
	for range 2 {
		made, err := client.CreateServiceAccount(ctx, project, dtapi.ServiceAccountCreate{})
		if made == nil || made.Name != account || err == nil {
			t.Errorf("account %+v, %v", made, err)
		}
	}
	if made, err := client.CreateServiceAccount(ctx, project, dtapi.ServiceAccountCreate{}); made != nil || err == nil {
		t.Errorf("account %+v, %v", made, err)
	}
	for _, whole := range []bool{false, true} {
		made, err := client.CreateMember(ctx, project, "a@b", "roles/project.user")
		if made == nil || made.Name != "projects/p1/members/sa1" || (err == nil) != whole {
			t.Errorf("member %+v, %v", made, err)
		}
	}
	if made, err := client.CreateMember(ctx, project, "a@b", "roles/project.user"); made != nil || err == nil {
		t.Errorf("member %+v, %v", made, err)
	}
}

func TestCreatesAreNotRepeatedBlindly(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string][]answer{"POST /v2/" + account + "/keys": {{500, `{"error":"internal","code":500}`}}})
	config := s.config()
	config.HTTP.MaxRetries = 3
	if _, err := newClient(t, config).CreateKey(context.Background(), account); err == nil {
		t.Error("no error")
	}
	if sent := len(s.Requests("POST /v2/" + account + "/keys")); sent != 1 {
		t.Errorf("sent %d times", sent)
	}
}

func TestTheKeyLimit(t *testing.T) {
	t.Parallel()
	full := `{"keys":[` + strings.TrimSuffix(strings.Repeat(keyJSON+",", dtapi.MaxKeys), ",") + `],"nextPageToken":""}`
	for _, status := range []int{400, 409, 429} {
		s := serve(t, map[string][]answer{
			"POST /v2/" + account + "/keys": {{status, `{"error":"too many keys","code":0}`}},
			"GET /v2/" + account + "/keys":  {{200, full}},
		})
		_, err := s.client().CreateKey(context.Background(), account)
		limit, full := dtapi.AsKeyLimit(err)
		if !full || len(limit.Keys) != dtapi.MaxKeys || len(s.Requests("POST /v2/"+account+"/keys")) != 1 {
			t.Errorf("status %d: %v", status, err)
		}
	}
	s := serve(t, map[string][]answer{
		"POST /v2/" + account + "/keys": {{400, `{"error":"invalid argument","code":400}`}},
		"GET /v2/" + account + "/keys":  {{200, `{"keys":[` + keyJSON + `],"nextPageToken":""}`}},
	})
	if _, err := s.client().CreateKey(context.Background(), account); err == nil || isKeyLimit(err) {
		t.Errorf("an account with one key: %v", err)
	}
}

func TestAMemberWhoIsThereAlready(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string][]answer{
		"POST /v2/projects/p1/members": {{409, `{"error":"already exists","code":409}`}},
		"GET /v2/projects/p1/members":  {{200, `{"members":[{"name":"projects/p1/members/9","email":"Ada@example.com","roles":["roles/project.admin"]}],"nextPageToken":""}`}},
	})
	_, err := s.client().CreateMember(context.Background(), project, "ada@EXAMPLE.com", "roles/project.user")
	exists, ok := dtapi.AsMemberExists(err)
	if !ok || exists.Member.Name != "projects/p1/members/9" || len(s.Requests("POST /v2/projects/p1/members")) != 1 {
		t.Errorf("%v", err)
	}
	var incomplete *rest.IncompleteError
	if errors.As(err, &incomplete) {
		t.Errorf("taken for an odd answer: %v", err)
	}
}

func isKeyLimit(err error) bool {
	_, full := dtapi.AsKeyLimit(err)
	return full
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// A 409 on a concurrent change is read again and sent again, unless what is wanted is there already.
func TestConcurrentChanges(t *testing.T) {
	t.Parallel()
	const conflict = `{"error":"aborted","code":409}`
	name := "other"
	t.Run("is sent again", func(t *testing.T) {
		t.Parallel()
		s := serve(t, map[string][]answer{
			"PATCH /v2/" + account: {{409, conflict}, {200, accountJSON}},
			"GET /v2/" + account:   {{200, accountJSON}},
		})
		err := s.client().UpdateServiceAccount(context.Background(), account, time.Time{}, dtapi.ServiceAccountUpdate{DisplayName: &name})
		if err != nil || len(s.Requests("PATCH /v2/"+account)) != 2 || len(s.Requests("GET /v2/"+account)) != 1 {
			t.Errorf("%d updates, %v", len(s.Requests("PATCH /v2/"+account)), err)
		}
	})
	t.Run("is there already", func(t *testing.T) {
		t.Parallel()
		s := serve(t, map[string][]answer{
			"PATCH /v2/" + account: {{409, conflict}},
			"GET /v2/" + account:   {{200, strings.Replace(accountJSON, `"ci"`, `"other"`, 1)}},
		})
		err := s.client().UpdateServiceAccount(context.Background(), account, time.Time{}, dtapi.ServiceAccountUpdate{DisplayName: &name})
		if err != nil || len(s.Requests("PATCH /v2/"+account)) != 1 {
			t.Errorf("%d updates, %v", len(s.Requests("PATCH /v2/"+account)), err)
		}
	})
	t.Run("is there already, of a member", func(t *testing.T) {
		t.Parallel()
		s := serve(t, map[string][]answer{
			"PATCH /v2/projects/p1/members/9": {{409, conflict}},
			"GET /v2/projects/p1/members/9":   {{200, `{"name":"projects/p1/members/9","roles":["roles/project.admin"]}`}},
		})
		err := s.client().UpdateMember(context.Background(), "projects/p1/members/9", time.Time{}, "roles/project.admin")
		if err != nil || len(s.Requests("PATCH /v2/projects/p1/members/9")) != 1 {
			t.Errorf("%d updates, %v", len(s.Requests("PATCH /v2/projects/p1/members/9")), err)
		}
	})
	t.Run("ends with the context", func(t *testing.T) {
		t.Parallel()
		s := serve(t, map[string][]answer{"DELETE /v2/" + account: {{409, conflict}}})
		ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
		defer cancel()
		err := s.client().DeleteServiceAccount(ctx, account, time.Time{})
		if !dtapi.IsConflict(err) || len(s.Requests("DELETE /v2/"+account)) != 1 {
			t.Errorf("%v", err)
		}
	})
}

// Right after its creation a 404 may only mean that an object is not visible yet; later it is believed.
func TestA404RightAfterTheCreation(t *testing.T) {
	t.Parallel()
	const missing = `{"error":"not found","code":404}`
	route := "GET /v2/" + account
	for name, test := range map[string]struct {
		created  time.Time
		requests int
		found    bool
	}{
		"of unknown age": {time.Time{}, 1, false},
		"old":            {time.Now().Add(-time.Minute), 1, false},
		"just made":      {time.Now(), 2, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string][]answer{route: {{404, missing}, {200, accountJSON}}})
			_, err := s.client().ServiceAccount(context.Background(), account, test.created)
			if (err == nil) != test.found || len(s.Requests(route)) != test.requests {
				t.Errorf("%d requests, %v", len(s.Requests(route)), err)
			}
		})
	}
	t.Run("a delete of a member", func(t *testing.T) {
		t.Parallel()
		s := serve(t, map[string][]answer{"DELETE /v2/projects/p1/members/9": {{404, missing}, {200, `{}`}}})
		if err := s.client().DeleteMember(context.Background(), "projects/p1/members/9", time.Now()); err != nil {
			t.Error(err)
		}
	})
	t.Run("a delete", func(t *testing.T) {
		t.Parallel()
		s := serve(t, map[string][]answer{"DELETE /v2/" + account: {{404, missing}, {200, `{}`}}})
		if err := s.client().DeleteServiceAccount(context.Background(), account, time.Now()); err != nil {
			t.Error(err)
		}
	})
	t.Run("an account that another call needs", func(t *testing.T) {
		t.Parallel()
		s := serve(t, map[string][]answer{
			"POST /v2/projects/p1/serviceaccounts": {{200, strings.Replace(accountJSON, "2021-03-11T09:39:56.015971Z", time.Now().UTC().Format(time.RFC3339Nano), 1)}},
			"GET /v2/" + account + "/keys":         {{404, missing}, {200, `{"keys":[],"nextPageToken":""}`}},
			"POST /v2/projects/p1/members": {
				{400, `{"error":"unknown e-mail","code":400}`},
				{200, `{"name":"projects/p1/members/sa1","email":"sa1@p1.serviceaccount.d21s.com","roles":["roles/project.user"]}`},
				{400, `{"error":"unknown e-mail","code":400}`},
			},
		})
		client, ctx := s.client(), context.Background()
		if _, err := client.CreateServiceAccount(ctx, project, dtapi.ServiceAccountCreate{}); err != nil {
			t.Fatal(err)
		}
		if _, err := client.CreateMember(ctx, project, "SA1@p1.serviceaccount.d21s.com", "roles/project.user"); err != nil {
			t.Error(err)
		}
		if _, err := client.CreateMember(ctx, project, "sa2@p1.serviceaccount.d21s.com", "roles/project.user"); err == nil || len(s.Requests("POST /v2/projects/p1/members")) != 3 {
			t.Errorf("an address that this client did not make: %v", err)
		}
		if _, err := client.Keys(ctx, account); err != nil {
			t.Errorf("a list of its keys: %v", err)
		}
	})
}

// A create that was turned away has made nothing, so it is sent again where the reason passes by itself.
func TestCreatesThatAreTurnedAwayAtFirst(t *testing.T) {
	t.Parallel()
	const memberJSON = `{"name":"projects/p1/members/9","email":"a@b","roles":["roles/project.user"]}`
	ctx := context.Background()
	for route, test := range map[string]struct {
		answer string
		create func(*dtapi.Client) error
	}{
		"POST /v2/projects/p1/serviceaccounts": {accountJSON, func(client *dtapi.Client) error {
			_, err := client.CreateServiceAccount(ctx, project, dtapi.ServiceAccountCreate{})
			return err
		}},
		"POST /v2/" + account + "/keys": {`{"key":` + keyJSON + `,"secret":"s3cr3t"}`, func(client *dtapi.Client) error {
			_, err := client.CreateKey(ctx, account)
			return err
		}},
		"POST /v2/projects/p1/members": {memberJSON, func(client *dtapi.Client) error {
			_, err := client.CreateMember(ctx, project, "a@b", "roles/project.user")
			return err
		}},
	} {
		for status, refusal := range map[int]string{404: `{"error":"not found","code":404}`, 409: `{"error":"aborted","code":409}`} {
			t.Run(fmt.Sprintf("%s %d", route, status), func(t *testing.T) {
				t.Parallel()
				s := serve(t, map[string][]answer{
					route:                          {{status, refusal}, {200, test.answer}},
					"GET /v2/projects/p1/members":  {{200, `{"members":[],"nextPageToken":""}`}},
					"GET /v2/" + account + "/keys": {{200, `{"keys":[],"nextPageToken":""}`}},
				})
				if err := test.create(s.client()); err != nil || len(s.Requests(route)) != 2 {
					t.Errorf("sent %d times: %v", len(s.Requests(route)), err)
				}
			})
		}
	}
}

// The client knows a secret from when it was made, and keeps it out of every later error.
func TestANewSecretIsMasked(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string][]answer{
		"POST /v2/" + account + "/keys": {{200, `{"key":` + keyJSON + `,"secret":"s3cr3t"}`}},
		"GET /v2/" + account + "/keys":  {{400, `{"error":"cannot read s3cr3t","code":400}`}},
	})
	client := s.client()
	if _, err := client.CreateKey(context.Background(), account); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Keys(context.Background(), account); err == nil || !strings.HasSuffix(err.Error(), "cannot read (secret)") {
		t.Errorf("%v", err)
	}
}
