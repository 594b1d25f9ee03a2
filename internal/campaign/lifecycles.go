package campaign

import "fmt"

func accountReference(attribute string) Reference {
	return Reference{Label: accountLabel, Attribute: attribute}
}

var (
	firstQuarter  = map[string]string{"quarter": "1"}
	secondQuarter = map[string]string{"quarter": "2"}
)

func zenmlLifecycles() []Lifecycle {
	account := Block{Type: "machineid_zenml_service_account", Label: accountLabel, Arguments: map[string]any{"name": "ci"}}
	key := Block{Type: "machineid_zenml_api_key", Label: leafLabel, Arguments: map[string]any{
		"service_account_id": accountReference("id"), "name": "first", "rotate_when_changed": firstQuarter, "keep_if_used_within": "1m",
	}}
	return []Lifecycle{
		{
			System: "zenml", Noun: "service_account", Steps: accountSteps(account, "description", "changed"),
			ImportID: attribute("id"),
		},
		{
			System: "zenml", Noun: "api_key", Steps: func(map[string]string) []Step {
				changed := key.With("description", "changed")
				rotated := changed.With("rotate_when_changed", secondQuarter)
				return steps(&account, &key, &changed, &rotated)
			},
			ImportID: func(leaf map[string]any) string { return fmt.Sprintf("%s/%s", leaf["service_account_id"], leaf["id"]) },
		},
	}
}

func dtLifecycles() []Lifecycle {
	account := func(env map[string]string) Block {
		return Block{Type: "machineid_dt_service_account", Label: accountLabel, Arguments: map[string]any{
			"project": env["TF_VAR_dt_project"], "display_name": "ci",
		}}
	}
	return []Lifecycle{
		{
			System: "dt", Noun: "service_account", ImportID: attribute("name"),
			Steps: func(env map[string]string) []Step {
				return accountSteps(account(env), "display_name", "changed")(env)
			},
		},
		{
			System: "dt", Noun: "service_account_key", ImportID: attribute("name"),
			Steps: func(env map[string]string) []Step {
				parent := account(env)
				key := Block{Type: "machineid_dt_service_account_key", Label: leafLabel, Arguments: map[string]any{
					"service_account": accountReference("name"), "verify_on_refresh": true,
				}}
				// What can change in place is this alone: it comes, and nothing is sent.
				changed := key.With("rotate_when_changed", firstQuarter)
				rotated := key.With("rotate_when_changed", secondQuarter)
				return steps(&parent, &key, &changed, &rotated)
			},
		},
		{
			System: "dt", Noun: "project_member", ImportID: attribute("name"),
			Steps: func(env map[string]string) []Step {
				parent := account(env)
				member := Block{Type: "machineid_dt_project_member", Label: leafLabel, Arguments: map[string]any{
					"project": env["TF_VAR_dt_other_project"], "email": accountReference("email"), "role": "roles/project.user",
				}}
				changed := member.With("role", "roles/project.developer")
				return steps(&parent, &member, &changed, nil)
			},
		},
		{
			System: "dt", Noun: "organization_member", ImportID: attribute("name"),
			Steps: func(env map[string]string) []Step {
				parent := account(env)
				// There is but one role, so nothing of a member can change in place.
				member := Block{Type: "machineid_dt_organization_member", Label: leafLabel, Arguments: map[string]any{
					"organization": env["TF_VAR_dt_organization"], "email": accountReference("email"), "role": "roles/organization.admin",
				}}
				return steps(&parent, &member, &member, nil)
			},
		},
	}
}

func neowitLifecycles() []Lifecycle {
	account := Block{Type: "machineid_neowit_service_account", Label: accountLabel, Arguments: map[string]any{"name": "ci"}}
	key := Block{Type: "machineid_neowit_service_account_key", Label: leafLabel, Arguments: map[string]any{
		"service_account_id": accountReference("id"), "verify_on_refresh": true,
	}}
	return []Lifecycle{
		{
			System: "neowit", Noun: "service_account", Steps: accountSteps(account, "enable_basic_auth", true),
			ImportID: attribute("id"),
		},
		{
			System: "neowit", Noun: "service_account_key",
			Steps: func(map[string]string) []Step {
				changed := key.With("rotate_when_changed", firstQuarter)
				rotated := key.With("rotate_when_changed", secondQuarter)
				return steps(&account, &key, &changed, &rotated)
			},
			ImportID: func(leaf map[string]any) string {
				return fmt.Sprintf("%s/%s", leaf["service_account_id"], leaf["key_id"])
			},
		},
	}
}

func keycardLifecycles() []Lifecycle {
	account := Block{Type: "machineid_keycard_service_account", Label: accountLabel, Arguments: map[string]any{"name": "ci"}}
	key := Block{Type: "machineid_keycard_service_account_credential", Label: leafLabel, Arguments: map[string]any{
		"service_account_id": accountReference("id"), "name": "first", "rotate_when_changed": firstQuarter, "keep_if_used_within": "1m",
	}}
	return []Lifecycle{
		{
			System: "keycard", Noun: "service_account", Steps: accountSteps(account, "description", "changed"),
			ImportID: func(leaf map[string]any) string {
				return fmt.Sprintf("organizations/%s/service-accounts/%s", leaf["organization_id"], leaf["id"])
			},
		},
		{
			System: "keycard", Noun: "service_account_credential",
			Steps: func(map[string]string) []Step {
				changed := key.With("description", "changed")
				rotated := changed.With("rotate_when_changed", secondQuarter)
				return steps(&account, &key, &changed, &rotated)
			},
			ImportID: func(leaf map[string]any) string {
				return fmt.Sprintf("organizations/%s/service-accounts/%s/credentials/%s", leaf["organization_id"],
					leaf["service_account_id"], leaf["id"])
			},
		},
	}
}

// accountSteps are those of an account, which is the leaf of its own lifecycle.
func accountSteps(account Block, changes string, to any) func(map[string]string) []Step {
	return func(map[string]string) []Step {
		leaf := account
		leaf.Label = leafLabel
		changed := leaf.With(changes, to)
		return steps(nil, &leaf, &changed, nil)
	}
}

// attribute takes the import id from one attribute.
func attribute(name string) func(map[string]any) string {
	return func(leaf map[string]any) string { return fmt.Sprint(leaf[name]) }
}
