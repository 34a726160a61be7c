// The service's configuration, read from its environment. README.md describes the variables.

#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>

#include "logging.h"
#include "service.h"

struct Config {
    // A numeric address: a name would need the resolver of glibc, which a static program has not.
    std::string host = "0.0.0.0";
    std::uint16_t port = service::default_port;
    logging::Level log_level = logging::Level::info;
    // How long /readyz says 503 before connections are refused.
    std::chrono::milliseconds drain_delay{0};
    // How long requests that have begun by then may take.
    std::chrono::milliseconds shutdown_timeout{10'000};
};

// Looks up a variable of the environment.
using GetVariable = std::function<std::optional<std::string>(const std::string&)>;

// Reads the variables through `get`; one that is empty counts as not set. The error names every variable that does
// not hold, not only the first.
std::expected<Config, std::string> load_config(const GetVariable& get);
