package zenml

// LooksLikeUUID and IsUUID show to tests what is taken for an id, and what is accepted as one.
var (
	LooksLikeUUID = looksLikeUUID
	IsUUID        = uuidPattern.MatchString
)
