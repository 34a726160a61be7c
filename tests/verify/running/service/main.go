// A service that keeps the contract, or breaks one promise of it on purpose: FLAW, set in the image, says which.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"
)

var (
	flaw     = os.Getenv("FLAW")
	draining atomic.Bool
)

func say(message string) {
	if flaw == "logs-text" {
		fmt.Println(message)
		return
	}
	out := os.Stdout
	if flaw == "logs-stderr" {
		out = os.Stderr
	}
	json.NewEncoder(out).Encode(map[string]string{"msg": message})
}

func port() string {
	text := os.Getenv("PORT")
	if text == "" || flaw == "fixed-port" {
		return "8080"
	}
	if _, err := strconv.ParseUint(text, 10, 16); err != nil {
		switch flaw {
		case "starts-anyway":
			return "8080"
		case "exits-zero":
			say("PORT is wrong")
			os.Exit(0)
		case "silent-exit":
			os.Exit(1)
		case "many-lines":
			say("PORT is wrong")
			say("good bye")
			os.Exit(1)
		}
		say("PORT is wrong: " + text)
		os.Exit(1)
	}
	return text
}

func answer(w http.ResponseWriter, r *http.Request) {
	switch {
	case flaw == "root-500" && r.URL.Path == "/":
		w.WriteHeader(500)
	case r.URL.Path == "/readyz" && draining.Load() && flaw != "ready-while-draining":
		w.WriteHeader(503)
	case r.URL.Path == "/" || r.URL.Path == "/livez" || r.URL.Path == "/readyz":
		fmt.Fprintln(w, "{}")
	default:
		w.WriteHeader(404)
	}
}

func main() {
	address := ":" + port()
	if len(os.Args) > 1 {
		if flaw == "unhealthy" {
			os.Exit(1)
		}
		if _, err := http.Get("http://127.0.0.1" + address + "/livez"); err != nil {
			os.Exit(1)
		}
		return
	}
	switch flaw {
	case "crashes":
		say("no")
		os.Exit(1)
	case "writes-to-root":
		if err := os.WriteFile("/state", nil, 0o600); err != nil {
			say(err.Error())
			os.Exit(1)
		}
	case "known-user-only":
		if os.Getuid() != 65532 {
			say("who are you?")
			os.Exit(1)
		}
	case "never-answers":
		time.Sleep(time.Hour)
	}
	server := &http.Server{Addr: address, Handler: http.HandlerFunc(answer)}
	go server.ListenAndServe()
	if flaw != "logs-nothing" {
		say("listening")
	}

	signals := make(chan os.Signal, 1)
	if flaw == "dies-at-once" {
		select {}
	}
	signal.Notify(signals, syscall.SIGTERM)
	<-signals
	switch flaw {
	case "ignores-sigterm":
		select {}
	case "exits-one":
		os.Exit(1)
	case "cuts-requests":
		os.Exit(0)
	}
	draining.Store(true)
	delay, _ := time.ParseDuration(os.Getenv("DRAIN_DELAY"))
	time.Sleep(delay)
	server.Shutdown(context.Background())
}
