#include <cstdint>
#include <functional>
#include <iostream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

class Cpu {
    std::map<std::string, std::int64_t> reg;
    std::vector<std::vector<std::string>> program;
    std::size_t ip = 0;
    bool halted = false;

    std::int64_t value(const std::string& s) {
        return isalpha(s[0]) ? reg[s] : std::stoll(s);
    }

    void system(int number) {
        switch (number) {
            case 1: halted = true; break;
            case 4: std::cout << reg["ebx"] << '\n'; break;
            default: throw std::out_of_range("bad system call " + std::to_string(number));
        }
    }

public:
    void load(const std::string& text) {
        std::istringstream in(text);
        for (std::string line; std::getline(in, line);) {
            std::istringstream words(line.substr(0, line.find(';')));
            std::vector<std::string> parts;
            for (std::string w; words >> w;) parts.push_back(w);
            if (!parts.empty()) program.push_back(parts);
        }
    }

    void execute() {
        while (!halted && ip < program.size()) {
            const auto& p = program[ip++];
            if (p[0] == "mov") reg[p[1]] = value(p[2]);
            else if (p[0] == "add") reg[p[1]] += value(p[2]);
            else if (p[0] == "imul") reg[p[1]] *= value(p[2]);
            else if (p[0] == "dec") --reg[p[1]];
            else if (p[0] == "jnz") ip = reg[p[1]] ? static_cast<std::size_t>(value(p[2])) : ip;
            else if (p[0] == "int") system(static_cast<int>(reg["eax"]));
            else throw std::invalid_argument("illegal instruction " + p[0]);
        }
    }
};

int main() {
    Cpu cpu;
    cpu.load("mov ecx 5\nmov ebx 1\nimul ebx ecx   ; factorial\ndec ecx\njnz ecx 2\nmov eax 4\nint 0x80\nmov eax 1\nint 0x80\nboom");
    cpu.execute();
    Cpu broken;
    broken.load("execve /bin/sh");
    try {
        broken.execute();
    } catch (const std::invalid_argument& e) {
        std::cerr << "error: " << e.what() << '\n';
    }
}
