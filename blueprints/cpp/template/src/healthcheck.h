// `healthcheck`: asks the service that runs beside it, with the same environment, whether it is alive, so that a
// container needs neither a shell nor curl for that.

#pragma once

#include <expected>
#include <string>

#include "config.h"

// The error says why the service is not alive.
std::expected<void, std::string> healthcheck(const Config& config);
