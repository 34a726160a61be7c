// Package server answers HTTP requests until it is asked to stop, and then finishes what it has begun.
package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

const (
	maxBodyBytes   = 1 << 20
	maxHeaderBytes = 16 << 10

	readHeaderTimeout = 5 * time.Second
	readTimeout       = 15 * time.Second
	writeTimeout      = 30 * time.Second
	idleTimeout       = 2 * time.Minute
)

// Info is what the service says about itself.
type Info struct {
	Service  string `json:"service"`
	Version  string `json:"version"`
	Revision string `json:"revision"`
}

// Server serves one service.
type Server struct {
	http            *http.Server
	logger          *slog.Logger
	drainDelay      time.Duration
	shutdownTimeout time.Duration
	draining        atomic.Bool
}

// New returns a server that is ready to run. After it is asked to stop it serves for drainDelay more, with
// /readyz answering 503, and then gives requests in flight up to shutdownTimeout.
func New(info Info, logger *slog.Logger, drainDelay, shutdownTimeout time.Duration) *Server {
	s := &Server{logger: logger, drainDelay: drainDelay, shutdownTimeout: shutdownTimeout}
	s.http = &http.Server{
		Handler:           logged(logger, recovered(logger, http.MaxBytesHandler(s.routes(info), maxBodyBytes))),
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          slog.NewLogLogger(logger.Handler(), slog.LevelWarn),
	}
	return s
}

// Run serves on listener until ctx is done and everything in flight is answered. It returns nil after such an
// orderly end.
func (s *Server) Run(ctx context.Context, listener net.Listener) error {
	failed := make(chan error, 1)
	go func() { failed <- s.http.Serve(listener) }()
	s.logger.Info("listening", "address", listener.Addr().String())

	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
		return s.stop()
	}
}

func (s *Server) stop() error {
	s.draining.Store(true)
	s.logger.Info("draining", "delay", s.drainDelay.String())
	time.Sleep(s.drainDelay)

	ctx, cancel := context.WithTimeout(context.Background(), s.shutdownTimeout)
	defer cancel()
	if err := s.http.Shutdown(ctx); err != nil {
		return errors.Join(fmt.Errorf("requests still in flight after %s: %w", s.shutdownTimeout, err), s.http.Close())
	}
	s.logger.Info("stopped")
	return nil
}
