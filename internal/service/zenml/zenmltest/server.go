package zenmltest

import "net/http"

// wireInfo describes the server. The members after LastUserActivity are for ZenML Pro and stay null.
type wireInfo struct {
	ID                  string         `json:"id"`
	Name                string         `json:"name"`
	Version             string         `json:"version"`
	Active              bool           `json:"active"`
	Debug               bool           `json:"debug"`
	DeploymentType      string         `json:"deployment_type"`
	DatabaseType        string         `json:"database_type"`
	SecretsStoreType    string         `json:"secrets_store_type"`
	AuthScheme          string         `json:"auth_scheme"`
	ServerURL           string         `json:"server_url"`
	DashboardURL        string         `json:"dashboard_url"`
	AnalyticsEnabled    bool           `json:"analytics_enabled"`
	Metadata            map[string]any `json:"metadata"`
	LastUserActivity    moment         `json:"last_user_activity"`
	ProDashboardURL     *string        `json:"pro_dashboard_url"`
	ProAPIURL           *string        `json:"pro_api_url"`
	ProOrganizationID   *string        `json:"pro_organization_id"`
	ProOrganizationName *string        `json:"pro_organization_name"`
	ProWorkspaceID      *string        `json:"pro_workspace_id"`
	ProWorkspaceName    *string        `json:"pro_workspace_name"`
}

// info needs no login.
func (f *Fake) info(*call) (any, *failure) {
	return wireInfo{
		ID: f.db.ServerID, Name: "default", Version: f.options.Get(optVersion), Active: true,
		DeploymentType: "other", DatabaseType: "sqlite", SecretsStoreType: "sql",
		AuthScheme: f.options.Get(optAuthScheme), Metadata: map[string]any{}, LastUserActivity: moment(f.now()),
	}, nil
}

func (f *Fake) version(*call) (any, *failure) {
	return f.options.Get(optVersion), nil
}

// activate sets a server up that has no admin yet, which this one always has. ZenML Pro does without.
func (f *Fake) activate(*call) (any, *failure) {
	if f.options.Get(optAuthScheme) == schemeExternal {
		return nil, methodNotAllowed(http.MethodGet)
	}
	return nil, illegal("The server is already active.")
}
