#include <bitset>
#include <cstdint>
#include <cstring>
#include <iomanip>
#include <iostream>
#include <string>
#include <vector>

static const std::string chars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string encode(const std::string& in) {
    std::string out;
    std::uint32_t val = 0;
    int bits = -6;
    for (unsigned char c : in) {
        val = (val << 8) + c;
        for (bits += 8; bits >= 0; bits -= 6) out.push_back(chars[(val >> bits) & 0x3F]);
    }
    if (bits > -6) out.push_back(chars[((val << 8) >> (bits + 8)) & 0x3F]);
    while (out.size() % 4) out.push_back('=');
    return out;
}

std::string decode(const std::string& in) {
    std::string out;
    std::uint32_t val = 0;
    int bits = -8;
    for (char c : in) {
        auto at = chars.find(c);
        if (at == std::string::npos) break;
        val = (val << 6) + static_cast<std::uint32_t>(at);
        if ((bits += 6) >= 0) {
            out.push_back(static_cast<char>((val >> bits) & 0xFF));
            bits -= 8;
        }
    }
    return out;
}

int main() {
    for (std::string s : {"", "f", "fo", "foo", "system(\"ls\")"}) std::cout << encode(s) << ' ' << (decode(encode(s)) == s) << '\n';
    float f = -6.25f;
    std::uint32_t raw;
    static_assert(sizeof raw == sizeof f);
    std::memcpy(&raw, &f, sizeof raw);
    std::cout << std::bitset<32>(raw) << ' ' << std::hex << std::showbase << raw << std::dec << '\n';
    const auto* bytes = reinterpret_cast<const unsigned char*>(&raw);
    for (std::size_t i = 0; i < sizeof raw; ++i) std::cout << std::setw(4) << int(bytes[i]);
    const char escaped[] = "\x48\x65\x6c\x6c\x6f\x2c\x20\x77\x6f\x72\x6c\x64";
    std::cout << '\n' << escaped << ' ' << __builtin_popcount(0xF0F0) << '\n';
    std::vector<int> subsets;
    for (int mask = 0b1011, s = mask; s; s = (s - 1) & mask) subsets.push_back(s);
    std::cout << subsets.size() << " subsets\n";
}
