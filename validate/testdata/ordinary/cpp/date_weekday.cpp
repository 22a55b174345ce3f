#include <array>
#include <chrono>
#include <ctime>
#include <iomanip>
#include <iostream>
#include <sstream>
#include <string>

struct Date {
    int year, month, day;

    static bool leap(int y) { return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0; }

    static int days(int y, int m) {
        static constexpr std::array<int, 12> table{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        return m == 2 && leap(y) ? 29 : table[m - 1];
    }

    long serial() const {  // days since 1970-01-01
        int y = year - (month <= 2);
        long era = (y >= 0 ? y : y - 399) / 400;
        unsigned yoe = static_cast<unsigned>(y - era * 400);
        unsigned doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
        return era * 146097 + static_cast<long>(yoe * 365 + yoe / 4 - yoe / 100 + doy) - 719468;
    }

    int weekday() const { return static_cast<int>((serial() % 7 + 11) % 7); }
};

int main() {
    const char* names[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    Date moon{1969, 7, 20}, today{2024, 2, 29};
    std::cout << names[moon.weekday()] << ' ' << today.serial() - moon.serial() << " days\n";

    int y = 2024, m = 9, start = Date{y, m, 1}.weekday();
    for (const char* n : names) std::cout << std::setw(4) << n;
    std::cout << '\n' << std::string(4 * start, ' ');
    for (int d = 1; d <= Date::days(y, m); ++d) {
        std::cout << std::setw(4) << d;
        if ((start + d) % 7 == 0) std::cout << '\n';
    }
    std::tm tm{};
    std::istringstream("2011-02-18 23:12:34") >> std::get_time(&tm, "%Y-%m-%d %H:%M:%S");
    std::cout << '\n' << std::put_time(&tm, "%c") << '\n';
    using namespace std::chrono;
    auto now = system_clock::now();
    std::cout << (duration_cast<hours>(now.time_since_epoch()).count() > 400000 ? "after 2015" : "clock is wrong") << '\n';
}
