#include <algorithm>
#include <cctype>
#include <iostream>
#include <regex>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace util {

std::vector<std::string> split(const std::string& s, char sep) {
    std::vector<std::string> out;
    std::istringstream in(s);
    for (std::string part; std::getline(in, part, sep);) out.push_back(part);
    return out;
}

std::string trim(std::string_view s) {
    auto b = s.find_first_not_of(" \t\r\n");
    if (b == std::string_view::npos) return {};
    auto e = s.find_last_not_of(" \t\r\n");
    return std::string(s.substr(b, e - b + 1));
}

bool is_palindrome(std::string s) {
    s.erase(std::remove_if(s.begin(), s.end(), [](unsigned char c) { return !std::isalnum(c); }), s.end());
    std::transform(s.begin(), s.end(), s.begin(), [](unsigned char c) { return std::tolower(c); });
    return std::equal(s.begin(), s.begin() + s.size() / 2, s.rbegin());
}

}  // namespace util

int main() {
    for (auto& p : util::split("a, b ,c", ',')) std::cout << '[' << util::trim(p) << ']';
    std::cout << '\n' << std::boolalpha << util::is_palindrome("A man, a plan, a canal: Panama") << '\n';
    std::regex mail(R"((\w+)@(\w+\.com))");
    std::smatch m;
    std::string text = "write to joe@example.com today";
    if (std::regex_search(text, m, mail)) std::cout << m[1] << " at " << m[2] << '\n';
}
