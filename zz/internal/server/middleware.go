package server

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"
)

const (
	requestIDHeader    = "X-Request-Id"
	maxRequestIDLength = 64
)

type requestIDKey struct{}

// LogHandler adds the id of the request to what is logged with the request's context.
func LogHandler(next slog.Handler) slog.Handler {
	return logHandler{next}
}

type logHandler struct{ slog.Handler }

func (h logHandler) Handle(ctx context.Context, record slog.Record) error {
	if id, ok := ctx.Value(requestIDKey{}).(string); ok {
		record.AddAttrs(slog.String("request_id", id))
	}
	return h.Handler.Handle(ctx, record)
}

func (h logHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return logHandler{h.Handler.WithAttrs(attrs)}
}

func (h logHandler) WithGroup(name string) slog.Handler {
	return logHandler{h.Handler.WithGroup(name)}
}

func withRequestID(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get(requestIDHeader)
		if !acceptable(id) {
			id = rand.Text()
		}
		w.Header().Set(requestIDHeader, id)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), requestIDKey{}, id)))
	})
}

// acceptable tells whether the id that a caller sent can go into our log and back in a header.
func acceptable(id string) bool {
	return 0 < len(id) && len(id) <= maxRequestIDLength &&
		strings.IndexFunc(id, func(c rune) bool { return c <= ' ' || c > '~' }) < 0
}

func withLog(logger *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		sent := &recorder{ResponseWriter: w}
		defer func() {
			logger.Log(r.Context(), requestLevel(r), "request",
				"method", r.Method, "path", r.URL.Path, "status", sent.status, "bytes", sent.bytes,
				"duration_ms", time.Since(start).Milliseconds())
		}()
		defer recoverPanic(logger, sent, r)
		next.ServeHTTP(sent, r)
		sent.end()
	})
}

// requestLevel keeps the probes, which come every few seconds, out of the log.
func requestLevel(r *http.Request) slog.Level {
	if r.URL.Path == "/livez" || r.URL.Path == "/readyz" {
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

// recoverPanic answers 500 when the handler has panicked. If a part of the response is out already, it breaks the
// connection instead, so that the client cannot take that part for the whole.
func recoverPanic(logger *slog.Logger, w *recorder, r *http.Request) {
	reason := recover()
	if reason == nil {
		return
	}
	if reason != http.ErrAbortHandler {
		logger.ErrorContext(r.Context(), "panic", "reason", fmt.Sprint(reason), "stack", string(debug.Stack()))
	}
	if reason == http.ErrAbortHandler || w.status != 0 {
		panic(http.ErrAbortHandler)
	}
	http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
}

// recorder notes what was sent; a status of 0 is that nothing was. Through Unwrap http.ResponseController finds the
// writer inside it.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *recorder) WriteHeader(status int) {
	// Informational responses such as 103 come before the one that counts.
	if w.status == 0 && (status >= 200 || status == http.StatusSwitchingProtocols) {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(p []byte) (int, error) {
	w.end()
	n, err := w.ResponseWriter.Write(p)
	w.bytes += int64(n)
	return n, err
}

// end notes the status that net/http sends for a handler that has set none.
func (w *recorder) end() {
	w.status = cmp.Or(w.status, http.StatusOK)
}
