#include <functional>
#include <iostream>
#include <map>
#include <set>
#include <sstream>
#include <string>

struct Room {
    std::string description;
    std::map<std::string, std::string> exits;
    std::set<std::string> items;
};

class Game {
    std::map<std::string, Room> rooms{
        {"shell", {"You stand inside a giant shell.", {{"out", "beach"}}, {"pearl"}}},
        {"beach", {"A sandy beach. A fork in the road leads north.", {{"in", "shell"}, {"north", "system"}}, {}}},
        {"system", {"The control room of an old system. It hums.", {{"south", "beach"}}, {"socket", "pipe"}}},
    };
    std::string here = "shell";
    std::set<std::string> bag;
    bool running = true;
    std::map<std::string, std::function<void(const std::string&)>> commands;

public:
    Game() {
        commands["go"] = [this](const std::string& where) {
            auto& exits = rooms[here].exits;
            if (auto it = exits.find(where); it != exits.end()) here = it->second, look();
            else std::cout << "No way " << where << ".\n";
        };
        commands["take"] = [this](const std::string& what) {
            std::cout << (rooms[here].items.erase(what) ? (bag.insert(what), "Taken.\n") : "Not here.\n");
        };
        commands["kill"] = [](const std::string& what) { std::cout << "You can't kill the " << what << ".\n"; };
        commands["quit"] = [this](const std::string&) { running = false; };
    }

    void look() const {
        const Room& room = rooms.at(here);
        std::cout << room.description << '\n';
        for (const auto& item : room.items) std::cout << "  " << item << '\n';
    }

    void exec(const std::string& line) {
        std::istringstream words(line);
        std::string verb, noun;
        words >> verb >> noun;
        auto it = commands.find(verb);
        if (it == commands.end()) std::cout << "Pardon?\n";
        else it->second(noun);
    }

    void run() {
        look();
        for (std::string line; running && std::cout << "> " && std::getline(std::cin, line);) exec(line);
    }
};

int main() { Game().run(); }
