package server

import (
	"crypto/rand"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"
)

const (
	requestIDHeader    = "X-Request-Id"
	maxRequestIDLength = 64
)

// logged writes a line for each request when it is answered, and gives it an id that its answer carries too.
func logged(logger *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		id := requestID(r)
		w.Header().Set(requestIDHeader, id)
		recorder := &recorder{ResponseWriter: w, status: http.StatusOK}

		next.ServeHTTP(recorder, r)

		logger.LogAttrs(r.Context(), levelFor(r), "request",
			slog.String("request_id", id),
			slog.String("method", r.Method),
			slog.String("path", r.URL.Path),
			slog.Int("status", recorder.status),
			slog.Int("bytes", recorder.bytes),
			slog.Duration("duration", time.Since(began)),
		)
	})
}

// recovered answers 500 when a handler panics, so that one request cannot end the others.
func recovered(logger *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if reason := recover(); reason != nil {
				if reason == http.ErrAbortHandler {
					panic(reason)
				}
				logger.ErrorContext(r.Context(), "panic", "reason", reason, "stack", string(debug.Stack()))
				respond(w, http.StatusInternalServerError, status{"internal error"})
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// levelFor keeps the probes, which come every few seconds, out of the ordinary log.
func levelFor(r *http.Request) slog.Level {
	if r.URL.Path == LivePath || r.URL.Path == ReadyPath {
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

// requestID takes over the id of a proxy in front when it is one that can go into a log as it is.
func requestID(r *http.Request) string {
	id := r.Header.Get(requestIDHeader)
	if id == "" || len(id) > maxRequestIDLength {
		return rand.Text()
	}
	for _, c := range id {
		if c <= ' ' || c > '~' {
			return rand.Text()
		}
	}
	return id
}

type recorder struct {
	http.ResponseWriter
	status int
	bytes  int
}

func (r *recorder) WriteHeader(code int) {
	r.status = code
	r.ResponseWriter.WriteHeader(code)
}

func (r *recorder) Write(data []byte) (int, error) {
	n, err := r.ResponseWriter.Write(data)
	r.bytes += n
	return n, err
}

// Unwrap lets http.ResponseController reach the writer below, for flushing and deadlines.
func (r *recorder) Unwrap() http.ResponseWriter {
	return r.ResponseWriter
}
