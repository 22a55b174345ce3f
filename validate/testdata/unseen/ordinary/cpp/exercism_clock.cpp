#include "date_independent.h"
#include <iomanip>
#include <sstream>

namespace date_independent
{
    clock::clock(int hour, int minute)
        : minutes_(hour * 60 + minute)
    {
        normalize();
    }

    clock clock::at(int hour, int minute)
    {
        return clock(hour, minute);
    }

    clock& clock::plus(int minutes)
    {
        minutes_ += minutes;
        normalize();
        return *this;
    }

    void clock::normalize()
    {
        minutes_ %= 24 * 60;
        if (minutes_ < 0)
            minutes_ += 24 * 60;
    }

    clock::operator std::string() const
    {
        std::ostringstream os;
        os << std::setfill('0') << std::setw(2) << minutes_ / 60 << ':' << std::setw(2) << minutes_ % 60;
        return os.str();
    }

    bool operator==(const clock& lhs, const clock& rhs)
    {
        return std::string(lhs) == std::string(rhs);
    }
}
