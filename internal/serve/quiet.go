package serve

// logVariables are those by which somebody asks for a provider's log, and by which the plugin libraries set its level.
var (
	askingVariables = []string{"TF_LOG", "TF_LOG_PROVIDER"}
	levelVariables  = []string{"TF_LOG_SDK", "TF_LOG_SDK_PROTO", "TF_LOG_SDK_FRAMEWORK", "TF_LOG_PROVIDER_MACHINEID"}
)

// quiet switches the log of this process off if nobody has asked for it. By default the plugin libraries write everything,
// several lines for each call, and the CLI reads it all to throw it away: that is about half of a plan's time.
func quiet(getenv func(string) string, setenv func(name, value string) error) error {
	for _, name := range askingVariables {
		if getenv(name) != "" {
			return nil
		}
	}
	for _, name := range levelVariables {
		if getenv(name) != "" {
			continue
		}
		if err := setenv(name, "OFF"); err != nil {
			return err
		}
	}
	return nil
}
