package acctest

import "maps"

// Without returns a copy of an environment that lacks some variables.
func Without(env map[string]string, names ...string) map[string]string {
	rest := map[string]string{}
	maps.Copy(rest, env)
	for _, name := range names {
		delete(rest, name)
	}
	return rest
}

// With returns a copy of an environment in which a variable has this value.
func With(env map[string]string, name, value string) map[string]string {
	more := Without(env)
	more[name] = value
	return more
}

// bulkRefresh is a variable of the provider's that tests hand on: those of reads run both ways.
const bulkRefresh = "MACHINEID_BULK_REFRESH"

// OneByOne is an environment in which every object is read by itself, for tests that break or count such reads.
func OneByOne(env map[string]string) map[string]string { return With(env, bulkRefresh, "false") }
