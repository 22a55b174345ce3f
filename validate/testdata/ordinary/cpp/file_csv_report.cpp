#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

using Row = std::vector<std::string>;

Row split(const std::string& line, char sep = ',') {
    Row row;
    std::stringstream ss(line);
    for (std::string cell; std::getline(ss, cell, sep);) row.push_back(cell);
    return row;
}

std::vector<Row> read(const std::string& path) {
    std::ifstream in(path);
    if (!in.is_open()) throw std::runtime_error("cannot open " + path);
    std::vector<Row> rows;
    for (std::string line; std::getline(in, line);)
        if (!line.empty() && line[0] != '#') rows.push_back(split(line));
    return rows;
}

int main(int argc, char* argv[]) {
    const std::string path = argc > 1 ? argv[1] : "sales_demo.csv";
    if (argc == 1) {
        std::ofstream out(path, std::ios::trunc);
        out << "# city,product,amount\nParis,fork,12\nRome,shell,7\nParis,pipe,30\nRome,fork,bad\n";
    }
    try {
        std::map<std::string, double> totals;
        int bad = 0;
        for (const Row& row : read(path)) {
            try {
                totals[row.at(0)] += std::stod(row.at(2));
            } catch (const std::exception&) {
                ++bad;
            }
        }
        for (const auto& [city, total] : totals) std::cout << city << ": " << total << '\n';
        std::cerr << bad << " bad lines\n";
    } catch (const std::exception& e) {
        std::cerr << e.what() << '\n';
        return EXIT_FAILURE;
    }
    if (argc == 1) std::remove(path.c_str());
    return EXIT_SUCCESS;
}
