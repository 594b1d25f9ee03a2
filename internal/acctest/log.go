package acctest

import (
	"os"
	"path/filepath"
)

// Log has the CLI, and the provider if the CLI starts it, log all that they can from now on. The function that is returned
// reads what was logged.
func (w *Workspace) Log() func() string {
	w.t.Helper()
	path := filepath.Join(w.folder, "trace.log")
	if err := w.tf.SetLogPath(path); err != nil {
		w.t.Fatal(err)
	}
	return func() string {
		w.t.Helper()
		text, err := os.ReadFile(path)
		if err != nil {
			w.t.Fatal(err)
		}
		return string(text)
	}
}
