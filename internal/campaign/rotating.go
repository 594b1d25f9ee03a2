package campaign

import (
	"fmt"
	"time"
)

var thirdQuarter = map[string]string{"quarter": "3"}

// What every rotating credential is configured with.
const (
	rotateAfter = "30d"
	overlap     = "7d"
	overlapTime = 7 * 24 * time.Hour
)

// rotatingBlock is a rotating credential, with the arguments that only its own system has.
func rotatingBlock(typeName string, own map[string]any) Block {
	block := Block{Type: typeName, Label: leafLabel, Arguments: own}
	return block.With("rotate_after", rotateAfter).With("overlap", overlap).With("rotate_when_changed", firstQuarter)
}

// rotatingSteps are those of a rotating credential: it turns once, so that it holds two, and again, which ends the older one
// early; then the older one comes to its end.
func rotatingSteps(parent, leaf, changed Block) []Step {
	turned := changed.With("rotate_when_changed", secondQuarter)
	rotated := changed.With("rotate_when_changed", thirdQuarter)
	blocks := func(leaf Block) []Block { return []Block{parent, leaf} }
	return []Step{
		{Name: "create", Blocks: blocks(leaf)},
		{Name: "refresh", Blocks: blocks(leaf)},
		{Name: "update", Blocks: blocks(changed)},
		{Name: "turn", Blocks: blocks(turned)},
		{Name: "rotate", Blocks: blocks(rotated)},
		{Name: "retire", Blocks: blocks(rotated), Later: overlapTime + time.Hour},
		{Name: "import", Blocks: blocks(rotated), Import: true},
		{Name: "destroy"},
	}
}

func rotatingLifecycles() []Lifecycle {
	zenmlAccount := Block{Type: "machineid_zenml_service_account", Label: accountLabel, Arguments: map[string]any{"name": "ci"}}
	zenmlKey := rotatingBlock("machineid_zenml_rotating_api_key", map[string]any{"service_account_id": accountReference("id"), "name": "turning"})
	neowitAccount := Block{Type: "machineid_neowit_service_account", Label: accountLabel, Arguments: map[string]any{"name": "ci"}}
	neowitKey := rotatingBlock("machineid_neowit_service_account_rotating_key", map[string]any{"service_account_id": accountReference("id")})
	keycardAccount := Block{Type: "machineid_keycard_service_account", Label: accountLabel, Arguments: map[string]any{"name": "ci"}}
	keycardKey := rotatingBlock("machineid_keycard_service_account_rotating_credential", map[string]any{"service_account_id": accountReference("id"), "name": "turning"})
	dtKey := rotatingBlock("machineid_dt_service_account_rotating_key", map[string]any{"service_account": accountReference("name")})
	return []Lifecycle{
		{
			System: "zenml", Noun: "rotating_api_key",
			Steps: func(map[string]string) []Step {
				return rotatingSteps(zenmlAccount, zenmlKey, zenmlKey.With("description", "changed"))
			},
			ImportID: func(leaf map[string]any) string {
				return fmt.Sprintf("%s/%s", leaf["service_account_id"], currentID(leaf))
			},
		},
		{
			System: "dt", Noun: "service_account_rotating_key",
			Steps: func(env map[string]string) []Step {
				account := Block{Type: "machineid_dt_service_account", Label: accountLabel, Arguments: map[string]any{"project": env["TF_VAR_dt_project"]}}
				return rotatingSteps(account, dtKey, dtKey.With("rotate_after", "60d"))
			},
			ImportID: func(leaf map[string]any) string {
				return fmt.Sprintf("%s/keys/%s", leaf["service_account"], currentID(leaf))
			},
		},
		{
			System: "neowit", Noun: "service_account_rotating_key",
			Steps: func(map[string]string) []Step {
				return rotatingSteps(neowitAccount, neowitKey, neowitKey.With("rotate_after", "60d"))
			},
			ImportID: func(leaf map[string]any) string {
				return fmt.Sprintf("%s/%s", leaf["service_account_id"], currentID(leaf))
			},
		},
		{
			System: "keycard", Noun: "service_account_rotating_credential",
			Steps: func(map[string]string) []Step {
				return rotatingSteps(keycardAccount, keycardKey, keycardKey.With("description", "changed"))
			},
			ImportID: func(leaf map[string]any) string {
				return fmt.Sprintf("organizations/%s/service-accounts/%s/credentials/%s", leaf["organization_id"], leaf["service_account_id"], currentID(leaf))
			},
		},
	}
}

func currentID(leaf map[string]any) any {
	current, _ := leaf["current"].(map[string]any)
	return current["id"]
}
