#include "program.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace {

constexpr std::size_t chunk = 4096;

sockaddr_in local(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

// The type that the functions of the system take for addresses of all families.
sockaddr* generic(sockaddr_in& address) { return reinterpret_cast<sockaddr*>(&address); }

void check(bool holds, const char* what) {
    if (!holds) {
        throw std::runtime_error{what};
    }
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> found;
    for (auto& text : texts) {
        found.push_back(text.data());
    }
    found.push_back(nullptr);
    return found;
}

}  // namespace

Client::Client(std::uint16_t port) : socket_{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}, connected_{false} {
    check(socket_ >= 0, "socket");
    constexpr timeval limit{.tv_sec = 10, .tv_usec = 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    auto address = local(port);
    connected_ = connect(socket_, generic(address), sizeof address) == 0;
}

Client::Client(Client&& other) noexcept : socket_{std::exchange(other.socket_, -1)}, connected_{other.connected_} {}

Client::~Client() { close(socket_); }

void Client::send(std::string_view text) const {
    check(::send(socket_, text.data(), text.size(), MSG_NOSIGNAL) == std::ssize(text), "send");
}

std::string Client::rest() const {
    std::string text;
    std::array<char, chunk> buffer{};
    ssize_t count = 0;
    while ((count = recv(socket_, buffer.data(), buffer.size(), 0)) > 0) {
        text.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return text;
}

Program::Program(const Variables& variables, const std::vector<std::string>& arguments) {
    std::vector<std::string> words{SERVICE_PROGRAM};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<std::string> environment;
    for (const auto& [name, value] : variables) {
        environment.push_back(name + "=" + value);
    }
    const auto argv = pointers(words);
    const auto envp = pointers(environment);
    std::array<int, 2> pipe{};
    check(pipe2(pipe.data(), O_CLOEXEC) == 0, "pipe");
    process_ = fork();
    check(process_ >= 0, "fork");
    if (process_ == 0) {
        dup2(pipe[1], STDOUT_FILENO);
        execve(argv[0], argv.data(), envp.data());
        _exit(127);
    }
    close(pipe[1]);
    output_ = pipe[0];
}

Program::~Program() {
    if (process_ > 0) {
        kill(process_, SIGKILL);
        waitpid(process_, nullptr, 0);
    }
    close(output_);
}

nlohmann::json Program::line() {
    std::array<char, chunk> buffer{};
    while (!read_.contains('\n')) {
        const auto count = read(output_, buffer.data(), buffer.size());
        check(count > 0, "the log has ended");
        read_.append(buffer.data(), static_cast<std::size_t>(count));
    }
    const auto end = read_.find('\n');
    auto line = nlohmann::json::parse(read_.substr(0, end));
    read_.erase(0, end + 1);
    return line;
}

void Program::signal(int number) const { check(kill(process_, number) == 0, "kill"); }

Ended Program::wait() {
    Ended ended;
    std::array<char, chunk> buffer{};
    ssize_t count = 0;
    while ((count = read(output_, buffer.data(), buffer.size())) > 0) {
        read_.append(buffer.data(), static_cast<std::size_t>(count));
    }
    while (!read_.empty()) {
        ended.log.push_back(line());
    }
    int status = 0;
    check(waitpid(process_, &status, 0) == process_, "waitpid");
    process_ = -1;
    ended.code = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    return ended;
}

std::uint16_t free_port() {
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto address = local(0);
    socklen_t size = sizeof address;
    const bool bound = bind(listener, generic(address), size) == 0;
    const bool named = getsockname(listener, generic(address), &size) == 0;
    close(listener);
    check(bound && named, "no port is free");
    return ntohs(address.sin_port);
}

Ended run(const Variables& variables, const std::vector<std::string>& arguments) {
    return Program{variables, arguments}.wait();
}
