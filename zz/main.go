// Command zz is an HTTP service. Called as "zz healthcheck" it asks the running
// service whether it is alive, so that a container needs neither a shell nor curl for that.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"

	"example.com/zz/internal/api"
	"example.com/zz/internal/config"
	"example.com/zz/internal/server"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		slog.Error("exit", "error", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	level := new(slog.LevelVar)
	slog.SetDefault(slog.New(server.LogHandler(
		slog.NewJSONHandler(os.Stdout, &slog.HandlerOptions{Level: level}))))

	settings, err := config.Load(os.Getenv, defaultPort)
	if err != nil {
		return fmt.Errorf("configuration: %w", err)
	}
	level.Set(settings.LogLevel)

	switch command := strings.Join(args, " "); command {
	case "":
		return serve(untilSignal(), settings)
	case "healthcheck":
		return healthcheck(settings)
	default:
		return fmt.Errorf("unknown command %q: there is only healthcheck, or nothing", command)
	}
}

func serve(ctx context.Context, settings config.Config) error {
	version, revision := build()
	listener, err := net.ListenTCP("tcp", net.TCPAddrFromAddrPort(settings.Address()))
	if err != nil {
		return err
	}
	slog.Info("listening", "service", name, "address", listener.Addr().String(),
		"version", version, "revision", revision, "go", runtime.Version())
	service := server.Server{
		Handler:         api.Handler(api.Info{Service: name, Version: version, Message: description}),
		Logger:          slog.Default(),
		DrainDelay:      settings.DrainDelay,
		ShutdownTimeout: settings.ShutdownTimeout,
	}
	return service.Run(ctx, listener)
}

// untilSignal returns a context that ends with the first SIGINT or SIGTERM. By then the default action is back,
// so that a second signal ends the process at once.
func untilSignal() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		signal.Stop(signals)
		cancel()
	}()
	return ctx
}
