package api

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestHandler(t *testing.T) {
	handler := Handler(Info{Service: "orders", Version: "1.2.3", Message: `takes "orders"`})
	for _, test := range []struct {
		method, path string
		status       int
		body         string
	}{
		{"GET", "/", 200, `{"service":"orders","version":"1.2.3","message":"takes \"orders\""}` + "\n"},
		{"GET", "/missing", 404, "404 page not found\n"},
		{"POST", "/", 405, "Method Not Allowed\n"},
	} {
		t.Run(test.method+" "+test.path, func(t *testing.T) {
			response := httptest.NewRecorder()
			handler.ServeHTTP(response, httptest.NewRequest(test.method, test.path, http.NoBody))
			if response.Code != test.status || response.Body.String() != test.body {
				t.Errorf("got %d and %q, want %d and %q", response.Code, response.Body, test.status, test.body)
			}
		})
	}
}
