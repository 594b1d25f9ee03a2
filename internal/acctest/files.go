package acctest

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// FilesWith names the files in the folder that hold a text: the configuration, the state and its backup, logs, and what saved
// plans have packed.
func (w *Workspace) FilesWith(text string) []string {
	w.t.Helper()
	var names []string
	err := filepath.WalkDir(w.folder, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(name) //nolint:gosec // the folder is the test's own
		if err != nil {
			return err
		}
		unpacked, err := unpack(content)
		if bytes.Contains(unpacked, []byte(text)) {
			names = append(names, entry.Name())
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return names
}

// unpack returns all that an archive holds, as one; what is no archive is returned as it is.
func unpack(content []byte) ([]byte, error) {
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return content, nil //nolint:nilerr // so it is no archive
	}
	var all []byte
	for _, file := range archive.File {
		packed, err := file.Open()
		if err != nil {
			return nil, err
		}
		text, err := io.ReadAll(packed)
		_ = packed.Close()
		if err != nil {
			return nil, err
		}
		all = append(all, text...)
	}
	return all, nil
}

// ChangeState has change alter the attributes of each object in the state, as if another version had written it.
func (w *Workspace) ChangeState(change func(attributes map[string]any)) {
	w.t.Helper()
	const name = "terraform.tfstate"
	content, err := os.ReadFile(filepath.Join(w.folder, name))
	if err != nil {
		w.t.Fatal(err)
	}
	var state map[string]any
	if err := json.Unmarshal(content, &state); err != nil {
		w.t.Fatal(err)
	}
	resources, _ := state["resources"].([]any)
	for _, one := range resources {
		instances, _ := one.(map[string]any)["instances"].([]any)
		for _, instance := range instances {
			change(instance.(map[string]any)["attributes"].(map[string]any))
		}
	}
	if content, err = json.Marshal(state); err != nil {
		w.t.Fatal(err)
	}
	w.Write(name, string(content))
}
