#include "requests.h"

#include <catch2/catch_test_macros.hpp>
#include <stdexcept>

TEST_CASE("an id that can be logged is kept, others are replaced") {
    CHECK(request_id("a-1") == "a-1");
    for (const std::string& refused : {std::string{}, std::string{"a b"}, std::string(65, 'x')}) {
        CHECK(request_id(refused).size() == 32);
    }
    CHECK(request_id("") != request_id(""));
}

TEST_CASE("an exception is answered with 500") {
    http::Routes routes;
    routes.add("GET", "/", [](const http::Request&) -> http::Response { throw std::runtime_error{"no"}; });
    CHECK(handled(routes, {.method = "GET", .path = "/"}).status == 500);
}
