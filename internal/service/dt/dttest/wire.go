package dttest

import "time"

// moment is a time as the API writes it: UTC, always with microseconds.
type moment time.Time

// MarshalJSON writes the time as a JSON string.
func (m moment) MarshalJSON() ([]byte, error) {
	return []byte(time.Time(m).UTC().Format(`"2006-01-02T15:04:05.000000Z"`)), nil
}

type wireAccount struct {
	Name            string `json:"name"`
	Email           string `json:"email"`
	DisplayName     string `json:"displayName"`
	EnableBasicAuth bool   `json:"enableBasicAuth"`
	CreateTime      moment `json:"createTime"`
	UpdateTime      moment `json:"updateTime"`
}

type wireKey struct {
	Name       string `json:"name"`
	ID         string `json:"id"`
	CreateTime moment `json:"createTime"`
}

// wireNewKey is the only answer that holds a secret.
type wireNewKey struct {
	Key    wireKey `json:"key"`
	Secret string  `json:"secret"`
}

type wireMember struct {
	Name        string   `json:"name"`
	DisplayName string   `json:"displayName"`
	Roles       []string `json:"roles"`
	Status      string   `json:"status"`
	Email       string   `json:"email"`
	AccountType string   `json:"accountType"`
	CreateTime  *moment  `json:"createTime"`
}

type wireRole struct {
	Name        string   `json:"name"`
	DisplayName string   `json:"displayName"`
	Description string   `json:"description"`
	Permissions []string `json:"permissions"`
}

type wireOrganization struct {
	Name        string `json:"name"`
	DisplayName string `json:"displayName"`
}

type wireProject struct {
	Name                    string            `json:"name"`
	DisplayName             string            `json:"displayName"`
	Inventory               bool              `json:"inventory"`
	Organization            string            `json:"organization"`
	OrganizationDisplayName string            `json:"organizationDisplayName"`
	SensorCount             int               `json:"sensorCount"`
	CloudConnectorCount     int               `json:"cloudConnectorCount"`
	Location                location          `json:"location"`
	Labels                  map[string]string `json:"labels"`
}

// location is where a project is, and the time zone there.
type location struct {
	Latitude     float64 `json:"latitude"`
	Longitude    float64 `json:"longitude"`
	TimeLocation string  `json:"timeLocation"`
}
