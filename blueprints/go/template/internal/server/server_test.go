package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
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

func TestRequestInFlightIsFinished(t *testing.T) {
	t.Parallel()

	ctx, stop := context.WithCancel(t.Context())
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := New(info, discard(), 0, 10*time.Second)
	entered, release := make(chan struct{}), make(chan struct{})
	s.http.Handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(entered)
		<-release
		respond(w, http.StatusOK, info)
	})
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx, listener) }()
	answered := make(chan error, 1)
	go func() { answered <- fetch(t.Context(), "http://"+listener.Addr().String()) }()

	<-entered
	stop()
	for !s.draining.Load() {
		time.Sleep(time.Millisecond)
	}
	close(release)

	if err := <-answered; err != nil {
		t.Errorf("the request in flight: %v", err)
	}
	if err := <-ended; err != nil {
		t.Errorf("the server ended with %v", err)
	}
}

func TestRequestThatNeverEnds(t *testing.T) {
	t.Parallel()

	ctx, stop := context.WithCancel(t.Context())
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := New(info, discard(), 0, time.Millisecond)
	entered := make(chan struct{})
	s.http.Handler = http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(entered)
		<-r.Context().Done()
	})
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx, listener) }()
	go func() { _ = fetch(t.Context(), "http://"+listener.Addr().String()) }()

	<-entered
	stop()
	if err := <-ended; !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the server ended with %v", err)
	}
}

func fetch(ctx context.Context, url string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return errors.New(response.Status)
	}
	return nil
}
