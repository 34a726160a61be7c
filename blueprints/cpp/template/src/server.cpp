#include "server.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <csignal>
#include <exception>
#include <memory>
#include <set>
#include <thread>
#include <tuple>
#include <utility>

#include "connection.h"
#include "logging.h"
#include "requests.h"

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

// Accepting fails when too many files are open; meanwhile some of them may close.
constexpr std::chrono::milliseconds accept_pause{100};
// Handlers wait, for databases and for others, more than they compute.
constexpr std::size_t handlers_per_processor = 4;

std::string shown(const tcp::endpoint& endpoint) {
    const auto host = endpoint.address().to_string();
    return (endpoint.address().is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(endpoint.port());
}

std::string shown(std::chrono::milliseconds duration) { return std::to_string(duration.count()) + "ms"; }

// One thread does all that is input and output, and the probes; so what is here needs no lock. Handlers run on a pool.
class Server {
public:
    Server(const Config& config, http::Routes routes) : config_{config}, routes_{std::move(routes)} {}

    // Returns whether every request that had begun was answered.
    bool run() {
        listen();
        const auto rethrow = [](const std::exception_ptr& problem) {
            if (problem) {
                std::rethrow_exception(problem);
            }
        };
        asio::co_spawn(context_, accept(), rethrow);
        asio::co_spawn(context_, shut_down(), rethrow);
        context_.run();
        return open_.empty();
    }

private:
    void listen() {
        const tcp::endpoint endpoint{asio::ip::make_address(config_.host), config_.port};
        acceptor_.open(endpoint.protocol());
        acceptor_.set_option(tcp::acceptor::reuse_address{true});
        acceptor_.bind(endpoint);
        acceptor_.listen();
        logging::info("listening", {{"service", std::string{service::name}},
                                    {"address", shown(endpoint)},
                                    {"version", std::string{service::version}},
                                    {"revision", std::string{service::revision}}});
    }

    asio::awaitable<void> accept() {
        while (acceptor_.is_open()) {
            auto [error, socket] = co_await acceptor_.async_accept(asio::as_tuple(asio::use_awaitable));
            if (!error) {
                asio::co_spawn(context_, converse(std::move(socket)), asio::detached);
            } else if (error != asio::error::operation_aborted) {
                logging::warn("cannot accept a connection", {{"error", error.message()}});
                co_await wait(accept_pause);
            }
        }
    }

    asio::awaitable<void> converse(tcp::socket socket) {
        Connection connection{std::move(socket)};
        open_.insert(&connection);
        try {
            while (co_await connection.begins(stopping_) && co_await exchange(connection)) {
            }
        } catch (const std::exception& problem) {
            logging::debug("connection", {{"error", problem.what()}});
        }
        connection.close();
        open_.erase(&connection);
        if (open_.empty()) {
            finished_.cancel();
        }
    }

    // Reads one request and answers it; returns whether the connection is kept.
    asio::awaitable<bool> exchange(Connection& connection) {
        auto request = co_await connection.read();
        if (!request) {
            co_await refuse(connection, request.error());
            co_return false;
        }
        const RequestLog log{*request};
        auto response = co_await answer(*request);
        response.headers.insert_or_assign(std::string{request_id_header}, request->id);
        const bool kept = co_await connection.write(*request, response, draining_);
        log.write(response);
        co_return kept;
    }

    // Answers what is no request; 0 is that nothing came.
    static asio::awaitable<void> refuse(Connection& connection, unsigned status) {
        if (status != 0) {
            logging::info("refused", {{"status", std::int64_t{status}}});
            co_await connection.write({}, http::text(status, "the request was not understood"), true);
            co_await connection.linger();
        }
    }

    asio::awaitable<http::Response> answer(const http::Request& request) {
        if (is_probe(request)) {
            co_return probe(request);
        }
        const auto handle = [this, &request]() -> asio::awaitable<http::Response> {
            co_return handled(routes_, request);
        };
        co_return co_await asio::co_spawn(handlers_, handle, asio::use_awaitable);
    }

    // Liveness asks no dependency: a restart, which is what its failure leads to, would not mend one.
    [[nodiscard]] http::Response probe(const http::Request& request) const {
        if (request.path == "/readyz" && draining_) {
            return http::text(503, "draining");
        }
        return http::text(200, "ok");
    }

    asio::awaitable<void> shut_down() {
        co_await signals_.async_wait(asio::use_awaitable);
        signals_.clear();
        draining_ = true;
        logging::info("draining",
                      {{"delay", shown(config_.drain_delay)}, {"timeout", shown(config_.shutdown_timeout)}});
        co_await wait(config_.drain_delay);
        acceptor_.close();
        stopping_ = true;
        std::ranges::for_each(open_, &Connection::stop_if_idle);
        finished_.expires_after(config_.shutdown_timeout);
        if (!open_.empty()) {
            co_await finished_.async_wait(asio::as_tuple(asio::use_awaitable));
        }
        context_.stop();
    }

    asio::awaitable<void> wait(std::chrono::milliseconds duration) {
        asio::steady_timer timer{context_, duration};
        co_await timer.async_wait(asio::use_awaitable);
    }

    const Config config_;
    const http::Routes routes_;
    asio::io_context context_{1};
    asio::thread_pool handlers_{handlers_per_processor * std::max(1U, std::thread::hardware_concurrency())};
    asio::signal_set signals_{context_, SIGINT, SIGTERM};
    tcp::acceptor acceptor_{context_};
    asio::steady_timer finished_{context_};
    std::set<Connection*> open_;
    bool draining_ = false;
    bool stopping_ = false;
};

}  // namespace

std::expected<void, std::string> serve(const Config& config, http::Routes routes) {
    auto server = std::make_unique<Server>(config, std::move(routes));
    if (server->run()) {
        logging::info("stopped");
        return {};
    }
    // Its end would wait for handlers that may never end.
    std::ignore = server.release();
    return std::unexpected("requests were cut off after " + shown(config.shutdown_timeout));
}
