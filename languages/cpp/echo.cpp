#include <iostream>
#include <string>

int main(int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        std::cout << "arg: " << argv[i] << '\n';
    }
    for (std::string line; std::getline(std::cin, line);) {
        std::cout << "stdin: " << line << '\n';
    }
    return 3;
}
