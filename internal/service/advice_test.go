package service_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
	"github.com/machineid/terraform-provider-machineid/internal/service"
)

// The wait that a system asks for is told if it asks for one, and what to do either way.
func TestAdviceAboutTooManyRequests(t *testing.T) {
	t.Parallel()
	for wait, want := range map[time.Duration]string{
		0:               "Too many requests were sent. Lower -parallelism, or run again later.",
		time.Second:     "Too many requests were sent. The system asks to wait 1s. Lower -parallelism, or run again later.",
		2 * time.Minute: "Too many requests were sent. The system asks to wait 2m0s. Lower -parallelism, or run again later.",
	} {
		told := service.Failure{
			Operation: "create", Noun: "Vendor key", Err: &rest.Error{System: "Vendor", Method: http.MethodPost, Status: http.StatusTooManyRequests, RetryAfter: wait},
		}.Diagnostic().Detail()
		paragraphs := strings.Split(told, "\n\n")
		if last := paragraphs[len(paragraphs)-1]; last != want {
			t.Errorf("after a wait of %s the advice is %q, want %q", wait, last, want)
		}
	}
}
