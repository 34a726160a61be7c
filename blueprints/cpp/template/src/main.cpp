// An HTTP service. Called with `healthcheck` it asks the running service whether it is alive.

#include <csignal>
#include <cstdlib>
#include <exception>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <tuple>

#include "api.h"
#include "config.h"
#include "healthcheck.h"
#include "logging.h"
#include "server.h"

namespace {

std::optional<std::string> variable(const std::string& name) {
    // Nothing changes the environment, so the threads may read it.
    const char* const value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe)
    return value == nullptr ? std::nullopt : std::optional<std::string>{value};
}

std::string joined(std::span<char* const> words) {
    std::string text;
    for (const std::string word : words) {
        text += (text.empty() ? "" : " ") + word;
    }
    return text;
}

std::expected<void, std::string> run(std::span<char* const> arguments) {
    const auto config = load_config(variable);
    if (!config) {
        return std::unexpected("configuration: " + config.error());
    }
    logging::set_level(config->log_level);
    const auto command = joined(arguments);
    if (command.empty()) {
        return serve(*config, api::routes());
    }
    if (command == "healthcheck") {
        return healthcheck(*config);
    }
    return std::unexpected("unknown command \"" + command + "\": there is only healthcheck, or nothing");
}

}  // namespace

int main(int count, char* words[]) {
    // Whoever reads the log may go; the service stays.
    std::ignore = std::signal(SIGPIPE, SIG_IGN);
    try {
        const auto done = run(std::span{words, static_cast<std::size_t>(count)}.subspan(1));
        if (done) {
            return EXIT_SUCCESS;
        }
        logging::error("exit", {{"error", done.error()}});
    } catch (const std::exception& problem) {
        logging::error("exit", {{"error", problem.what()}});
    }
    // Not by return: what was cut off may still be using what would be destroyed.
    std::_Exit(EXIT_FAILURE);
}
