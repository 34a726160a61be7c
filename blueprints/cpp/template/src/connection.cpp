#include "connection.h"

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <chrono>
#include <cstdint>
#include <tuple>
#include <utility>

#include "clock.h"

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace wire = beast::http;
using boost::system::error_code;
using std::chrono::seconds;

// No request may hold a connection for ever. Load balancers keep one open for 60 seconds.
constexpr seconds idle_limit{65};
constexpr seconds head_limit{5};
constexpr seconds body_limit{30};
constexpr seconds write_limit{30};
constexpr seconds linger_limit{1};
constexpr std::uint32_t max_head_bytes = 64U * 1024U;
constexpr std::uint64_t max_body_bytes = std::uint64_t{1024} * 1024;
constexpr std::size_t chunk_bytes = 4096;
constexpr unsigned http_1_1 = 11;

constexpr auto with_error = asio::as_tuple(asio::use_awaitable);
using Parser = wire::request_parser<wire::string_body>;

// The status that tells what is wrong with a request, 0 for what is wrong with the connection.
unsigned refusal(const error_code& error) {
    if (error == wire::error::header_limit) {
        return 431;
    }
    if (error == wire::error::body_limit) {
        return 413;
    }
    if (error == beast::error::timeout) {
        return 0;
    }
    const bool is_of_http = error.category() == make_error_code(wire::error::bad_method).category();
    return is_of_http && error != wire::error::end_of_stream && error != wire::error::partial_message ? 400 : 0;
}

http::Request taken(wire::request<wire::string_body>&& message) {
    const std::string_view target = message.target();
    const auto query_at = std::min(target.find('?'), target.size());
    http::Request request{
        .method = std::string{message.method_string()},
        .path = std::string{target.substr(0, query_at)},
        .query = std::string{target.substr(std::min(query_at + 1, target.size()))},
        .body = std::move(message.body()),
    };
    for (const auto& field : message) {
        // A field that is there twice means the same as one with both values (RFC 9110, 5.3).
        auto& value = request.headers[std::string{field.name_string()}];
        value += (value.empty() ? "" : ", ") + std::string{field.value()};
    }
    return request;
}

template <typename Body>
void fill(wire::response<Body>& message, const http::Response& response, bool kept) {
    message.version(http_1_1);
    message.result(response.status);
    message.keep_alive(kept);
    message.set(wire::field::date, wall_clock::http_date());
    if (!response.body.empty()) {
        message.set(wire::field::content_type, response.content_type);
    }
    for (const auto& [name, value] : response.headers) {
        message.set(name, value);
    }
    // 1xx and 204 have no length (RFC 9110, 8.6).
    if (response.status >= 200 && response.status != 204) {
        message.content_length(response.body.size());
    }
}

}  // namespace

Connection::Connection(asio::ip::tcp::socket socket) : stream_{std::move(socket)} {
    error_code ignored;  // The client may have gone already, which reading will tell.
    stream_.socket().set_option(asio::ip::tcp::no_delay{true}, ignored);
}

asio::awaitable<bool> Connection::begins(const bool& stopping) {
    while (buffer_.size() == 0) {
        error_code ignored;
        if (stopping && stream_.socket().available(ignored) == 0) {
            co_return false;
        }
        stream_.expires_after(idle_limit);
        idle_ = true;
        const auto [error, count] = co_await stream_.async_read_some(buffer_.prepare(chunk_bytes), with_error);
        idle_ = false;
        buffer_.commit(count);
        if (error && !(error == asio::error::operation_aborted && stopping)) {
            co_return false;
        }
    }
    co_return true;
}

asio::awaitable<std::expected<http::Request, unsigned>> Connection::read() {
    Parser parser;
    parser.header_limit(max_head_bytes);
    parser.body_limit(max_body_bytes);
    stream_.expires_after(head_limit);
    if (const auto [error, count] = co_await wire::async_read_header(stream_, buffer_, parser, with_error); error) {
        co_return std::unexpected(refusal(error));
    }
    stream_.expires_after(body_limit);
    if (beast::iequals(parser.get()[wire::field::expect], "100-continue")) {
        const wire::response<wire::empty_body> go_on{wire::status::continue_, http_1_1};
        co_await wire::async_write(stream_, go_on, asio::use_awaitable);
    }
    if (const auto [error, count] = co_await wire::async_read(stream_, buffer_, parser, with_error); error) {
        co_return std::unexpected(refusal(error));
    }
    kept_ = parser.keep_alive();
    co_return taken(parser.release());
}

asio::awaitable<bool> Connection::write(const http::Request& request, http::Response response, bool last) {
    const bool kept = kept_ && !last;
    stream_.expires_after(write_limit);
    if (request.method == "HEAD") {
        wire::response<wire::empty_body> message;
        fill(message, response, kept);
        co_await wire::async_write(stream_, message, asio::use_awaitable);
    } else {
        wire::response<wire::string_body> message;
        fill(message, response, kept);
        message.body() = std::move(response.body);
        co_await wire::async_write(stream_, message, asio::use_awaitable);
    }
    co_return kept;
}

void Connection::stop_if_idle() {
    if (idle_) {
        stream_.cancel();
    }
}

asio::awaitable<void> Connection::linger() {
    error_code error;
    stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, error);
    stream_.expires_after(linger_limit);
    std::array<char, chunk_bytes> dropped{};
    while (!error) {
        std::tie(error, std::ignore) = co_await stream_.async_read_some(asio::buffer(dropped), with_error);
    }
}

void Connection::close() {
    error_code ignored;  // There is nobody left to tell.
    stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    stream_.close();
}
