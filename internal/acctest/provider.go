package acctest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/machineid/terraform-provider-machineid/internal/provider"
	"github.com/machineid/terraform-provider-machineid/internal/serve"
)

// Provider returns the provider's protocol server. It sees the variables of env and nothing of the process'
// environment.
func Provider(env map[string]string) func() (tfprotov6.ProviderServer, error) {
	return ProviderAt(env, time.Now)
}

// ProviderAt is [Provider] with a clock.
func ProviderAt(env map[string]string, now func() time.Time) func() (tfprotov6.ProviderServer, error) {
	getenv := func(name string) string { return env[name] }
	return func() (tfprotov6.ProviderServer, error) {
		return orGossip(serve.Server(provider.NewAt("test", getenv, now)()), env), nil
	}
}

// Test runs steps through the Terraform CLI, in parallel with other tests. After each apply the plan must be empty and
// show no drift, which the framework and [ExpectNoDrift] see to.
func Test(t *testing.T, env map[string]string, steps ...resource.TestStep) {
	t.Helper()
	t.Parallel()
	requireCLI(t)
	for i, step := range steps {
		if step.ExpectError != nil || step.ImportState || step.PlanOnly || step.ExpectNonEmptyPlan || step.RefreshState {
			continue
		}
		steps[i].ConfigPlanChecks.PostApplyPostRefresh = append(step.ConfigPlanChecks.PostApplyPostRefresh, ExpectNoDrift())
	}
	resource.Test(t, resource.TestCase{
		IsUnitTest:               true, // needs no account, so it never waits to be asked for
		ProtoV6ProviderFactories: map[string]func() (tfprotov6.ProviderServer, error){"machineid": Provider(env)},
		Steps:                    steps,
	})
}

// ExpectNoDrift fails if the refresh that comes with a plan finds any value changed.
func ExpectNoDrift() plancheck.PlanCheck { return expectNoDrift{} }

type expectNoDrift struct{}

// CheckPlan implements [plancheck.PlanCheck].
func (expectNoDrift) CheckPlan(_ context.Context, req plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse) {
	for _, drift := range req.Plan.ResourceDrift {
		resp.Error = errors.Join(resp.Error, errors.New("drift right after apply: "+drift.Address))
	}
}
