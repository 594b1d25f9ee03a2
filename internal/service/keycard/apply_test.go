package keycard_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/machineid/terraform-provider-machineid/internal/acctest"
)

// An interrupt while a credential is being created must not lose it: its answer is awaited and put into the state.
func TestInterruptedApplyKeepsTheSecret(t *testing.T) {
	t.Parallel()
	server := target(t)
	account := server.hand.createAccount(t, "interrupted")
	w := acctest.NewInstalledWorkspace(t, server.env)
	w.Write("main.tf", accountNamed("signal")+credentialOf(quoted(account)))
	server.fault(t, "POST", "/organizations/*/service-accounts/*/credentials", "delay", map[string]any{"delay_ms": 2500})

	if printed, err := w.ApplyUntil(server.box.UntilMade(t, "keycard", accounts, 2)); err == nil {
		t.Fatalf("the apply was not interrupted:\n%s", printed)
	}
	made := server.box.Objects(t, "keycard", credentials)
	if len(made) != 1 || w.Value(credentialAddress, "id") != made[0].ID {
		t.Fatalf("the server holds %v, the state %v", made, w.Value(credentialAddress, "id"))
	}
	clientID, _ := w.Value(credentialAddress, "client_id").(string)
	secret, _ := w.Value(credentialAddress, "client_secret").(string)
	if !server.accepts(t, clientID, secret) {
		t.Error("the credential in state is refused")
	}
	server.box.Mend(t)
	w.MustApply()
	w.MustBeQuiet()
	w.MustDestroy()
}

var (
	toldID   = regexp.MustCompile(`request\s+id\s+([0-9a-f-]{36})`)
	loggedID = regexp.MustCompile(`request_id=([0-9a-f-]{36})`)
)

// The id that a request names itself by is in the error and in the debug log, and it is the one that the server got. The
// log holds no secret.
func TestRequestIDs(t *testing.T) {
	t.Parallel()
	server := target(t)
	watched := &proxy{}
	env := watched.before(t, server, server.env)
	w := acctest.NewWorkspace(t, env)
	w.Write("main.tf", credentialOf(quoted("00000000000000000000000000"), inOrganization(ownLabel)))
	printed := w.ApplyMustFail("Cannot create Keycard service account credential", "request id")
	sent := watched.requestIDs()
	// The login, the creation, and the two reads that prove that the account is missing and the organization is not.
	if told := toldID.FindStringSubmatch(printed); told == nil || len(sent) < 3 || sent[1] != told[1] {
		t.Errorf("the error tells %q, the server got %q", told, sent)
	}
	if unique := slices.Compact(slices.Sorted(slices.Values(sent))); len(unique) != len(sent) {
		t.Errorf("an id was used twice: %q", sent)
	}

	log, clientSecret := debugLog(t, env, bothIn("ci", ""))
	var logged []string
	for _, found := range loggedID.FindAllStringSubmatch(log, -1) {
		logged = append(logged, found[1])
	}
	got := watched.requestIDs()[len(sent):]
	slices.Sort(got)
	slices.Sort(logged)
	if len(got) < 4 || !slices.Equal(got, slices.Compact(logged)) {
		t.Errorf("the log has the request ids %q, the server got %q", logged, got)
	}
	if !strings.Contains(log, "/service-accounts/") || clientSecret == "" {
		t.Error("the log lacks the requests, or the state the secret")
	}
	for _, secret := range []string{env["KEYCARD_CLIENT_SECRET"], clientSecret, "eyJ"} {
		if strings.Contains(log, secret) {
			t.Error("the log holds a secret or a token")
		}
	}
}

// debugLog applies a configuration with the CLI and a provider that was built, and returns what they log, and the secret
// that is in the state then.
func debugLog(t *testing.T, env map[string]string, configuration string) (log, clientSecret string) {
	t.Helper()
	acctest.NewInstalledWorkspace(t, env) // builds the provider
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	place := t.TempDir()
	rc, err := filepath.Abs(filepath.Join(folder, "..", "..", "..", "bin", "acctest"))
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"main.tf": configuration,
		"cli.rc":  "provider_installation {\n dev_overrides {\n \"machineid/machineid\" = \"" + rc + "\"\n \"hashicorp/machineid\" = \"" + rc + "\"\n }\n direct {}\n}\n",
	} {
		if err := os.WriteFile(filepath.Join(place, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run := func(arguments ...string) string {
		command := exec.CommandContext(t.Context(), os.Getenv("TF_ACC_TERRAFORM_PATH"), append(arguments, "-no-color")...)
		command.Dir = place
		command.Env = []string{"TF_CLI_CONFIG_FILE=" + filepath.Join(place, "cli.rc"), "CHECKPOINT_DISABLE=1", "TF_LOG_PROVIDER=DEBUG", "PATH=" + os.Getenv("PATH"), "HOME=" + place}
		for name, value := range env {
			if strings.HasPrefix(name, "KEYCARD_") {
				command.Env = append(command.Env, name+"="+value)
			}
		}
		var text, logged bytes.Buffer
		command.Stdout, command.Stderr = &text, &logged
		if err := command.Run(); err != nil {
			t.Fatalf("%v\n%s", err, text.String())
		}
		log += logged.String()
		return text.String()
	}
	run("apply", "-auto-approve")
	state, err := os.ReadFile(filepath.Join(place, "terraform.tfstate"))
	if err != nil {
		t.Fatal(err)
	}
	if found := regexp.MustCompile(`"client_secret": "(\w+)"`).FindSubmatch(state); found != nil {
		clientSecret = string(found[1])
	}
	return log, clientSecret
}
