#include "requests.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <random>

#include "logging.h"

namespace {

constexpr std::size_t longest_id = 64;

bool is_printable(char c) { return c > ' ' && c <= '~'; }

}  // namespace

bool is_probe(const http::Request& request) { return request.path == "/livez" || request.path == "/readyz"; }

std::string request_id(std::string_view given) {
    if (!given.empty() && given.size() <= longest_id && std::ranges::all_of(given, is_printable)) {
        return std::string{given};
    }
    std::random_device random;
    std::array<char, 33> text{};
    std::snprintf(text.data(), text.size(), "%08x%08x%08x%08x", random(), random(), random(), random());
    return text.data();
}

http::Response handled(const http::Routes& routes, const http::Request& request) {
    try {
        return routes.handle(request);
    } catch (const std::exception& problem) {
        logging::error("exception", {{"reason", problem.what()}, {"request_id", request.id}});
    }
    return http::text(500, "internal server error");
}

RequestLog::RequestLog(http::Request& request) : request_{request} {
    const auto given = request.headers.find(request_id_header);
    request.id = request_id(given == request.headers.end() ? "" : given->second);
}

void RequestLog::write(const http::Response& response) const {
    using std::chrono::duration_cast, std::chrono::milliseconds, std::chrono::steady_clock;
    const std::int64_t duration = duration_cast<milliseconds>(steady_clock::now() - begun_).count();
    // Probes would fill the log.
    logging::write(is_probe(request_) ? logging::Level::debug : logging::Level::info, "request",
                   {{"method", request_.method},
                    {"path", request_.path},
                    {"status", std::int64_t{response.status}},
                    {"duration_ms", duration},
                    {"request_id", request_.id}});
}
