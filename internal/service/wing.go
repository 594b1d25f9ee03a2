// Package service is the contract between the provider and its wings: what a wing is, how a resource gets its client,
// how settings are resolved, and how an error becomes a diagnostic. It knows no vendor.
package service

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/machineid/terraform-provider-machineid/internal/rest"
)

// Wing is one system, as the provider sees it.
type Wing struct {
	// Name is the provider attribute and the second part of each type name, for example "zenml".
	Name string
	// Attribute is the nested provider attribute of that name.
	Attribute schema.SingleNestedAttribute
	// Configure turns settings into the [Access] of the wing's client type. It must not connect.
	Configure func(Settings) any
	// Resources lists the wing's resources.
	Resources []func() resource.Resource
	// DataSources lists the wing's data sources.
	DataSources []func() datasource.DataSource
	// EphemeralResources lists the wing's ephemeral resources.
	EphemeralResources []func() ephemeral.EphemeralResource
	// ListResources lists the wing's list resources, each of the name of a resource.
	ListResources []func() list.ListResource
}

// Settings is what the provider hands to a wing.
type Settings struct {
	// Wing is the wing's name, which is also the name of its provider attribute.
	Wing string
	// Object is the wing's provider attribute as configured: null if absent.
	Object types.Object
	// Getenv reads an environment variable; "" if it is not set.
	Getenv func(string) string
	// HTTP holds what concerns every system alike.
	HTTP HTTP
	// Guard holds what the provider's settings say about changes that end something.
	Guard Guard
	// AdoptExisting is the provider's adopt_existing: whether what has the name of a new object is taken over.
	AdoptExisting bool
	// OnlyListUnknown keeps the wing's [outcome.Ledger] from taking anything for an object whose creation was lost.
	OnlyListUnknown bool
	// BulkRefresh lets the wing's client answer reads from lists.
	BulkRefresh bool
	// Now is the clock by which a refresh is dated.
	Now func() time.Time

	// synonyms are the vendor's own names of variables; see [Settings.Synonyms].
	synonyms []Synonym
}

// HTTP holds the provider's settings for the wire, which each wing hands on to its client.
type HTTP = rest.HTTP
