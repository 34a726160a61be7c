#include "config.h"

#include <catch2/catch_test_macros.hpp>
#include <map>

using namespace std::chrono_literals;

namespace {

std::expected<Config, std::string> load(const std::map<std::string, std::string>& variables) {
    return load_config([&variables](const std::string& name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional{found->second};
    });
}

}  // namespace

TEST_CASE("defaults hold when nothing is set") {
    const auto config = load({{"PORT", ""}, {"LOG_LEVEL", ""}});
    REQUIRE(config);
    CHECK(config->host == "0.0.0.0");
    CHECK(config->port == service::default_port);
    CHECK(config->log_level == logging::Level::info);
    CHECK(config->drain_delay == 0ms);
    CHECK(config->shutdown_timeout == 10s);
}

TEST_CASE("variables are read") {
    const auto config = load({{"HOST", "::1"},
                              {"PORT", "9090"},
                              {"LOG_LEVEL", "WARN"},
                              {"DRAIN_DELAY", "1.5s"},
                              {"SHUTDOWN_TIMEOUT", "2m"}});
    REQUIRE(config);
    CHECK(config->host == "::1");
    CHECK(config->port == 9090);
    CHECK(config->log_level == logging::Level::warn);
    CHECK(config->drain_delay == 1500ms);
    CHECK(config->shutdown_timeout == 2min);
}

TEST_CASE("every wrong variable is named") {
    const auto config = load({{"HOST", "localhost"}, {"PORT", "0"}, {"LOG_LEVEL", "loud"}, {"DRAIN_DELAY", "5"}});
    REQUIRE_FALSE(config);
    for (const auto* const name : {"HOST", "PORT", "LOG_LEVEL", "DRAIN_DELAY"}) {
        CHECK(config.error().contains(name));
    }
}

TEST_CASE("a port is a number from 1 to 65535") {
    for (const auto* const wrong : {"0", "-1", "65536", "80.5", "http", "80 ", "+80"}) {
        CHECK_FALSE(load({{"PORT", wrong}}));
    }
}

TEST_CASE("a duration has a unit and is not negative") {
    CHECK(load({{"DRAIN_DELAY", "250ms"}})->drain_delay == 250ms);
    CHECK(load({{"DRAIN_DELAY", "1h"}})->drain_delay == 1h);
    for (const auto* const wrong : {"5", "-1s", "s", "1 s", "1d", "1.2.3s", "nans", "infs", "99999999999999h"}) {
        CHECK_FALSE(load({{"DRAIN_DELAY", wrong}}));
    }
}
