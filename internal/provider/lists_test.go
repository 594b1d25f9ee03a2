package provider_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// Every resource can be listed, except those that rotate: an import makes each of them of a plain credential, which is
// listed as what it is.
func TestEveryResourceIsListed(t *testing.T) {
	t.Parallel()
	resources, _ := types(t)
	wanted := slices.DeleteFunc(resources, func(name string) bool { return strings.Contains(name, "rotating") })
	got := listed(t)
	slices.Sort(wanted)
	slices.Sort(got)
	if !slices.Equal(got, wanted) {
		t.Errorf("listed are %q, want %q", got, wanted)
	}
}

// The provider as it is served answers queries, and refuses a type that it does not list.
func TestTheServedProviderAnswersQueries(t *testing.T) {
	t.Parallel()
	box := acctest.Sandbox(t)
	found, told := acctest.List(t, box.Env(), acctest.Query{Type: "machineid_keycard_service_account", Detailed: true})
	if len(found) != 1 || len(told) > 0 || found[0].Object["name"] != found[0].Name {
		t.Errorf("found %v, told %q", found, told)
	}
	provider := serve(t, box.Env())
	lists, ok := provider.server.(tfprotov6.ListResourceServer)
	if !ok {
		t.Fatal("the served provider answers no queries")
	}
	stream, err := lists.ListResource(t.Context(), &tfprotov6.ListResourceRequest{TypeName: "machineid_keycard_organization"})
	if err != nil {
		t.Fatal(err)
	}
	for result := range stream.Results {
		told = append(told, said(result.Diagnostics)...)
	}
	if len(told) != 1 || !acctest.Said(told[0], "List Resource Type Not Found") {
		t.Errorf("told %q", told)
	}
}
