// The time of day in UTC, as text. Not by std::format, a stream or gmtime: with these come all that the libraries have
// of locales and time zones, which is as much again as the rest of the program.

#pragma once

#include <string>

namespace wall_clock {

// Returns the time in the form of RFC 3339, to the millisecond.
std::string rfc3339();

// Returns the time in the form that HTTP has for it (RFC 9110, 5.6.7).
std::string http_date();

}  // namespace wall_clock
