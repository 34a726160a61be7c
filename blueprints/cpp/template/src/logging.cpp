#include "logging.h"

#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <mutex>
#include <nlohmann/json.hpp>
#include <span>

#include "clock.h"

namespace logging {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 4> names{"debug", "info", "warn", "error"};
constexpr std::array<std::string_view, 4> shown{"DEBUG", "INFO", "WARN", "ERROR"};

std::atomic<Level> lowest{Level::info};
std::mutex writing;

void write_all(std::span<const char> line) {
    while (!line.empty()) {
        const auto written = ::write(STDOUT_FILENO, line.data(), line.size());
        if (written < 0 && errno != EINTR) {
            return;  // Nobody reads the log any more, and there is nowhere else to say so.
        }
        line = line.subspan(written < 0 ? 0 : static_cast<std::size_t>(written));
    }
}

}  // namespace

std::string_view name(Level level) { return names.at(static_cast<std::size_t>(level)); }

void set_level(Level level) { lowest = level; }

void write(Level level, std::string_view message, Fields fields) {
    if (level < lowest) {
        return;
    }
    Json line{{"time", wall_clock::rfc3339()}, {"level", shown.at(static_cast<std::size_t>(level))}, {"msg", message}};
    for (const auto& [key, value] : fields) {
        std::visit([&line, &key](const auto& content) { line[std::string{key}] = content; }, value);
    }
    const auto text = line.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
    const std::scoped_lock lock{writing};
    write_all(text);
}

}  // namespace logging
