#include "healthcheck.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

namespace {

// Shorter than the timeout of the image's HEALTHCHECK, so that the reason is reported rather than a kill.
constexpr timeval limit{.tv_sec = 2, .tv_usec = 0};
constexpr std::string_view request = "GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
constexpr std::string_view alive = "HTTP/1.1 200 ";

class Socket {
public:
    explicit Socket(int family) : number_{socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)} {}
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    Socket(Socket&&) = delete;
    Socket& operator=(Socket&&) = delete;
    ~Socket() { close(number_); }

    [[nodiscard]] int number() const { return number_; }

private:
    int number_;
};

std::expected<void, std::string> failed(std::string_view what) {
    return std::unexpected("healthcheck: " + std::string{what});
}

std::expected<void, std::string> failed_call() { return failed(strerrordesc_np(errno)); }

template <typename Address>
std::expected<void, std::string> ask(const Address& address, sa_family_t family) {
    const Socket socket{family};
    setsockopt(socket.number(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    // It limits connect, too.
    setsockopt(socket.number(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (connect(socket.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        send(socket.number(), request.data(), request.size(), MSG_NOSIGNAL) != std::ssize(request)) {
        return failed_call();
    }
    std::array<char, alive.size()> status{};
    const auto count = recv(socket.number(), status.data(), status.size(), MSG_WAITALL);
    if (count < 0) {
        return failed_call();
    }
    const std::string_view answer{status.data(), static_cast<std::size_t>(count)};
    return answer == alive ? std::expected<void, std::string>{}
                           : failed("/livez answered \"" + std::string{answer} + "\"");
}

}  // namespace

// To 0.0.0.0 and :: Linux connects as to this host.
std::expected<void, std::string> healthcheck(const Config& config) {
    sockaddr_in v4{};
    if (inet_pton(AF_INET, config.host.c_str(), &v4.sin_addr) == 1) {
        v4.sin_family = AF_INET;
        v4.sin_port = htons(config.port);
        return ask(v4, AF_INET);
    }
    sockaddr_in6 v6{};
    inet_pton(AF_INET6, config.host.c_str(), &v6.sin6_addr);
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(config.port);
    return ask(v6, AF_INET6);
}
