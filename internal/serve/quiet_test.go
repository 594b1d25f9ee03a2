package serve_test

import (
	"maps"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/serve"
)

func TestQuiet(t *testing.T) {
	t.Parallel()
	silent := map[string]string{
		"TF_LOG_SDK": "OFF", "TF_LOG_SDK_PROTO": "OFF", "TF_LOG_SDK_FRAMEWORK": "OFF", "TF_LOG_PROVIDER_MACHINEID": "OFF",
	}
	for name, test := range map[string]struct{ set, want map[string]string }{
		"nobody listens":          {nil, silent},
		"Terraform's log":         {map[string]string{"TF_LOG": "INFO"}, nil},
		"the providers' log":      {map[string]string{"TF_LOG_PROVIDER": "DEBUG"}, nil},
		"only the log of its own": {map[string]string{"TF_LOG_CORE": "TRACE"}, silent},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			set := map[string]string{}
			err := serve.Quiet(func(name string) string { return test.set[name] }, func(name, value string) error {
				set[name] = value
				return nil
			})
			if err != nil || !maps.Equal(set, test.want) {
				t.Errorf("%v sets %v (%v), want %v", test.set, set, err, test.want)
			}
		})
	}
}
