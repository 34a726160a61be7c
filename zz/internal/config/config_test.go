package config

import (
	"log/slog"
	"net/netip"
	"strings"
	"testing"
	"time"
)

const port = 8080

func TestDefaults(t *testing.T) {
	// A variable that is set but empty is what compose.yaml makes of one that the host does not have.
	for name, environment := range map[string]map[string]string{
		"nothing is set": {},
		"all are empty":  {"HOST": "", "PORT": "", "LOG_LEVEL": "", "SHUTDOWN_TIMEOUT": "", "DRAIN_DELAY": ""},
	} {
		t.Run(name, func(t *testing.T) {
			expect(t, environment, Config{netip.IPv4Unspecified(), port, slog.LevelInfo, 10 * time.Second, 0})
		})
	}
}

func TestEverythingSet(t *testing.T) {
	environment := map[string]string{
		"HOST": "::1", "PORT": "65535", "LOG_LEVEL": "debug", "SHUTDOWN_TIMEOUT": "1m", "DRAIN_DELAY": "2.5s",
	}
	want := Config{netip.IPv6Loopback(), 65535, slog.LevelDebug, time.Minute, 2500 * time.Millisecond}
	expect(t, environment, want)
	if got := want.Address().String(); got != "[::1]:65535" {
		t.Errorf("the address is %s", got)
	}
}

func TestRefused(t *testing.T) {
	for _, test := range []struct{ name, value string }{
		{"HOST", "not a host"},
		{"HOST", "localhost"},
		{"PORT", "not-a-port"},
		{"PORT", "0"},
		{"PORT", "-1"},
		{"PORT", "65536"},
		{"PORT", "80.5"},
		{"LOG_LEVEL", "loud"},
		{"SHUTDOWN_TIMEOUT", "10"},
		{"SHUTDOWN_TIMEOUT", "-1s"},
		{"DRAIN_DELAY", "soon"},
	} {
		t.Run(test.name+"="+test.value, func(t *testing.T) {
			_, err := load(map[string]string{test.name: test.value})
			if err == nil || !strings.HasPrefix(err.Error(), test.name+" is ") {
				t.Errorf("got %v, want an error that names %s", err, test.name)
			}
		})
	}
}

func TestAllProblemsAtOnce(t *testing.T) {
	_, err := load(map[string]string{"PORT": "0", "LOG_LEVEL": "loud", "DRAIN_DELAY": "1s"})
	want := `PORT is "0": want a number from 1 to 65535` + "\n" +
		`LOG_LEVEL is "loud": want debug, info, warn or error`
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func expect(t *testing.T, environment map[string]string, want Config) {
	t.Helper()
	got, err := load(environment)
	if err != nil || got != want {
		t.Errorf("got %+v and %v, want %+v", got, err, want)
	}
}

func load(environment map[string]string) (Config, error) {
	return Load(func(name string) string { return environment[name] }, port)
}
