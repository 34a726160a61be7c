// Runs the service the way a container platform expects it: with probes, limits, one line in the log for each request,
// and a shutdown that finishes what has begun.

#pragma once

#include <expected>
#include <string>

#include "config.h"
#include "http.h"

// Serves `routes`, and /livez and /readyz beside them, until SIGINT or SIGTERM, then shuts down: /readyz turns 503 and
// load balancers look away during the drain delay; then no connection is accepted any more and requests that have begun
// are finished. A second signal ends the process at once. The error says that some took longer than the shutdown
// timeout; their threads may still run then.
std::expected<void, std::string> serve(const Config& config, http::Routes routes);
