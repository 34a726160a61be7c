package server

import (
	"context"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// http.Server.Shutdown waits for handlers, but drops a connection on which only a part of a request's header
// has arrived: see shuttingDown in net/http's conn.serve. So the connections themselves note that a request has
// begun, and Shutdown is called when none is left.

const trackingInterval = 5 * time.Millisecond

// waitForBegun returns when no connection has a request that has begun, or when ctx ends.
func (s *Server) waitForBegun(ctx context.Context) {
	ticker := time.NewTicker(trackingInterval)
	defer ticker.Stop()
	for s.begun.Load() > 0 {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// trackedListener makes its connections count in begun.
type trackedListener struct {
	*net.TCPListener
	begun *atomic.Int64
}

func (l *trackedListener) Accept() (net.Conn, error) {
	conn, err := l.AcceptTCP()
	if err != nil {
		return nil, err
	}
	return &trackedConn{TCPConn: conn, begun: l.begun}, nil
}

// trackedConn embeds the TCP connection itself, which keeps sendfile and CloseWrite for net/http.
type trackedConn struct {
	*net.TCPConn
	begun *atomic.Int64
	busy  atomic.Bool
}

func (c *trackedConn) Read(p []byte) (int, error) {
	n, err := c.TCPConn.Read(p)
	if n > 0 && c.busy.CompareAndSwap(false, true) {
		c.begun.Add(1)
	}
	return n, err
}

// trackState is an http.Server.ConnState: a connection that rests or ends has no request left.
func trackState(conn net.Conn, state http.ConnState) {
	tracked, ok := conn.(*trackedConn)
	if !ok || state == http.StateNew || state == http.StateActive {
		return
	}
	if tracked.busy.CompareAndSwap(true, false) {
		tracked.begun.Add(-1)
	}
}
