package server

import (
	"context"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// This does what http.Server.Shutdown is for. Shutdown drops a connection on which only a part of a request's
// header has arrived (see shuttingDown in net/http's conn.serve) and waits 5 s for one on which nothing has. So
// the connections themselves note that a request has begun.

const trackingInterval = 5 * time.Millisecond

// finish returns when every request that has begun is answered, or with the error of ctx when that ends before.
func (s *Server) finish(ctx context.Context) error {
	ticker := time.NewTicker(trackingInterval)
	defer ticker.Stop()
	for s.begun.Load() > 0 {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
		}
	}
	return nil
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

const (
	resting  int32 = iota // nothing of a request has arrived since the last response
	busy                  // a request has begun
	released              // closed, or taken over by a handler (http.Hijacker)
)

// trackedConn embeds the TCP connection itself, which keeps sendfile and CloseWrite for net/http.
type trackedConn struct {
	*net.TCPConn
	begun *atomic.Int64
	phase atomic.Int32
}

func (c *trackedConn) Read(p []byte) (int, error) {
	n, err := c.TCPConn.Read(p)
	if n > 0 {
		c.begin()
	}
	return n, err
}

func (c *trackedConn) begin() {
	if c.phase.CompareAndSwap(resting, busy) {
		c.begun.Add(1)
	}
}

func (c *trackedConn) end(next int32) {
	if c.phase.Swap(next) == busy {
		c.begun.Add(-1)
	}
}

// trackState is an http.Server.ConnState.
func trackState(conn net.Conn, state http.ConnState) {
	tracked, ok := conn.(*trackedConn)
	if !ok {
		return
	}
	switch state {
	case http.StateActive: // A request that arrived together with the one before it is not read any more.
		tracked.begin()
	case http.StateIdle:
		tracked.end(resting)
	case http.StateHijacked, http.StateClosed:
		tracked.end(released)
	}
}
