package keycardapi_test

import (
	"slices"
	"testing"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/service/keycard/keycardapi"
)

// call is one method of a client, on an object of unknown age.
type call struct {
	route string
	do    func(t *testing.T, client *keycardapi.Client) error
}

var (
	name        = "new"
	fields      = keycardapi.Fields{Name: "new"}
	renamed     = keycardapi.Change{Name: &name}
	accountCall = []call{
		{"GET " + account, func(t *testing.T, c *keycardapi.Client) error {
			_, err := c.ServiceAccount(t.Context(), "acme", "sa1", time.Time{}, false)
			return err
		}},
		{"PATCH " + account, func(t *testing.T, c *keycardapi.Client) error {
			return c.UpdateServiceAccount(t.Context(), "acme", "sa1", time.Time{}, renamed)
		}},
		{"DELETE " + account, func(t *testing.T, c *keycardapi.Client) error {
			return c.DeleteServiceAccount(t.Context(), "acme", "sa1", time.Time{})
		}},
	}
	inAccountCall = []call{
		{"GET " + credentials, func(t *testing.T, c *keycardapi.Client) error {
			_, err := c.Credentials(t.Context(), "acme", "sa1", false)
			return err
		}},
		{"POST " + credentials, func(t *testing.T, c *keycardapi.Client) error {
			_, err := c.CreateCredential(t.Context(), "acme", "sa1", fields)
			return err
		}},
	}
	credentialCall = []call{
		{"GET " + credential, func(t *testing.T, c *keycardapi.Client) error {
			_, err := c.Credential(t.Context(), "acme", "sa1", "k1", time.Time{}, false)
			return err
		}},
		{"PATCH " + credential, func(t *testing.T, c *keycardapi.Client) error {
			return c.UpdateCredential(t.Context(), "acme", "sa1", "k1", time.Time{}, renamed)
		}},
		{"DELETE " + credential, func(t *testing.T, c *keycardapi.Client) error {
			return c.DeleteCredential(t.Context(), "acme", "sa1", "k1", time.Time{})
		}},
	}
	otherCall = []call{
		{"GET " + organizations, func(t *testing.T, c *keycardapi.Client) error {
			_, err := c.Organization(t.Context(), "", false)
			return err
		}},
		{"GET " + organization, func(t *testing.T, c *keycardapi.Client) error {
			_, err := c.Organization(t.Context(), "acme", false)
			return err
		}},
		{"GET " + accounts, func(t *testing.T, c *keycardapi.Client) error {
			_, err := c.ServiceAccounts(t.Context(), "acme", false)
			return err
		}},
		{"POST " + accounts, func(t *testing.T, c *keycardapi.Client) error {
			_, err := c.CreateServiceAccount(t.Context(), "acme", fields)
			return err
		}},
	}
	everyCall = slices.Concat(accountCall, inAccountCall, credentialCall, otherCall)
)
