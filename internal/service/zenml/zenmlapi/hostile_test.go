package zenmlapi_test

import (
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/rest/resttest"
	"github.com/machineid/terraform-provider-machineid/internal/service/zenml/zenmlapi"
)

// A list in which each page names another is given up at some time.
func TestListsWithoutEnd(t *testing.T) {
	t.Parallel()
	server := resttest.NewEndless(t, "", `{"total_pages":1000000000,"items":[],"page":%d}`)
	client, err := zenmlapi.New(zenmlapi.Config{ServerURL: server.URL, Login: zenmlapi.Login{APIToken: "the-token"}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.ServiceAccounts(t.Context(), zenmlapi.ListOptions{})
	server.MustBeGivenUp(t, err)
}
