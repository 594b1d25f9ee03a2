package service_test

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/machineid/terraform-provider-machineid/internal/service"
)

type (
	oneClient   struct{ name string }
	otherClient struct{}
)

func TestEachTypeGetsItsOwnWingsClient(t *testing.T) {
	t.Parallel()
	missing := diag.Diagnostics{diag.NewErrorDiagnostic("not configured", "set this")}
	tests := map[string]struct {
		data        any
		atConfigure int // errors when the type is configured, which is at plan
		granted     bool
		atUse       int // errors when it asks for its client
	}{
		"granted":                        {service.Accesses{service.Refused[*otherClient](missing), service.Granted(&oneClient{"mine"})}, 0, true, 0},
		"refused":                        {service.Accesses{service.Refused[*oneClient](missing)}, 1, false, 1},
		"undecided":                      {service.Accesses{service.Undecided[*oneClient](missing)}, 0, false, 1},
		"only another wing":              {service.Accesses{service.Granted(&otherClient{})}, 0, false, 1},
		"the provider is not set up yet": {nil, 0, false, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var subject service.Resource[*oneClient]
			var resp resource.ConfigureResponse
			subject.Configure(context.Background(), resource.ConfigureRequest{ProviderData: test.data}, &resp)
			if resp.Diagnostics.ErrorsCount() != test.atConfigure {
				t.Errorf("at configure: %v", resp.Diagnostics)
			}
			var diags diag.Diagnostics
			client, ok := subject.Client(&diags)
			if ok != test.granted || diags.ErrorsCount() != test.atUse || ok && client.name != "mine" {
				t.Errorf("at use: %v %t %v", client, ok, diags)
			}
		})
	}
}
