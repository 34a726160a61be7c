#include "api.h"

#include <nlohmann/json.hpp>

#include "service.h"

namespace api {
namespace {

http::Response root(const http::Request& /*request*/) {
    const nlohmann::ordered_json info{
        {"service", service::name}, {"version", service::version}, {"message", service::message}};
    return {.body = info.dump() + '\n'};
}

}  // namespace

http::Routes routes() {
    http::Routes routes;
    routes.add("GET", "/", root);
    return routes;
}

}  // namespace api
