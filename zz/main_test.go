package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// These tests run the real program: the test binary calls itself with this variable, and is the service then.
const asService = "TEST_AS_SERVICE"

func TestMain(m *testing.M) {
	if os.Getenv(asService) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

func TestServesAndStops(t *testing.T) {
	service := start(t)

	response, err := http.Get("http://" + service.address + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var body struct{ Service, Version, Message string }
	if err := json.NewDecoder(response.Body).Decode(&body); err != nil {
		t.Fatal(err)
	}
	if body.Service != name || body.Message != description || body.Version == "" {
		t.Errorf("the root answers %+v", body)
	}

	service.signal(t, syscall.SIGTERM)
	if err := service.command.Wait(); err != nil {
		t.Errorf("after SIGTERM: %v", err)
	}
}

func TestSecondSignalEndsAtOnce(t *testing.T) {
	service := start(t, "DRAIN_DELAY=1h")
	service.signal(t, syscall.SIGTERM)
	service.waitFor(t, "draining")
	service.signal(t, syscall.SIGTERM)
	if err := service.command.Wait(); err == nil {
		t.Error("the service ended as if it had finished its work")
	}
}

func TestLogLevel(t *testing.T) {
	service := start(t, "LOG_LEVEL=debug")
	response, err := http.Get("http://" + service.address + "/livez")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	service.waitFor(t, "request")
}

func TestHealthcheck(t *testing.T) {
	for _, host := range []string{"127.0.0.1", "0.0.0.0"} {
		service := start(t, "HOST="+host)
		// A proxy is for what is outside.
		check := program("HOST="+host, "PORT="+service.port, "HTTP_PROXY=http://127.0.0.1:1").withArguments("healthcheck")
		output, err := check.Output()
		if err != nil || len(output) > 0 {
			t.Errorf("of a service that is alive on %s: %v, %s", host, err, output)
		}
	}
}

func TestHealthcheckOfWhatIsNotAlive(t *testing.T) {
	output, err := program("PORT=" + freePort(t)).withArguments("healthcheck").Output()
	expectOneError(t, output, err, "connection refused")

	broken := httptest.NewServer(http.NotFoundHandler())
	defer broken.Close()
	_, port, _ := net.SplitHostPort(broken.Listener.Addr().String())
	output, err = program("HOST=127.0.0.1", "PORT="+port).withArguments("healthcheck").Output()
	expectOneError(t, output, err, "404")
}

func TestWrongConfiguration(t *testing.T) {
	output, err := program("PORT=not-a-port", "DRAIN_DELAY=soon").Output()
	expectOneError(t, output, err, "PORT", "DRAIN_DELAY")
}

func TestUnknownCommand(t *testing.T) {
	output, err := program().withArguments("serve", "now").Output()
	expectOneError(t, output, err, `"serve now"`)
}

func expectOneError(t *testing.T, output []byte, err error, words ...string) {
	t.Helper()
	exit, ok := errors.AsType[*exec.ExitError](err)
	if !ok || exit.ExitCode() != 1 {
		t.Errorf("got %v, want exit code 1", err)
	}
	var line struct{ Time, Level, Msg, Error string }
	if err := json.Unmarshal(output, &line); err != nil {
		t.Fatalf("not one JSON line: %v in %s", err, output)
	}
	for _, word := range words {
		if line.Level != "ERROR" || !strings.Contains(line.Error, word) {
			t.Errorf("%+v does not name %s", line, word)
		}
	}
}

type command struct{ *exec.Cmd }

func program(environment ...string) command {
	c := exec.Command(os.Args[0])
	c.Env = append(environment, asService+"=1")
	return command{c}
}

func (c command) withArguments(arguments ...string) command {
	c.Args = append(c.Args, arguments...)
	return c
}

type service struct {
	command command
	port    string
	address string
	log     *bufio.Scanner
}

func start(t *testing.T, environment ...string) service {
	t.Helper()
	port := freePort(t)
	c := program(append([]string{"HOST=127.0.0.1", "PORT=" + port}, environment...)...)
	stdout, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Process.Kill() })
	started := service{c, port, net.JoinHostPort("127.0.0.1", port), bufio.NewScanner(stdout)}
	started.waitFor(t, "listening")
	return started
}

func (s service) waitFor(t *testing.T, message string) {
	t.Helper()
	for s.log.Scan() {
		var line struct{ Msg string }
		if err := json.Unmarshal(s.log.Bytes(), &line); err != nil {
			t.Fatalf("not a JSON line: %s", s.log.Text())
		}
		if line.Msg == message {
			return
		}
	}
	t.Fatalf("the log ended before %q: %v", message, errors.Join(s.log.Err(), io.EOF))
}

func (s service) signal(t *testing.T, signal os.Signal) {
	t.Helper()
	if err := s.command.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
}

func freePort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	return port
}
