package keycardtest

import "net/http"

type wireOrganization struct {
	ID          string      `json:"id"`
	Name        string      `json:"name"`
	Label       string      `json:"label"`
	SSOEnabled  bool        `json:"sso_enabled"`
	CreatedAt   moment      `json:"created_at"`
	UpdatedAt   moment      `json:"updated_at"`
	Permissions permissions `json:"permissions,omitempty"`
}

func (f *Fake) wireOrganization(c *call, o *organization) wireOrganization {
	return wireOrganization{
		ID: o.ID, Name: o.Name, Label: o.Label, CreatedAt: moment(o.Created), UpdatedAt: moment(o.Created),
		Permissions: c.grant(f.onOrganization()),
	}
}

// listOrganizations lists the caller's own. With several there are more, which can be seen here and nowhere else.
func (f *Fake) listOrganizations(c *call) (answer, *failure) {
	var items []item
	for _, o := range f.db.Organizations {
		if o == c.own || f.options.Get(optOrganizations) == organizationsSeveral {
			items = append(items, newItem(o.ID, o.Created, f.wireOrganization(c, o)))
		}
	}
	return f.page(c, "", items, permissions{kindOrganizations: {"list": true, "create": false}})
}

func (f *Fake) readOrganization(c *call) (answer, *failure) {
	if failed := f.admit(c); failed != nil {
		return answer{}, failed
	}
	return answer{http.StatusOK, f.wireOrganization(c, c.own)}, nil
}
