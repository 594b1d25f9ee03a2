package dt

import "regexp"

// Names shows to tests what resource names are accepted, for import and elsewhere.
func Names() map[string]*regexp.Regexp {
	return map[string]*regexp.Regexp{"account": accountName, "key": keyName, "project member": projectMemberName, "organization member": organizationMemberName}
}

// References shows to tests what is accepted as a parent, with the full name that is made of it.
func References() map[*regexp.Regexp]func(string) string {
	return map[*regexp.Regexp]func(string) string{projectRef: fullProject, organizationRef: fullOrganization}
}

// ParentOf and LastSegment take a resource name apart.
var (
	ParentOf    = parentOf
	LastSegment = lastSegment
)
