package zenmltest

import (
	"time"

	"github.com/google/uuid"
)

// moment is a time as the server writes it: UTC without a zone, microseconds unless they are zero.
type moment time.Time

// MarshalJSON writes the time as a JSON string.
func (m moment) MarshalJSON() ([]byte, error) {
	layout := `"2006-01-02T15:04:05.000000"`
	if time.Time(m).Nanosecond() == 0 {
		layout = `"2006-01-02T15:04:05"`
	}
	return []byte(time.Time(m).UTC().Format(layout)), nil
}

func optionalMoment(t *time.Time) *moment {
	if t == nil {
		return nil
	}
	m := moment(*t)
	return &m
}

// wireObject is the frame of every object, in the server's order of members. Metadata is null unless hydrated.
type wireObject struct {
	Body             any    `json:"body"`
	Metadata         any    `json:"metadata"`
	Resources        any    `json:"resources"`
	ID               string `json:"id"`
	PermissionDenied bool   `json:"permission_denied"`
	Name             string `json:"name"`
}

type wireAccountBody struct {
	Created   moment  `json:"created"`
	Updated   moment  `json:"updated"`
	FullName  string  `json:"full_name"`
	Active    bool    `json:"active"`
	AvatarURL *string `json:"avatar_url"`
}

type wireAccountMetadata struct {
	Description    string  `json:"description"`
	ExternalUserID *string `json:"external_user_id"`
}

type wireKeyBody struct {
	Created        moment     `json:"created"`
	Updated        moment     `json:"updated"`
	Key            *string    `json:"key"`
	Active         bool       `json:"active"`
	ServiceAccount wireObject `json:"service_account"`
}

type wireKeyMetadata struct {
	Description         string  `json:"description"`
	RetainPeriodMinutes int     `json:"retain_period_minutes"`
	LastLogin           *moment `json:"last_login"`
	LastRotated         *moment `json:"last_rotated"`
}

type wireUserBody struct {
	Created          moment  `json:"created"`
	Updated          moment  `json:"updated"`
	Active           bool    `json:"active"`
	ActivationToken  *string `json:"activation_token"`
	FullName         string  `json:"full_name"`
	EmailOptedIn     *bool   `json:"email_opted_in"`
	IsServiceAccount bool    `json:"is_service_account"`
	IsAdmin          bool    `json:"is_admin"`
	DefaultProjectID *string `json:"default_project_id"`
	AvatarURL        *string `json:"avatar_url"`
}

type wireUserMetadata struct {
	PasswordChangedAt *moment        `json:"password_changed_at"`
	Email             *string        `json:"email"`
	ExternalUserID    *string        `json:"external_user_id"`
	UserMetadata      map[string]any `json:"user_metadata"`
	OIDCClaims        map[string]any `json:"oidc_claims"`
}

func (f *Fake) wireAccount(a *account, hydrate bool) wireObject {
	object := wireObject{ID: a.ID, Name: a.Name, Body: wireAccountBody{
		Created: moment(a.Created), Updated: moment(a.Updated),
		FullName: a.FullName, Active: a.Active, AvatarURL: a.AvatarURL,
	}}
	if hydrate {
		object.Metadata = wireAccountMetadata{Description: a.Description, ExternalUserID: f.externalID(a)}
	}
	return object
}

// wireKey writes a key. The secret goes out only in the answers that made it.
func (f *Fake) wireKey(k *apiKey, hydrate bool, secret *string) wireObject {
	object := wireObject{ID: k.ID, Name: k.Name, Body: wireKeyBody{
		Created: moment(k.Created), Updated: moment(k.Updated), Key: secret, Active: k.Active,
		ServiceAccount: f.wireAccount(f.db.Accounts[k.AccountID], false),
	}}
	if hydrate {
		object.Metadata = wireKeyMetadata{
			Description: k.Description, RetainPeriodMinutes: k.RetainMinutes,
			LastLogin: optionalMoment(k.LastLogin), LastRotated: optionalMoment(k.LastRotated),
		}
	}
	return object
}

func (f *Fake) wireUser(a *account, hydrate bool) wireObject {
	var mail *bool // null for users, as nobody asked them
	if a.ServiceAccount {
		mail = new(bool)
	}
	object := wireObject{ID: a.ID, Name: a.Name, Body: wireUserBody{
		Created: moment(a.Created), Updated: moment(a.Updated), Active: a.Active, FullName: a.FullName, EmailOptedIn: mail,
		IsServiceAccount: a.ServiceAccount, IsAdmin: a.Admin, AvatarURL: a.AvatarURL,
	}}
	metadata := wireUserMetadata{ExternalUserID: f.externalID(a), UserMetadata: map[string]any{}, OIDCClaims: map[string]any{}}
	if !a.ServiceAccount {
		metadata.PasswordChangedAt = optionalMoment(&a.Created)
	}
	if hydrate {
		object.Metadata = metadata
	}
	return object
}

// externalID is not null for an account that the switch names. It is the same each time.
func (f *Fake) externalID(a *account) *string {
	if !a.ServiceAccount || !named(f.options.List(optExternal), a) {
		return nil
	}
	id := uuid.NewSHA1(uuid.NameSpaceURL, []byte("external:"+a.ID)).String()
	return &id
}

func named(list []string, a *account) bool {
	for _, item := range list {
		if item == a.ID || item == a.Name {
			return true
		}
	}
	return false
}
