package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestRequestID(t *testing.T) {
	handler := handle(http.NotFoundHandler(), discard)
	for _, test := range []struct {
		sent string
		kept bool
	}{
		{"abc-123", true},
		{"", false},
		{"two words", false},
		{"\u00e9", false},
		{strings.Repeat("x", maxRequestIDLength+1), false},
	} {
		response := serve(handler, "GET", "/", http.Header{requestIDHeader: {test.sent}})
		got := response.Header().Get(requestIDHeader)
		if (got == test.sent) != test.kept || got == "" {
			t.Errorf("%q is answered with %q", test.sent, got)
		}
	}
}

func TestRequestIsLogged(t *testing.T) {
	log := new(recordedLog)
	logger := log.logger(slog.LevelInfo)
	handler := handle(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		logger.InfoContext(r.Context(), "in the handler")
		w.WriteHeader(http.StatusTeapot)
		io.WriteString(w, "short and stout")
	}), logger)
	serve(handler, "GET", "/pot?handle=here", http.Header{requestIDHeader: {"id-1"}})

	lines := log.lines(t)
	if len(lines) != 2 || lines[0]["request_id"] != "id-1" {
		t.Fatalf("the handler's line does not carry the request's id: %v", lines)
	}
	for key, want := range map[string]any{
		"level": "INFO", "msg": "request", "method": "GET", "path": "/pot", "status": 418.0, "bytes": 15.0,
		"request_id": "id-1",
	} {
		if got := lines[1][key]; got != want {
			t.Errorf("%s is %v, want %v", key, got, want)
		}
	}
}

func TestStatusThatNetHTTPSends(t *testing.T) {
	for name, test := range map[string]struct {
		handler http.HandlerFunc
		status  int
	}{
		"nothing is written":   {func(http.ResponseWriter, *http.Request) {}, http.StatusOK},
		"a body only":          {func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "body") }, http.StatusOK},
		"the first one counts": {writeStatus(http.StatusCreated, http.StatusOK), http.StatusCreated},
		"informational before": {writeStatus(http.StatusEarlyHints, http.StatusCreated), http.StatusCreated},
	} {
		t.Run(name, func(t *testing.T) {
			log := new(recordedLog)
			serve(handle(test.handler, log.logger(slog.LevelInfo)), "GET", "/", nil)
			if got := log.lines(t)[0]["status"]; got != float64(test.status) {
				t.Errorf("got %v, want %d", got, test.status)
			}
		})
	}
}

func TestProbesAreLoggedAtDebug(t *testing.T) {
	for level, want := range map[slog.Level]int{slog.LevelInfo: 0, slog.LevelDebug: 2} {
		log := new(recordedLog)
		handler := handle(http.NotFoundHandler(), log.logger(level))
		serve(handler, "GET", "/livez", nil)
		serve(handler, "GET", "/readyz", nil)
		if got := len(log.lines(t)); got != want {
			t.Errorf("at level %s there are %d lines, want %d", level, got, want)
		}
	}
}

func TestPanic(t *testing.T) {
	log := new(recordedLog)
	handler := handle(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		panic("boom")
	}), log.logger(slog.LevelInfo))

	if response := serve(handler, "GET", "/", nil); response.Code != http.StatusInternalServerError {
		t.Errorf("got %d", response.Code)
	}
	lines := log.lines(t)
	if len(lines) != 2 || lines[0]["reason"] != "boom" || lines[1]["status"] != 500.0 {
		t.Errorf("got %v", lines)
	}
}

func TestPanicInTheMiddleOfAResponse(t *testing.T) {
	for name, reason := range map[string]any{"any reason": "boom", "net/http's own": http.ErrAbortHandler} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(handle(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				io.WriteString(w, "the first half")
				http.NewResponseController(w).Flush()
				panic(reason)
			}), discard))
			defer server.Close()

			response, err := http.Get(server.URL)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			if body, err := io.ReadAll(response.Body); err == nil {
				t.Errorf("the client takes %q for the whole", body)
			}
		})
	}
}

func TestBodyIsLimited(t *testing.T) {
	var got error
	handler := handle(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, got = io.Copy(io.Discard, r.Body)
	}), discard)
	for size, refused := range map[int]bool{maxBodyBytes: false, maxBodyBytes + 1: true} {
		request := httptest.NewRequest("POST", "/", bytes.NewReader(make([]byte, size)))
		handler.ServeHTTP(httptest.NewRecorder(), request)
		if _, tooLarge := errors.AsType[*http.MaxBytesError](got); tooLarge != refused {
			t.Errorf("a body of %d bytes: %v", size, got)
		}
	}
}

var discard = slog.New(slog.DiscardHandler)

func handle(handler http.Handler, logger *slog.Logger) http.Handler {
	return (&Server{Handler: handler, Logger: logger}).httpServer().Handler
}

func serve(handler http.Handler, method, path string, header http.Header) *httptest.ResponseRecorder {
	request := httptest.NewRequest(method, path, http.NoBody)
	request.Header = header
	response := httptest.NewRecorder()
	handler.ServeHTTP(response, request)
	return response
}

func writeStatus(statuses ...int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for _, status := range statuses {
			w.WriteHeader(status)
		}
	}
}

type recordedLog struct{ bytes.Buffer }

func (l *recordedLog) logger(level slog.Level) *slog.Logger {
	return slog.New(LogHandler(slog.NewJSONHandler(l, &slog.HandlerOptions{Level: level})))
}

func (l *recordedLog) lines(t *testing.T) []map[string]any {
	t.Helper()
	var lines []map[string]any
	for decoder := json.NewDecoder(l); decoder.More(); {
		var line map[string]any
		if err := decoder.Decode(&line); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	return lines
}
