package dtapi

import "context"

// Role is a named set of permissions.
type Role struct {
	// Name is roles/<id>, for example roles/project.user.
	Name        string   `json:"name"`
	DisplayName string   `json:"displayName"`
	Description string   `json:"description"`
	Permissions []string `json:"permissions"`
}

func (r Role) nameProblem() string { return nameProblem(r.Name, "roles") }

// Roles lists all roles that there are.
func (c *Client) Roles(ctx context.Context) ([]Role, error) {
	return all[Role](ctx, c, path("roles"), "roles")
}
