// What happens around every request: an id, a line in the log, and what becomes of a handler's exception.

#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "http.h"

inline constexpr std::string_view request_id_header = "X-Request-Id";

// Tells the requests for /livez and /readyz, which come every few seconds.
bool is_probe(const http::Request& request);

// Returns the id that the caller sent, when it can go into our log and back in a header; a new one otherwise.
std::string request_id(std::string_view given);

// Lets a route answer; 500 when its handler throws.
http::Response handled(const http::Routes& routes, const http::Request& request);

// Gives a request its id and measures how long it takes.
class RequestLog {
public:
    explicit RequestLog(http::Request& request);

    void write(const http::Response& response) const;

private:
    const http::Request& request_;
    std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};
