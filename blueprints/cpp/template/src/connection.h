// One connection of a client: when a request begins on it, reading it within limits, and answering it. Not for other
// threads than that of its executor.

#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <expected>

#include "http.h"

class Connection {
public:
    explicit Connection(boost::asio::ip::tcp::socket socket);

    // Waits for the first byte of a request; returns false when none comes: the client has gone or is silent for too
    // long, or the service is `stopping`.
    boost::asio::awaitable<bool> begins(const bool& stopping);

    // Reads the request that has begun. The error is the status to refuse it with, 0 where there is nobody to tell.
    boost::asio::awaitable<std::expected<http::Request, unsigned>> read();

    // Sends the response; returns whether another request may follow. `last` is that none may.
    boost::asio::awaitable<bool> write(const http::Request& request, http::Response response, bool last);

    // Lets begins() return, unless a byte has arrived.
    void stop_if_idle();

    // Reads on for a moment after a refusal: to close while the client still sends would reset the connection, and the
    // answer would be lost.
    boost::asio::awaitable<void> linger();

    void close();

private:
    boost::beast::tcp_stream stream_;
    boost::beast::flat_buffer buffer_;
    bool idle_ = false;
    bool kept_ = false;
};
