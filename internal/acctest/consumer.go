package acctest

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"testing"
)

// consumer is a resource whose provisioner hands values over and waits for the answer: the one place of a configuration in
// which ephemeral values can be used without a provider of their own. The first value changes to have it run again.
const consumer = `
resource "terraform_data" "consumer" {
  triggers_replace = %q
  provisioner "local-exec" {
    interpreter = ["bash", "-c"]
    command     = "exec 3<>/dev/tcp/127.0.0.1/%d && printf '%%s\\n' \"$HANDED\" >&3 && read -r answer <&3 && test \"$answer\" = used"
    environment = {
      HANDED = jsonencode(%s)
    }
  }
}
`

// Consumer returns the configuration of somebody who is handed ephemeral values while an apply runs: values is an object in
// the language of configurations, and run a text that changes to hand over once more. Use gets its strings; if it returns
// false, the apply fails.
func Consumer(t testing.TB, use func(handed map[string]string) bool) (configuration func(run, values string) string) {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			serveConsumer(connection, use)
		}
	}()
	address, _ := listener.Addr().(*net.TCPAddr)
	return func(run, values string) string { return fmt.Sprintf(consumer, run, address.Port, values) }
}

func serveConsumer(connection net.Conn, use func(map[string]string) bool) {
	defer func() { _ = connection.Close() }()
	line, err := bufio.NewReader(connection).ReadBytes('\n')
	var handed map[string]string
	if err != nil || json.Unmarshal(line, &handed) != nil {
		return
	}
	answer := "refused\n"
	if use(handed) {
		answer = "used\n"
	}
	_, _ = io.WriteString(connection, answer)
}
