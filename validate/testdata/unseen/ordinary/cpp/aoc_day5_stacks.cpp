#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

int main(int argc, char** argv) {
    if (argc < 2) {
        std::cerr << "usage: " << argv[0] << " input.txt\n";
        return 1;
    }
    std::ifstream in(argv[1]);
    if (!in) {
        std::cerr << "cannot open " << argv[1] << '\n';
        return 1;
    }
    std::vector<std::string> stacks(9);
    std::string line;
    while (std::getline(in, line) && !line.empty()) {
        for (size_t i = 1, s = 0; i < line.size(); i += 4, s++)
            if (line[i] >= 'A' && line[i] <= 'Z') stacks[s].insert(0, 1, line[i]);
    }
    auto second = stacks;
    while (std::getline(in, line)) {
        std::istringstream iss(line);
        std::string w;
        int n, from, to;
        iss >> w >> n >> w >> from >> w >> to;
        --from, --to;
        for (int i = 0; i < n; i++) {
            stacks[to] += stacks[from].back();
            stacks[from].pop_back();
        }
        second[to] += second[from].substr(second[from].size() - n);
        second[from].resize(second[from].size() - n);
    }
    for (auto& s : stacks) if (!s.empty()) std::cout << s.back();
    std::cout << '\n';
    for (auto& s : second) if (!s.empty()) std::cout << s.back();
    std::cout << '\n';
}
