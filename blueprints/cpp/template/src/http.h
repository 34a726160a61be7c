// Requests, responses, and the routes from the one to the other: all that handlers need to know of HTTP. Boost.Beast,
// which is slow to compile, stays where bytes are read and sent.

#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace http {

// Tells header names apart regardless of case.
struct NameLess {
    using is_transparent = void;
    bool operator()(std::string_view left, std::string_view right) const;
};

using Headers = std::map<std::string, std::string, NameLess>;

struct Request {
    std::string method{};
    std::string path{};
    std::string query{};  // what stands behind the first `?`, not decoded
    Headers headers{};
    std::string body{};
    std::string id{};  // for the log; the caller's own, or a new one
};

struct Response {
    unsigned status = 200;
    std::string body{};
    std::string content_type = "application/json";
    Headers headers{};
};

using Handler = std::function<Response(const Request&)>;

// A response of one line of text.
Response text(unsigned status, std::string_view line);

class Routes {
public:
    void add(std::string method, std::string path, Handler handler);

    // Answers 404 for a path without a route, and 405 when it has none for the method. HEAD is answered like GET; its
    // body is not sent.
    [[nodiscard]] Response handle(const Request& request) const;

private:
    // By path, then by method.
    std::map<std::string, std::map<std::string, Handler>, std::less<>> handlers_;
};

}  // namespace http
