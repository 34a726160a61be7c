// The log: one JSON object a line on standard output, with `time`, `level`, `msg` and the event's own fields.

#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace logging {

enum class Level : std::uint8_t { debug, info, warn, error };

using Value = std::variant<std::int64_t, std::string>;
using Fields = std::initializer_list<std::pair<std::string_view, Value>>;

// "debug", "info", "warn" or "error".
std::string_view name(Level level);

// Leaves out what is below `level` from now on.
void set_level(Level level);

// Writes one line as a whole, from any thread. Bytes that are no UTF-8 are replaced.
void write(Level level, std::string_view message, Fields fields = {});

inline void debug(std::string_view message, Fields fields = {}) { write(Level::debug, message, fields); }
inline void info(std::string_view message, Fields fields = {}) { write(Level::info, message, fields); }
inline void warn(std::string_view message, Fields fields = {}) { write(Level::warn, message, fields); }
inline void error(std::string_view message, Fields fields = {}) { write(Level::error, message, fields); }

}  // namespace logging
