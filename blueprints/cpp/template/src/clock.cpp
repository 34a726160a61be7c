#include "clock.h"

#include <array>
#include <chrono>
#include <cstdio>

namespace wall_clock {
namespace {

using namespace std::chrono;

struct Now {
    explicit Now(system_clock::time_point time)
        : day{floor<days>(time)}, date{day}, clock{floor<milliseconds>(time - day)} {}

    sys_days day;
    year_month_day date;
    hh_mm_ss<milliseconds> clock;
};

template <typename... Values>
std::string printed(const char* format, Values... values) {
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), format, values...);
    return text.data();
}

}  // namespace

std::string rfc3339() {
    const Now now{system_clock::now()};
    return printed("%04d-%02u-%02uT%02ld:%02ld:%02ld.%03ldZ", int{now.date.year()}, unsigned{now.date.month()},
                   unsigned{now.date.day()}, now.clock.hours().count(), now.clock.minutes().count(),
                   now.clock.seconds().count(), now.clock.subseconds().count());
}

std::string http_date() {
    constexpr std::array weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const Now now{system_clock::now()};
    return printed("%s, %02u %s %04d %02ld:%02ld:%02ld GMT", weekdays.at(weekday{now.day}.c_encoding()),
                   unsigned{now.date.day()}, months.at(unsigned{now.date.month()} - 1), int{now.date.year()},
                   now.clock.hours().count(), now.clock.minutes().count(), now.clock.seconds().count());
}

}  // namespace wall_clock
