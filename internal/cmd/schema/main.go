// Command schema prints the provider's schema as `terraform providers schema -json` would.
//
// The documentation is generated from it rather than from a CLI: each CLI leaves out what it
// does not know yet, such as resource identities before Terraform 1.12, so that the pages
// would differ from machine to machine.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/machineid/terraform-provider-machineid/internal/provider"
)

// nowhere is an empty environment: a schema does not depend on any.
func nowhere(string) string { return "" }

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "schema:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	server, err := providerserver.NewProtocol6WithError(provider.New("schema", nowhere)())()
	if err != nil {
		return fmt.Errorf("cannot start the provider: %w", err)
	}
	schemas, err := describe(ctx, server)
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", "  ")
	return encoder.Encode(schemas)
}
