#include "http.h"

#include <catch2/catch_test_macros.hpp>

namespace {

http::Routes routes() {
    http::Routes routes;
    routes.add("GET", "/things", [](const http::Request&) { return http::text(200, "all"); });
    routes.add("POST", "/things", [](const http::Request& request) { return http::text(201, request.body); });
    return routes;
}

}  // namespace

TEST_CASE("path and method choose the handler") {
    CHECK(routes().handle({.method = "GET", .path = "/things"}).body == "all\n");
    CHECK(routes().handle({.method = "HEAD", .path = "/things"}).status == 200);
    const auto made = routes().handle({.method = "POST", .path = "/things", .body = "one"});
    CHECK(made.status == 201);
    CHECK(made.body == "one\n");
}

TEST_CASE("what has no handler is refused") {
    CHECK(routes().handle({.method = "GET", .path = "/nothing"}).status == 404);
    const auto refusal = routes().handle({.method = "DELETE", .path = "/things"});
    CHECK(refusal.status == 405);
    CHECK(refusal.headers.at("Allow") == "GET, POST");
}

TEST_CASE("headers are found regardless of case") {
    const http::Headers headers{{"X-Request-Id", "1"}};
    CHECK(headers.contains("x-request-ID"));
    CHECK_FALSE(headers.contains("X-Request"));
}
