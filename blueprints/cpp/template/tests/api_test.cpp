#include "api.h"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "service.h"

TEST_CASE("the root says what the service is") {
    const auto response = api::routes().handle({.method = "GET", .path = "/"});
    CHECK(response.status == 200);
    CHECK(response.content_type == "application/json");
    const nlohmann::json expected{
        {"service", service::name}, {"version", service::version}, {"message", service::message}};
    CHECK(nlohmann::json::parse(response.body) == expected);
}
