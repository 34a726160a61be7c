// Package server runs an HTTP handler the way a container platform expects it: with probes, limits, one JSON log
// line a request, and a shutdown that finishes what has begun.
package server

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// No request may hold a connection for ever; none of these is set in http.Server by default.
const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 30 * time.Second
	writeTimeout      = 30 * time.Second
	idleTimeout       = 60 * time.Second
	maxHeaderBytes    = 64 << 10
	maxBodyBytes      = 1 << 20
)

// Server serves Handler, and /livez and /readyz beside it. The zero durations mean: no delay, no time to finish.
type Server struct {
	Handler         http.Handler
	Logger          *slog.Logger
	DrainDelay      time.Duration // between the first 503 of /readyz and the end of accepting connections
	ShutdownTimeout time.Duration // for requests that have begun by then

	draining atomic.Bool
	begun    atomic.Int64 // connections with a request that is not answered yet
}

// Run serves until ctx ends, then shuts down: /readyz turns 503 and load balancers look away during DrainDelay;
// then no connection is accepted any more and requests that have begun are finished. The error is nil when all
// of them were.
func (s *Server) Run(ctx context.Context, listener *net.TCPListener) error {
	server := s.httpServer()
	served := make(chan error, 1)
	go func() { served <- server.Serve(&trackedListener{listener, &s.begun}) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}

	s.draining.Store(true)
	s.Logger.Info("draining", "delay", s.DrainDelay.String(), "timeout", s.ShutdownTimeout.String())
	time.Sleep(s.DrainDelay)

	listener.Close()
	<-served
	deadline, cancel := context.WithTimeout(context.Background(), s.ShutdownTimeout)
	defer cancel()
	err := s.finish(deadline)
	server.Close()
	if err != nil {
		return fmt.Errorf("requests were cut off after %s: %w", s.ShutdownTimeout, err)
	}
	s.Logger.Info("stopped")
	return nil
}

func (s *Server) httpServer() *http.Server {
	routes := http.NewServeMux()
	routes.HandleFunc("GET /livez", s.live)
	routes.HandleFunc("GET /readyz", s.ready)
	routes.Handle("/", http.MaxBytesHandler(s.Handler, maxBodyBytes))
	return &http.Server{
		Handler:           withRequestID(withLog(s.Logger, s.closeWhenDraining(routes))),
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ConnState:         trackState,
		ErrorLog:          slog.NewLogLogger(s.Logger.Handler(), slog.LevelWarn),
	}
}

// live asks no dependency: a restart, which is what its failure leads to, would not mend one.
func (s *Server) live(w http.ResponseWriter, _ *http.Request) {
	fmt.Fprintln(w, "ok")
}

func (s *Server) ready(w http.ResponseWriter, _ *http.Request) {
	if s.draining.Load() {
		http.Error(w, "draining", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ok")
}

// closeWhenDraining asks clients that keep their connection to open a new one, which another instance will get.
func (s *Server) closeWhenDraining(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.draining.Load() {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}
