#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <thread>

#include "program.h"

using namespace std::chrono_literals;
using std::this_thread::sleep_for;

namespace {

class Service {
public:
    explicit Service(Variables variables = {}) : port_{free_port()}, program_{with_address(std::move(variables)), {}} {
        const auto first = program_.line();
        INFO(first);
        REQUIRE(first["msg"] == "listening");
    }

    [[nodiscard]] std::uint16_t port() const { return port_; }
    Program& program() { return program_; }

    [[nodiscard]] Client begin(std::string_view text) const {
        Client client{port_};
        REQUIRE(client.connected());
        client.send(text);
        return client;
    }

    [[nodiscard]] std::string ask(const std::string& method, const std::string& path) const {
        return begin(method + " " + path + " HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n").rest();
    }

    [[nodiscard]] std::string get(const std::string& path) const { return ask("GET", path); }

private:
    [[nodiscard]] Variables with_address(Variables variables) const {
        variables.insert({{"HOST", "127.0.0.1"}, {"PORT", std::to_string(port_)}});
        return variables;
    }

    std::uint16_t port_;
    Program program_;
};

}  // namespace

TEST_CASE("it answers, logs and stops") {
    Service service;
    CHECK(service.get("/").starts_with("HTTP/1.1 200 "));
    CHECK(service.get("/nothing").starts_with("HTTP/1.1 404 "));
    CHECK(service.ask("POST", "/").starts_with("HTTP/1.1 405 "));
    CHECK(service.ask("HEAD", "/").ends_with("\r\n\r\n"));
    service.program().signal(SIGTERM);
    const auto [code, log] = service.program().wait();
    CHECK(code == 0);
    REQUIRE(log.size() == 6);
    CHECK(log[0]["msg"] == "request");
    CHECK(log[0]["path"] == "/");
    CHECK(log[0]["status"] == 200);
    CHECK(log[1]["status"] == 404);
    CHECK(log.back()["msg"] == "stopped");
    for (const auto& line : log) {
        CHECK(line["level"] == "INFO");
        CHECK(line["time"].get<std::string>().ends_with("Z"));
    }
}

TEST_CASE("a connection is kept for more requests") {
    const Service service;
    const std::string request = "GET / HTTP/1.1\r\nHost: test\r\nX-Request-Id: mine\r\n\r\n";
    const auto client = service.begin(request + request);
    client.send("GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
    const auto answers = client.rest();
    const auto first = answers.find("HTTP/1.1 200 ");
    const auto second = answers.find("HTTP/1.1 200 ", first + 1);
    CHECK(answers.find("HTTP/1.1 200 ", second + 1) != std::string::npos);
    CHECK(answers.contains("X-Request-Id: mine\r\n"));
}

TEST_CASE("what is no request, or too large, is refused") {
    const Service service;
    CHECK(service.begin("nonsense\r\n\r\n").rest().starts_with("HTTP/1.1 400 "));
    CHECK(service.begin("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 9999999\r\n\r\n")
              .rest()
              .starts_with("HTTP/1.1 413 "));
    CHECK(service.begin("GET / HTTP/1.1\r\nX: " + std::string(70'000, 'x')).rest().starts_with("HTTP/1.1 431 "));
}

TEST_CASE("it drains before it stops, and finishes what has begun") {
    Service service{{{"DRAIN_DELAY", "500ms"}}};
    const Client silent{service.port()};
    const auto half = service.begin("GET / HTTP/1.1\r\nHost: te");
    sleep_for(100ms);
    service.program().signal(SIGTERM);
    sleep_for(200ms);
    CHECK(service.get("/readyz").starts_with("HTTP/1.1 503 "));
    CHECK(service.get("/livez").starts_with("HTTP/1.1 200 "));
    sleep_for(600ms);
    CHECK_FALSE(Client{service.port()}.connected());
    half.send("st\r\n\r\n");
    CHECK(half.rest().starts_with("HTTP/1.1 200 "));
    CHECK(service.program().wait().code == 0);
}

TEST_CASE("what takes too long is cut off") {
    Service service{{{"SHUTDOWN_TIMEOUT", "100ms"}}};
    const auto half = service.begin("GET / HTTP/1.1\r\n");
    sleep_for(100ms);
    service.program().signal(SIGTERM);
    const auto [code, log] = service.program().wait();
    CHECK(code == 1);
    CHECK(log.back()["error"].get<std::string>().contains("cut off"));
}

TEST_CASE("a second signal ends it at once") {
    Service service{{{"DRAIN_DELAY", "1h"}}};
    service.program().signal(SIGTERM);
    CHECK(service.program().line()["msg"] == "draining");
    service.program().signal(SIGTERM);
    CHECK(service.program().wait().code == -SIGTERM);
}

TEST_CASE("a wrong setting ends it with one line that names it") {
    const auto [code, log] = run({{"PORT", "http"}, {"DRAIN_DELAY", "\xff"}});
    CHECK(code == 1);
    REQUIRE(log.size() == 1);
    CHECK(log[0]["error"].get<std::string>().contains("PORT"));
    CHECK(log[0]["error"].get<std::string>().contains("DRAIN_DELAY"));
}

TEST_CASE("an unknown command is refused") {
    const auto [code, log] = run({}, {"serve", "now"});
    CHECK(code == 1);
    CHECK(log.back()["error"].get<std::string>().contains("\"serve now\""));
}

TEST_CASE("healthcheck asks the service") {
    Service service;
    const Variables variables{{"HOST", "127.0.0.1"}, {"PORT", std::to_string(service.port())}};
    CHECK(run(variables, {"healthcheck"}).code == 0);
    service.program().signal(SIGTERM);
    CHECK(service.program().wait().code == 0);
    CHECK(run(variables, {"healthcheck"}).code == 1);
}
