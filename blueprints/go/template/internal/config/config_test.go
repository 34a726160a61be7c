package config

import (
	"log/slog"
	"strings"
	"testing"
	"time"
)

const defaultPort = 8080

func lookupIn(environment map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		text, ok := environment[name]
		return text, ok
	}
}

func TestDefaults(t *testing.T) {
	t.Parallel()

	got, err := FromEnvironment(lookupIn(nil), defaultPort)
	if err != nil {
		t.Fatal(err)
	}
	want := Config{
		Host:            "0.0.0.0",
		Port:            defaultPort,
		LogLevel:        slog.LevelInfo,
		ShutdownTimeout: 10 * time.Second,
	}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestAllSettings(t *testing.T) {
	t.Parallel()

	got, err := FromEnvironment(lookupIn(map[string]string{
		"HOST":             "::1",
		"PORT":             "9090",
		"LOG_LEVEL":        "debug",
		"DRAIN_DELAY":      "5s",
		"SHUTDOWN_TIMEOUT": "1m",
	}), defaultPort)
	if err != nil {
		t.Fatal(err)
	}
	want := Config{
		Host:            "::1",
		Port:            9090,
		LogLevel:        slog.LevelDebug,
		DrainDelay:      5 * time.Second,
		ShutdownTimeout: time.Minute,
	}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if address := got.Address(); address != "[::1]:9090" {
		t.Errorf("got address %q", address)
	}
}

func TestWrongSettings(t *testing.T) {
	t.Parallel()

	tests := map[string]string{
		"HOST":             "example.com/path",
		"PORT":             "70000",
		"LOG_LEVEL":        "loud",
		"DRAIN_DELAY":      "-1s",
		"SHUTDOWN_TIMEOUT": "10",
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			_, err := FromEnvironment(lookupIn(map[string]string{name: text}), defaultPort)
			if err == nil || !strings.Contains(err.Error(), name+"=") {
				t.Errorf("got error %v, want one that names %s", err, name)
			}
		})
	}

	_, err := FromEnvironment(lookupIn(tests), defaultPort)
	for name := range tests {
		if err == nil || !strings.Contains(err.Error(), name+"=") {
			t.Errorf("got error %v, want one that names %s too", err, name)
		}
	}
}
