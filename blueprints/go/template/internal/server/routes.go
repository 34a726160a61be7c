package server

import (
	"encoding/json"
	"net/http"
)

// The paths by which a platform watches the service.
const (
	LivePath  = "/livez"
	ReadyPath = "/readyz"
)

func (s *Server) routes(info Info) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		respond(w, http.StatusOK, info)
	})
	// Liveness depends on nothing but this process: a database that is down is no reason to restart it.
	mux.HandleFunc("GET "+LivePath, func(w http.ResponseWriter, _ *http.Request) {
		respond(w, http.StatusOK, status{"alive"})
	})
	mux.HandleFunc("GET "+ReadyPath, func(w http.ResponseWriter, _ *http.Request) {
		if s.draining.Load() {
			respond(w, http.StatusServiceUnavailable, status{"draining"})
			return
		}
		respond(w, http.StatusOK, status{"ready"})
	})
	return mux
}

type status struct {
	Status string `json:"status"`
}

func respond(w http.ResponseWriter, code int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	// An error here means that the client is gone; there is nobody to tell.
	_ = json.NewEncoder(w).Encode(body)
}
