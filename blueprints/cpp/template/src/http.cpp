#include "http.h"

#include <algorithm>
#include <utility>

namespace http {
namespace {

// Not std::tolower, which asks the locale.
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

bool NameLess::operator()(std::string_view left, std::string_view right) const {
    return std::ranges::lexicographical_compare(left, right, {}, lower, lower);
}

Response text(unsigned status, std::string_view line) {
    return {.status = status, .body = std::string{line} + '\n', .content_type = "text/plain; charset=utf-8"};
}

void Routes::add(std::string method, std::string path, Handler handler) {
    handlers_[std::move(path)].insert_or_assign(std::move(method), std::move(handler));
}

Response Routes::handle(const Request& request) const {
    const auto path = handlers_.find(request.path);
    if (path == handlers_.end()) {
        return text(404, "not found");
    }
    const auto& methods = path->second;
    auto method = methods.find(request.method);
    if (method == methods.end() && request.method == "HEAD") {
        method = methods.find("GET");
    }
    if (method != methods.end()) {
        return method->second(request);
    }
    auto refusal = text(405, "method not allowed");
    for (const auto& [allowed, handler] : methods) {
        auto& list = refusal.headers["Allow"];
        list += (list.empty() ? "" : ", ") + allowed;
    }
    return refusal;
}

}  // namespace http
