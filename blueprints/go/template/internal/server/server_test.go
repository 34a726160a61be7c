package server

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

var info = Info{Service: "test", Version: "1.2.3", Revision: "abc"}

func discard() *slog.Logger {
	return slog.New(slog.DiscardHandler)
}

func get(t *testing.T, s *Server, path string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	s.http.Handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
	return w
}

func TestRoutes(t *testing.T) {
	t.Parallel()

	s := New(info, discard(), 0, time.Second)
	for path, want := range map[string]int{
		"/":       http.StatusOK,
		LivePath:  http.StatusOK,
		ReadyPath: http.StatusOK,
		"/none":   http.StatusNotFound,
	} {
		if got := get(t, s, path).Code; got != want {
			t.Errorf("GET %s: got %d, want %d", path, got, want)
		}
	}

	var got Info
	if err := json.Unmarshal(get(t, s, "/").Body.Bytes(), &got); err != nil || got != info {
		t.Errorf("got %+v and error %v, want %+v", got, err, info)
	}
}

func TestReadyWhileDraining(t *testing.T) {
	t.Parallel()

	s := New(info, discard(), 0, time.Second)
	s.draining.Store(true)
	if got := get(t, s, ReadyPath).Code; got != http.StatusServiceUnavailable {
		t.Errorf("ready: got %d", got)
	}
	if got := get(t, s, LivePath).Code; got != http.StatusOK {
		t.Errorf("live: got %d", got)
	}
}

func TestPanicBecomesAnAnswer(t *testing.T) {
	t.Parallel()

	var log bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&log, nil))
	handler := logged(logger, recovered(logger, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		panic("boom")
	})))
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))

	if w.Code != http.StatusInternalServerError {
		t.Errorf("got %d", w.Code)
	}
	if !strings.Contains(log.String(), "boom") || !strings.Contains(log.String(), `"status":500`) {
		t.Errorf("got log %s", log.String())
	}
}

func TestRequestID(t *testing.T) {
	t.Parallel()

	for given, taken := range map[string]bool{"abc-123": true, "": false, "a b": false, strings.Repeat("x", 65): false} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		r.Header.Set(requestIDHeader, given)
		if got := requestID(r); (got == given) != taken || got == "" {
			t.Errorf("given %q: got %q", given, got)
		}
	}
}

// A request of which only a part has arrived when the service is asked to stop is answered all the same.
func TestRequestInFlightIsFinished(t *testing.T) {
	t.Parallel()

	ctx, stop := context.WithCancel(t.Context())
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := New(info, discard(), 0, 10*time.Second)
	accepted := make(chan struct{}, 1)
	s.http.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			accepted <- struct{}{}
		}
	}
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx, listener) }()

	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	send(t, conn, "GET / HTTP/1.1\r\nHost: test\r\n")
	<-accepted
	stop()
	for !s.draining.Load() {
		time.Sleep(time.Millisecond)
	}
	send(t, conn, "Connection: close\r\n\r\n")

	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("got %d", response.StatusCode)
	}
	if err := <-ended; err != nil {
		t.Errorf("the server ended with %v", err)
	}
}

func send(t *testing.T, w io.Writer, text string) {
	t.Helper()
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
}
