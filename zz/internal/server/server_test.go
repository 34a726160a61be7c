package server

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
	"time"
)

func TestProbes(t *testing.T) {
	server := &Server{Handler: http.NotFoundHandler(), Logger: discard}
	expectProbe := func(path string, status int) {
		t.Helper()
		if response := serve(server.httpServer().Handler, "GET", path, nil); response.Code != status {
			t.Errorf("%s answers %d, want %d", path, response.Code, status)
		}
	}

	expectProbe("/livez", http.StatusOK)
	expectProbe("/readyz", http.StatusOK)

	server.draining.Store(true)
	expectProbe("/livez", http.StatusOK)
	expectProbe("/readyz", http.StatusServiceUnavailable)
}

func TestDraining(t *testing.T) {
	running := start(t, &Server{Handler: http.NotFoundHandler(), Logger: discard, DrainDelay: time.Hour})
	running.stop()

	response, err := http.Get("http://" + running.address + "/readyz")
	if err != nil {
		t.Fatalf("connections are not accepted while draining: %v", err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusServiceUnavailable || !response.Close {
		t.Errorf("got %s, with Connection: close %t", response.Status, response.Close)
	}
}

// A request of which anything has arrived when the service is told to stop is answered.
func TestFinishesWhatHasBegun(t *testing.T) {
	const whole = "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\n\r\nbody"
	for name, test := range map[string]struct{ before, begun, rest string }{
		"one byte has arrived":                {"", whole[:1], whole[1:]},
		"half of the header":                  {"", whole[:30], whole[30:]},
		"the header without the body":         {"", whole[:len(whole)-4], "body"},
		"half of the header of a second one":  {whole, whole[:30], whole[30:]},
		"a second one without the body's end": {whole, whole[:len(whole)-1], "y"},
	} {
		t.Run(name, func(t *testing.T) {
			running := start(t, &Server{Handler: echo(), Logger: discard, ShutdownTimeout: time.Minute})
			conn := running.dial(t)
			if test.before != "" {
				send(t, conn, test.before)
				expectEcho(t, conn)
				running.waitForBegun(t, 0)
			}
			send(t, conn, test.begun)
			running.waitForBegun(t, 1)

			running.stop()
			send(t, conn, test.rest)
			expectEcho(t, conn)
			if err := <-running.ended; err != nil {
				t.Error(err)
			}
		})
	}
}

func TestDoesNotWaitForConnectionsWithoutARequest(t *testing.T) {
	running := start(t, &Server{Handler: hijack(), Logger: discard})
	silent, kept, hijacked := running.dial(t), running.dial(t), running.dial(t)
	send(t, kept, "GET /missing HTTP/1.1\r\nHost: test\r\n\r\n")
	readResponse(t, kept)
	send(t, hijacked, "GET /hijack HTTP/1.1\r\nHost: test\r\n\r\n")
	readLine(t, hijacked)
	send(t, hijacked, "no request\n")
	readLine(t, hijacked)
	running.waitForBegun(t, 0)

	running.stop()
	if err := <-running.ended; err != nil {
		t.Error(err)
	}
	for _, conn := range []net.Conn{silent, kept} {
		if _, err := conn.Read(make([]byte, 1)); err == nil {
			t.Error("the connection is still open")
		}
	}
}

func TestCutsOffAfterTheTimeout(t *testing.T) {
	release := make(chan struct{})
	defer close(release)
	stuck := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release })
	running := start(t, &Server{Handler: stuck, Logger: discard, ShutdownTimeout: time.Millisecond})
	send(t, running.dial(t), "GET / HTTP/1.1\r\nHost: test\r\n\r\n")
	running.waitForBegun(t, 1)

	running.stop()
	if err := <-running.ended; err == nil {
		t.Error("the request was cut off without an error")
	}
}

func TestReportsThatItCannotServe(t *testing.T) {
	listener := listen(t)
	listener.Close()
	if err := (&Server{Logger: discard}).Run(t.Context(), listener); err == nil {
		t.Error("serving on a closed listener is no error")
	}
}

func echo() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) })
}

// hijack answers every line of /hijack as a protocol of its own would, and 404 elsewhere.
func hijack() http.Handler {
	routes := http.NewServeMux()
	routes.HandleFunc("/hijack", func(w http.ResponseWriter, _ *http.Request) {
		conn, lines, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err)
		}
		go func() {
			fmt.Fprintln(conn, "taken over")
			for {
				line, err := lines.ReadString('\n')
				if err != nil {
					return
				}
				fmt.Fprint(conn, line)
			}
		}()
	})
	return routes
}

func expectEcho(t *testing.T, conn net.Conn) {
	t.Helper()
	if response := readResponse(t, conn); response.StatusCode != http.StatusOK {
		t.Errorf("got %s", response.Status)
	}
}

func readResponse(t *testing.T, conn net.Conn) *http.Response {
	t.Helper()
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatalf("no response: %v", err)
	}
	defer response.Body.Close()
	if _, err := io.ReadAll(response.Body); err != nil {
		t.Fatalf("half a response: %v", err)
	}
	return response
}

func readLine(t *testing.T, conn net.Conn) {
	t.Helper()
	if _, err := bufio.NewReader(conn).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
}

func send(t *testing.T, conn net.Conn, text string) {
	t.Helper()
	if _, err := fmt.Fprint(conn, text); err != nil {
		t.Fatal(err)
	}
}

type running struct {
	server  *Server
	address string
	cancel  context.CancelFunc
	ended   chan error
}

func start(t *testing.T, server *Server) running {
	t.Helper()
	listener := listen(t)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- server.Run(ctx, listener) }()
	return running{server, listener.Addr().String(), cancel, ended}
}

// stop returns when the shutdown has begun.
func (r running) stop() {
	r.cancel()
	for !r.server.draining.Load() {
		time.Sleep(time.Millisecond)
	}
}

func (r running) waitForBegun(t *testing.T, requests int64) {
	t.Helper()
	for r.server.begun.Load() != requests {
		time.Sleep(time.Millisecond)
	}
}

func (r running) dial(t *testing.T) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", r.address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

func listen(t *testing.T) *net.TCPListener {
	t.Helper()
	listener, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	return listener
}
