// Package config reads the service's configuration from its environment.
package config

import (
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"strconv"
	"time"
)

// Config is a valid configuration. README.md describes the variables.
type Config struct {
	Host            netip.Addr
	Port            uint16
	LogLevel        slog.Level
	ShutdownTimeout time.Duration
	DrainDelay      time.Duration
}

// Address is where the service listens.
func (c Config) Address() netip.AddrPort {
	return netip.AddrPortFrom(c.Host, c.Port)
}

// Load reads the variables through getenv; port is the default of PORT. A variable that is empty counts as not
// set. The error names every variable that does not hold, not only the first.
func Load(getenv func(string) string, port uint16) (Config, error) {
	env := environment{get: getenv}
	config := Config{
		Host:            read(&env, "HOST", netip.IPv4Unspecified(), parseHost),
		Port:            read(&env, "PORT", port, parsePort),
		LogLevel:        read(&env, "LOG_LEVEL", slog.LevelInfo, parseLevel),
		ShutdownTimeout: read(&env, "SHUTDOWN_TIMEOUT", 10*time.Second, parseDuration),
		DrainDelay:      read(&env, "DRAIN_DELAY", 0, parseDuration),
	}
	return config, errors.Join(env.problems...)
}

type environment struct {
	get      func(string) string
	problems []error
}

func read[T any](env *environment, name string, fallback T, parse func(string) (T, error)) T {
	text := env.get(name)
	if text == "" {
		return fallback
	}
	value, err := parse(text)
	if err != nil {
		env.problems = append(env.problems, fmt.Errorf("%s is %q: %w", name, text, err))
	}
	return value
}

func parseHost(text string) (netip.Addr, error) {
	host, err := netip.ParseAddr(text)
	if err != nil {
		return host, errors.New("want an IP address such as 0.0.0.0 or ::1")
	}
	return host, nil
}

func parsePort(text string) (uint16, error) {
	number, err := strconv.ParseUint(text, 10, 16)
	if err != nil || number == 0 {
		return 0, errors.New("want a number from 1 to 65535")
	}
	return uint16(number), nil
}

func parseLevel(text string) (slog.Level, error) {
	var level slog.Level
	if level.UnmarshalText([]byte(text)) != nil {
		return level, errors.New("want debug, info, warn or error")
	}
	return level, nil
}

func parseDuration(text string) (time.Duration, error) {
	duration, err := time.ParseDuration(text)
	if err != nil || duration < 0 {
		return 0, errors.New("want a duration such as 0s, 1.5s or 2m")
	}
	return duration, nil
}
