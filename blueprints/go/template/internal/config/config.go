// Package config reads the settings of the service from its environment.
package config

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"time"
)

// Config holds the validated settings.
type Config struct {
	Host            string        // HOST: the address to listen on, all by default
	Port            int           // PORT
	LogLevel        slog.Level    // LOG_LEVEL: debug, info, warn or error
	DrainDelay      time.Duration // DRAIN_DELAY: how long to keep serving after SIGTERM while load balancers notice
	ShutdownTimeout time.Duration // SHUTDOWN_TIMEOUT: how long requests in flight may take after that
}

// Address returns what to listen on.
func (c Config) Address() string {
	return net.JoinHostPort(c.Host, strconv.Itoa(c.Port))
}

// FromEnvironment reads the settings through lookup, which is os.LookupEnv outside of tests. A setting that is
// not there has its default; the error names every setting that is wrong, not only the first.
func FromEnvironment(lookup func(string) (string, bool), defaultPort int) (Config, error) {
	r := reader{lookup: lookup}
	config := Config{
		Host:            value(&r, "HOST", "0.0.0.0", parseHost),
		Port:            value(&r, "PORT", defaultPort, parsePort),
		LogLevel:        value(&r, "LOG_LEVEL", slog.LevelInfo, parseLevel),
		DrainDelay:      value(&r, "DRAIN_DELAY", 0, parseDuration),
		ShutdownTimeout: value(&r, "SHUTDOWN_TIMEOUT", 10*time.Second, parseDuration),
	}
	return config, errors.Join(r.errs...)
}

type reader struct {
	lookup func(string) (string, bool)
	errs   []error
}

func value[T any](r *reader, name string, fallback T, parse func(string) (T, error)) T {
	text, ok := r.lookup(name)
	if !ok || text == "" {
		return fallback
	}
	parsed, err := parse(text)
	if err != nil {
		r.errs = append(r.errs, fmt.Errorf("%s=%q: %w", name, text, err))
	}
	return parsed
}

func parseHost(text string) (string, error) {
	if net.ParseIP(text) == nil && text != "localhost" {
		return "", errors.New("want an IP address or localhost")
	}
	return text, nil
}

func parsePort(text string) (int, error) {
	port, err := strconv.ParseUint(text, 10, 16)
	if err != nil || port == 0 {
		return 0, errors.New("want a port from 1 to 65535")
	}
	return int(port), nil
}

func parseLevel(text string) (slog.Level, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(text)); err != nil {
		return 0, errors.New("want debug, info, warn or error")
	}
	return level, nil
}

func parseDuration(text string) (time.Duration, error) {
	duration, err := time.ParseDuration(text)
	if err != nil || duration < 0 {
		return 0, errors.New("want a duration such as 500ms, 5s or 1m")
	}
	return duration, nil
}
