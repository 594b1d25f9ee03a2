package service

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// Adopted tells that an object which existed already was taken over. How is what that has changed, "" for nothing to tell.
func Adopted(noun, object, how string) diag.Diagnostic {
	return diag.NewWarningDiagnostic(noun+" was adopted",
		fmt.Sprintf("The %s existed already. Because adopt_existing is set, it was taken over%s. If another configuration manages it too, take it out of one of them.",
			object, how))
}
