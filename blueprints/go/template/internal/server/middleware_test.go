package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}

func TestRequestID(t *testing.T) {
	handler := (&Server{Handler: http.NotFoundHandler()}).httpServer().Handler
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
	log := capture(t, slog.LevelInfo)
	handler := (&Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		slog.InfoContext(r.Context(), "in the handler")
		w.WriteHeader(http.StatusTeapot)
		io.WriteString(w, "short and stout")
	})}).httpServer().Handler
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

func TestInformationalStatusIsNotTheResponse(t *testing.T) {
	w := &recorder{ResponseWriter: httptest.NewRecorder()}
	for _, status := range []int{http.StatusEarlyHints, http.StatusCreated, http.StatusOK} {
		w.WriteHeader(status)
	}
	if w.status != http.StatusCreated {
		t.Errorf("got %d", w.status)
	}
}

func TestProbesAreLoggedAtDebug(t *testing.T) {
	handler := (&Server{Handler: http.NotFoundHandler()}).httpServer().Handler
	for level, want := range map[slog.Level]int{slog.LevelInfo: 0, slog.LevelDebug: 2} {
		log := capture(t, level)
		serve(handler, "GET", "/livez", nil)
		serve(handler, "GET", "/readyz", nil)
		if got := len(log.lines(t)); got != want {
			t.Errorf("at level %s there are %d lines, want %d", level, got, want)
		}
	}
}

func TestPanic(t *testing.T) {
	log := capture(t, slog.LevelInfo)
	handler := (&Server{Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		panic("boom")
	})}).httpServer().Handler

	if response := serve(handler, "GET", "/", nil); response.Code != http.StatusInternalServerError {
		t.Errorf("got %d", response.Code)
	}
	lines := log.lines(t)
	if len(lines) != 2 || lines[0]["reason"] != "boom" || lines[1]["status"] != 500.0 {
		t.Errorf("got %v", lines)
	}
}

func TestPanicInTheMiddleOfAResponse(t *testing.T) {
	capture(t, slog.LevelInfo)
	server := httptest.NewServer((&Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "the first half")
		http.NewResponseController(w).Flush()
		panic("boom")
	})}).httpServer().Handler)
	defer server.Close()

	response, err := http.Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if body, err := io.ReadAll(response.Body); err == nil {
		t.Errorf("the client takes %q for the whole", body)
	}
}

func TestBodyIsLimited(t *testing.T) {
	var got error
	handler := (&Server{Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, got = io.Copy(io.Discard, r.Body)
	})}).httpServer().Handler
	for size, refused := range map[int]bool{maxBodyBytes: false, maxBodyBytes + 1: true} {
		request := httptest.NewRequest("POST", "/", bytes.NewReader(make([]byte, size)))
		handler.ServeHTTP(httptest.NewRecorder(), request)
		if _, tooLarge := errors.AsType[*http.MaxBytesError](got); tooLarge != refused {
			t.Errorf("a body of %d bytes: %v", size, got)
		}
	}
}

func serve(handler http.Handler, method, path string, header http.Header) *httptest.ResponseRecorder {
	request := httptest.NewRequest(method, path, http.NoBody)
	request.Header = header
	response := httptest.NewRecorder()
	handler.ServeHTTP(response, request)
	return response
}

type capturedLog struct{ bytes.Buffer }

// capture puts the log of the rest of the test into what it returns.
func capture(t *testing.T, level slog.Level) *capturedLog {
	t.Helper()
	before := slog.Default()
	t.Cleanup(func() { slog.SetDefault(before) })
	log := new(capturedLog)
	slog.SetDefault(slog.New(LogHandler(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: level}))))
	return log
}

func (l *capturedLog) lines(t *testing.T) []map[string]any {
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
