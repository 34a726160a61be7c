// Package api is what the service offers over HTTP. Add your handlers here.
package api

import (
	"encoding/json"
	"log/slog"
	"net/http"
)

// Info is what the service says of itself at its root.
type Info struct {
	Service string `json:"service"`
	Version string `json:"version"`
	Message string `json:"message"`
}

// Handler returns the service's routes.
func Handler(info Info) http.Handler {
	routes := http.NewServeMux()
	routes.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		respond(w, r, http.StatusOK, info)
	})
	return routes
}

func respond(w http.ResponseWriter, r *http.Request, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(body); err != nil {
		slog.WarnContext(r.Context(), "the response was not sent", "error", err)
	}
}
