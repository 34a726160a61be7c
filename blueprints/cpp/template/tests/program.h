// The program as a test sees it: started with an environment, asked, stopped by signals.

#pragma once

#include <sys/types.h>

#include <csignal>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

using Variables = std::map<std::string, std::string>;

// What the program did until its end.
struct Ended {
    int code = 0;  // the exit code, or minus the signal that ended it
    std::vector<nlohmann::json> log;
};

// A connection that can be used in parts.
class Client {
public:
    explicit Client(std::uint16_t port);
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;
    Client(Client&& other) noexcept;
    Client& operator=(Client&&) = delete;
    ~Client();

    [[nodiscard]] bool connected() const { return connected_; }
    void send(std::string_view text) const;
    // Returns all that comes until the other side closes.
    [[nodiscard]] std::string rest() const;

private:
    int socket_;
    bool connected_;
};

// A running program; it is killed if a test fails before it has stopped.
class Program {
public:
    Program(const Variables& variables, const std::vector<std::string>& arguments);
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;
    Program(Program&&) = delete;
    Program& operator=(Program&&) = delete;
    ~Program();

    // Returns the next line of its log.
    nlohmann::json line();
    void signal(int number) const;
    Ended wait();

private:
    pid_t process_ = -1;
    int output_ = -1;
    std::string read_;
};

std::uint16_t free_port();

// Runs the program to its end.
Ended run(const Variables& variables, const std::vector<std::string>& arguments = {});
