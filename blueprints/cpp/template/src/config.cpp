#include "config.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string_view>
#include <utility>

namespace {

using std::chrono::milliseconds;

// What was read, or what is allowed instead.
template <typename T>
using Parsed = std::expected<T, std::string_view>;

Parsed<std::string> parse_host(std::string_view text) {
    std::string host{text};
    in6_addr address{};
    if (inet_pton(AF_INET, host.c_str(), &address) != 1 && inet_pton(AF_INET6, host.c_str(), &address) != 1) {
        return std::unexpected("want an IP address such as 0.0.0.0 or ::1");
    }
    return host;
}

template <typename T>
std::optional<T> parse_number(std::string_view text) {
    T number{};
    const auto [end, error] = std::from_chars(text.begin(), text.end(), number);
    return error == std::errc{} && end == text.end() ? std::optional{number} : std::nullopt;
}

Parsed<std::uint16_t> parse_port(std::string_view text) {
    const auto port = parse_number<std::uint16_t>(text);
    if (!port || *port == 0) {
        return std::unexpected("want a number from 1 to 65535");
    }
    return *port;
}

Parsed<logging::Level> parse_level(std::string_view text) {
    std::string lower{text};
    std::ranges::transform(lower, lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
    for (const auto level :
         {logging::Level::debug, logging::Level::info, logging::Level::warn, logging::Level::error}) {
        if (lower == logging::name(level)) {
            return level;
        }
    }
    return std::unexpected("want debug, info, warn or error");
}

Parsed<milliseconds> parse_duration(std::string_view text) {
    constexpr std::string_view want = "want a duration such as 0s, 1.5s or 2m";
    constexpr auto units =
        std::to_array<std::pair<std::string_view, double>>({{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}});
    constexpr double longest = 1e12;  // some 30 years
    const auto unit_at = std::min(text.find_first_not_of("0123456789."), text.size());
    const auto* const unit =
        std::ranges::find(units, text.substr(unit_at), &std::pair<std::string_view, double>::first);
    const auto number = parse_number<double>(text.substr(0, unit_at));
    if (unit == units.end() || !number || *number * unit->second > longest) {
        return std::unexpected(want);
    }
    return milliseconds{std::llround(*number * unit->second)};
}

class Environment {
public:
    explicit Environment(const GetVariable& get) : get_{get} {}

    // Replaces `value`, which is the default, by what the variable says.
    template <typename T>
    void read(const std::string& name, T& value, Parsed<T> (*parse)(std::string_view)) {
        const auto text = get_(name);
        if (!text || text->empty()) {
            return;
        }
        if (auto parsed = parse(*text)) {
            value = std::move(*parsed);
        } else {
            problems_ +=
                (problems_.empty() ? "" : "; ") + name + " is \"" + *text + "\": " + std::string{parsed.error()};
        }
    }

    [[nodiscard]] const std::string& problems() const { return problems_; }

private:
    const GetVariable& get_;
    std::string problems_;
};

}  // namespace

std::expected<Config, std::string> load_config(const GetVariable& get) {
    Config config;
    Environment environment{get};
    environment.read("HOST", config.host, parse_host);
    environment.read("PORT", config.port, parse_port);
    environment.read("LOG_LEVEL", config.log_level, parse_level);
    environment.read("DRAIN_DELAY", config.drain_delay, parse_duration);
    environment.read("SHUTDOWN_TIMEOUT", config.shutdown_timeout, parse_duration);
    if (!environment.problems().empty()) {
        return std::unexpected(environment.problems());
    }
    return config;
}
