package service

import "strings"

// Synonym is a variable that the vendor's own tools know under another name.
type Synonym struct {
	// Attribute and Own are the setting's attribute and its variable here.
	Attribute, Own string
	// Vendor is the vendor's name of the variable.
	Vendor string
}

// Synonyms returns settings that read the vendor's own variables, all of them, if nothing else sets any of these
// settings: no attribute, and no variable by its name here. A part of the vendor's set is never mixed with others: it
// would be sent to an address, or signed as an account, that it does not belong to.
func (s Settings) Synonyms(synonyms ...Synonym) Settings {
	getenv, own := s.Getenv, map[string]string{}
	for _, synonym := range synonyms {
		own[synonym.Own] = synonym.Vendor
	}
	s.synonyms = synonyms
	if !s.vendorSetApplies() {
		return s
	}
	s.Getenv = func(name string) string {
		if vendor, ok := own[name]; ok {
			return getenv(vendor)
		}
		return getenv(name)
	}
	return s
}

func (s Settings) vendorSetApplies() bool {
	for _, synonym := range s.synonyms {
		if !s.Attribute(synonym.Attribute).IsNull() || s.Getenv(synonym.Own) != "" || s.Getenv(synonym.Vendor) == "" {
			return false
		}
	}
	return true
}

// aboutSynonyms explains the vendor's variables to somebody who has no way in, "" if there are none: a part of them
// may be set, and ignored.
func (s Settings) aboutSynonyms() string {
	if len(s.synonyms) == 0 {
		return ""
	}
	vendor, own := make([]string, len(s.synonyms)), make([]string, len(s.synonyms))
	for i, synonym := range s.synonyms {
		vendor[i], own[i] = synonym.Vendor, synonym.Own
	}
	return "\n\nThe vendor's own variables are read only as a whole: " + strings.Join(vendor, ", ") + " must all be set, and none of " +
		strings.Join(own, ", ") + ", nor their attributes."
}
