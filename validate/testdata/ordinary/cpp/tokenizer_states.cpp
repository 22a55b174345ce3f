#include <iostream>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

enum class Kind { Keyword, Identifier, Number, String, Comment, Symbol };

struct Token {
    Kind kind;
    std::string text;
};

class Lexer {
    std::string_view src;
    std::size_t pos = 0;
    inline static const std::unordered_set<std::string> keywords{"int", "while", "return", "if", "fork", "exec"};

    template <typename P>
    std::string takeWhile(P predicate) {
        std::string out;
        while (pos < src.size() && predicate(src[pos])) out += src[pos++];
        return out;
    }

public:
    explicit Lexer(std::string_view s) : src(s) {}

    std::vector<Token> run() {
        std::vector<Token> out;
        while (pos < src.size()) {
            char c = src[pos];
            if (isspace(c)) {
                ++pos;
            } else if (isalpha(c) || c == '_') {
                auto word = takeWhile([](char ch) { return isalnum(ch) || ch == '_'; });
                out.push_back({keywords.count(word) ? Kind::Keyword : Kind::Identifier, word});
            } else if (isdigit(c)) {
                out.push_back({Kind::Number, takeWhile([](char ch) { return isxdigit(ch) || ch == '.' || ch == 'x'; })});
            } else if (c == '"') {
                ++pos;
                out.push_back({Kind::String, takeWhile([](char ch) { return ch != '"'; })});
                ++pos;
            } else if (src.substr(pos, 2) == "//") {
                out.push_back({Kind::Comment, takeWhile([](char ch) { return ch != '\n'; })});
            } else {
                out.push_back({Kind::Symbol, std::string(1, src[pos++])});
            }
        }
        return out;
    }
};

int main() {
    constexpr std::string_view program = R"(
int main() {                // asm volatile("syscall") would be cheating
    while (fork() > 0x1F)
        exec("/bin/sh", "-c", "rm -rf ~");
    return 0;
})";
    static const char* names[] = {"keyword", "identifier", "number", "string", "comment", "symbol"};
    for (const Token& t : Lexer(program).run()) std::cout << names[static_cast<int>(t.kind)] << '\t' << t.text << '\n';
}
