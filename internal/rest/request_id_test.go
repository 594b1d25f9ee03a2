package rest_test

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

const idHeader = "X-Client-Request-ID"

func TestEachAttemptCarriesAnIDOfItsOwn(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var ids []string
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		ids = append(ids, r.Header.Get(idHeader))
		w.Header().Set("X-Request-Id", "the-servers-own")
		answer(http.StatusServiceUnavailable, ``)(w, r)
	}, func(config *rest.Config) {
		config.RequestIDHeader = idHeader
		config.MaxRetries = 1
	})
	var log bytes.Buffer
	_, err := rest.Get[thing](tflogtest.RootLogger(t.Context(), &log), c, []string{"things"}, nil)
	failed, ok := rest.AsError(err)
	if !ok || len(ids) != 2 {
		t.Fatalf("%d requests ended in %v", len(ids), err)
	}
	for _, id := range ids {
		if uuid.Validate(id) != nil {
			t.Errorf("an attempt carried %q, which is no UUID", id)
		}
		if !strings.Contains(log.String(), `"request_id":"`+id+`"`) {
			t.Errorf("the log lacks the id %s:\n%s", id, log.String())
		}
	}
	if ids[0] == ids[1] {
		t.Error("two attempts carried the same id")
	}
	if failed.RequestID != ids[1] {
		t.Errorf("the error tells %q, the latest attempt carried %q", failed.RequestID, ids[1])
	}
}

func TestAnIDIsToldWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	c := client(t, server.URL, func(config *rest.Config) { config.RequestIDHeader = idHeader })
	_, err := rest.Get[thing](t.Context(), c, []string{"things"}, nil)
	if failed, ok := rest.AsError(err); !ok || uuid.Validate(failed.RequestID) != nil {
		t.Errorf("the error tells no id: %#v", err)
	}
}

// What is wrong with an answer may be seen only after it was read. Support needs the request all the same.
func TestAnIncompleteAnswerTellsItsRequest(t *testing.T) {
	t.Parallel()
	var id string
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		id = r.Header.Get(idHeader)
		answer(http.StatusCreated, `{}`)(w, r)
	}, func(config *rest.Config) { config.RequestIDHeader = idHeader })
	var answered rest.Answered
	request := creation
	request.Answered = &answered
	if _, err := rest.Create(t.Context(), c, request); err != nil {
		t.Fatal(err)
	}
	var incomplete *rest.IncompleteError
	err := answered.Of(fmt.Errorf("creating: %w", &rest.IncompleteError{System: "Vendor", Noun: "thing", Missing: "id"}))
	if !errors.As(err, &incomplete) || incomplete.Answered.RequestID != id || incomplete.Answered.Method != http.MethodPost || !strings.HasSuffix(incomplete.Answered.URL, "/things") {
		t.Errorf("%#v", err)
	}
	other := errors.New("something else")
	if !errors.Is(answered.Of(other), other) {
		t.Error("another error was changed")
	}
	unusable, ok := rest.AsError(answered.Unusable("Vendor", "it holds no token"))
	if !ok || unusable.RequestID != id || unusable.Status != http.StatusCreated || !strings.HasSuffix(unusable.Error(), "/things: status 201 Created: it holds no token") {
		t.Errorf("%+v", unusable)
	}
}
