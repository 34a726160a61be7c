package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"example.com/zz/internal/config"
)

// Shorter than the timeout of the image's HEALTHCHECK, so that the reason is reported rather than a kill.
const healthcheckTimeout = 2 * time.Second

// healthcheck asks the service that runs beside it, with the same environment, whether it is alive.
func healthcheck(settings config.Config) error {
	ctx, cancel := context.WithTimeout(context.Background(), healthcheckTimeout)
	defer cancel()
	// To 0.0.0.0 and :: the net package connects as to this host.
	url := fmt.Sprintf("http://%s/livez", settings.Address())
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	// A transport of its own: the default one would send the request through HTTP_PROXY.
	response, err := new(http.Transport).RoundTrip(request)
	if err != nil {
		return fmt.Errorf("healthcheck: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("healthcheck: %s answered %s", url, response.Status)
	}
	return nil
}
