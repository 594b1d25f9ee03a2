package dtapi

// ParseError shows to tests how the body of an error is read.
var ParseError = parseError
